"""The sections of one run in a pull, and what they leave out."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from samestep.analysis.axis import RunAxis
from samestep.analysis.comparable.shown import shown
from samestep.analysis.comparable.topics import ASIDE, topic_of
from samestep.analysis.configs import LONGEST_TEXT, flat
from samestep.analysis.naming import SYSTEM
from samestep.analysis.safe_values import Setting as Value
from samestep.analysis.table import Table, sampled, statistics
from samestep.answers.answer import Caveat
from samestep.answers.history import Rows, SchemaRow, Setting, StatsRow
from samestep.answers.pull import ComparedSummary, LeftOut, PulledRun, Section, SummaryValue
from samestep.model import Run
from samestep.questions.history_records import X_AND_STEP, axis_of, numbers, schema_row, stats_row
from samestep.questions.sides import KnownSide

SHOW_ALL = "--show-all"
SELECT = f"--select REGEX, {SHOW_ALL}"
MOST_KEYS = 12

OfMetric = TypeVar("OfMetric", SummaryValue, ComparedSummary)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of every run."""

    include: tuple[Section, ...]
    select: Sequence[str] | None
    where: str | None
    derive: Mapping[str, str]
    x: str

    @property
    def needs_rows(self) -> bool:
        """Whether rows are looked at."""
        return bool({"history", "stats"} & set(self.include))

    def telling(self, values: Sequence[OfMetric], room: "Room") -> list[OfMetric]:
        """Return values but those that measure the machine, which only a selection asks for."""
        if room.machine or self.select is not None:
            return list(values)
        kept = [one for one in values if not one.metric.startswith(SYSTEM)]
        return kept or list(values)


@dataclass(frozen=True, slots=True)
class Room:
    """How many entries of a section one run has room for."""

    rows: int = sys.maxsize
    columns: int = sys.maxsize
    settings: int = sys.maxsize
    metrics: int = sys.maxsize
    longest: int = sys.maxsize
    """Characters of a setting."""
    keys: int = sys.maxsize
    """Outermost keys of a checkpoint."""
    diff: bool = True
    """Whether there is room for what configs differ in."""
    machine: bool = True
    """Whether there is room for newest values that measure the machine."""

    @classmethod
    def of(cls, limit: int) -> "Room":
        """Return the room of an answer whose rows are at most so many."""
        columns = max(2, min(10, limit * 2 // 3))
        settings, metrics = max(8, 3 * limit), max(4, 2 * limit)
        some = cls(max(2, limit), columns, settings, metrics, LONGEST_TEXT, MOST_KEYS)
        return replace(some, diff=limit > 1, machine=False)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was asked of one run, before it is cut to fit."""

    side: KnownSide
    wish: Wish
    axis: RunAxis | None
    names: tuple[str, ...]
    """The metrics asked for, the most telling first."""
    table: Table | None
    """The rows the condition leaves, all columns; None where no rows are asked for."""
    summary: tuple[SummaryValue, ...]
    caveats: tuple[Caveat, ...]

    @property
    def run(self) -> Run:
        """The run."""
        return self.side.runs[0]

    @property
    def columns(self) -> list[str]:
        """The metrics asked for that have a place on the axis."""
        return [name for name in self.names if self.axis and name in self.axis.curves]

    def part(self, room: Room) -> tuple[PulledRun, list[LeftOut]]:
        """Return the sections asked for, as far as there is room, and what they leave out."""
        left: list[LeftOut] = []
        include = self.wish.include
        found = PulledRun(
            full_name=self.side.name,
            x=axis_of(self.axis),
            config=self._config(room, left) if "config" in include else None,
            summary=self._summary(room, left) if "summary" in include else None,
            history=self._history(room, left) if "history" in include else None,
            schema=self._schema(room, left) if "schema" in include else None,
            stats=self._stats(room, left) if "stats" in include else None,
        )
        return found, left

    def _left(self, section: Section, left: int, what: str, by: str) -> Iterator[LeftOut]:
        if left > 0:
            yield LeftOut(section=section.upper(), left=left, what=what, shown_by=by)

    def _config(self, room: Room, left: list[LeftOut]) -> list[Setting]:
        settings = flat(self.run.config)
        weighed = sorted(settings.items(), key=lambda one: topic_of(one[0]) in ASIDE)
        kept = weighed[: room.settings]
        left.extend(self._left("config", len(settings) - len(kept), "settings", SHOW_ALL))
        return [Setting(key=key, value=_bounded(value, room.longest)) for key, value in kept]

    def _summary(self, room: Room, left: list[LeftOut]) -> list[SummaryValue]:
        kept = self.wish.telling(self.summary, room)[: room.metrics]
        left.extend(self._left("summary", len(self.summary) - len(kept), "values", SELECT))
        return kept

    def _history(self, room: Room, left: list[LeftOut]) -> Rows | None:
        if self.table is None:
            return None
        names = self.columns
        left.extend(self._left("history", len(names) - room.columns, "metrics", SELECT))
        kept = self.table.only([*names[: room.columns], *self.wish.derive]).with_values()
        left.extend(self._left("history", len(kept) - room.rows, "rows", SHOW_ALL))
        return Rows(
            columns=[*X_AND_STEP, *kept.columns],
            rows=numbers(kept.at(sampled(kept, room.rows))),
            total=len(kept),
            sampled=len(kept) > room.rows,
        )

    def _schema(self, room: Room, left: list[LeftOut]) -> list[SchemaRow]:
        logged = self.run.history.metrics
        names = [name for name in self.names if name in logged]
        counters = [name for name in logged if name not in names]
        listed = names if self.wish.select else [*names, *counters]
        left.extend(self._left("schema", len(listed) - room.metrics, "metrics", SELECT))
        return [schema_row(self.run, self.axis, name) for name in listed[: room.metrics]]

    def _stats(self, room: Room, left: list[LeftOut]) -> list[StatsRow]:
        names = self.columns
        left.extend(self._left("stats", len(names) - room.metrics, "metrics", SELECT))
        if self.table is None:
            return []
        shown_names = [*names[: room.metrics], *self.wish.derive]
        return [stats_row(name, statistics(self.table, name)) for name in shown_names]


def _bounded(value: Value, longest: int) -> object:
    """Return a setting, a long list or table shortened."""
    if isinstance(value, str) or len(json.dumps(value, default=str)) <= longest:
        return value
    return shown(value, longest)
