"""The columns of a log, collected row by row and handed on as metrics."""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.local import axes
from samestep.formats.local.log import Log
from samestep.formats.local.several import RUN_COLUMNS, split
from samestep.formats.local.values import Cell
from samestep.model import EpochCounter, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

MOST_COLUMNS = 20_000
LIKE_A_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?\s*%?")
"""Text that a writer meant as a number: `50%`, `0,5`, a number in quotes."""
MOST_NAMED = 5  # columns named in one sentence
LONGEST_SETTING = 200  # characters; a longer text is a document, not a setting
EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0  # the years 2000 to 2100 in unix seconds
ROLE_COLUMNS = frozenset({"split", "mode", "phase", "subset"})
ROLES = frozenset({"train", "training", "val", "valid", "validation", "dev", "eval", "test"})


@dataclass(slots=True)
class _Numbers:
    values: "array[float]" = field(default_factory=lambda: array("d"))
    rows: "array[int]" = field(default_factory=lambda: array("q"))

    def placed(self, rows: int) -> "Floats":
        """Return the values by row, NaN where a row has none."""
        placed = np.full(rows, np.nan)
        placed[np.array(self.rows, dtype=np.int64)] = np.array(self.values)
        return placed


@dataclass(slots=True)
class _Texts:
    first: str
    cells: int = 0
    vary: bool = False
    by_row: dict[int, str] | None = None
    """Every text by its row, where the column may tell runs apart."""


class Columns:
    """The numbers and texts of a log, by column."""

    def __init__(self) -> None:
        self._numbers: dict[str, _Numbers] = {}
        self._texts: dict[str, _Texts] = {}
        self._rows = 0
        self._beyond = 0

    def add(self, cells: Iterable[tuple[str, Cell]]) -> None:
        """Add one row; the cells of a row share its number.

        A row that names its split, as `{"mode": "val", "loss": 0.3}` does, logs `val/loss`: the
        losses of two splits are never taken for one metric.
        """
        row = [(name, cell) for name, cell in cells if cell is not None]
        if not row:
            return
        role = next((f"{cell}/" for name, cell in row if _is_role(name, cell)), "")
        for name, cell in row:
            if isinstance(cell, str):
                self._add_text(name, cell)
            else:
                in_split = role and not (axes.is_axis(name) or _is_of_run(name))
                self._add_number(f"{role}{name}" if in_split else name, cell)
        self._rows += 1

    def log(
        self,
        how: str,
        config: Mapping[str, object],
        losses: Iterable[str],
        steps: Sequence[str] = (),
    ) -> Log:
        """Return what was collected; the first of `steps` that is a column places the rows."""
        preferred = next((name for name in steps if name in self._numbers), None)
        step = preferred or axes.step_name(self._numbers)
        times, time = self._times()
        placed = self._by_row(step)
        metrics = {
            name: _metric(name, numbers, placed, times)
            for name, numbers in self._numbers.items()
            if name not in (step, time) and not _is_seed(name)
        }
        epoch = axes.epoch_name(metrics)
        log = Log(
            how=how,
            metrics=metrics,
            epochs=EpochCounter(epoch, "unknown", f"{how} has a column {epoch!r}")
            if epoch
            else None,
            config={**config, **self._settings()},
            losses=(*losses, *self._losses()),
        )
        apart = self._apart()
        runs = split(log, apart)
        return replace(log, runs=runs, losses=(*log.losses, *_not_told_apart(apart)))

    def _add_number(self, name: str, value: float) -> None:
        numbers = self._numbers.get(name)
        if numbers is None:
            if len(self._numbers) >= MOST_COLUMNS:
                self._beyond += 1
                return
            numbers = self._numbers[name] = _Numbers()
        numbers.values.append(value)
        numbers.rows.append(self._rows)

    def _add_text(self, name: str, text: str) -> None:
        texts = self._texts.get(name)
        if texts is None:
            if len(self._texts) >= MOST_COLUMNS:
                return
            texts = self._texts[name] = _Texts(text, by_row={} if _is_of_run(name) else None)
        if texts.by_row is not None:
            texts.by_row[self._rows] = text[:LONGEST_SETTING]
        texts.cells += 1
        texts.vary = texts.vary or text != texts.first

    def _by_row(self, name: str | None) -> "Floats":
        if name is None:
            return np.full(self._rows, np.nan)
        placed = self._numbers[name].placed(self._rows)
        return np.where(np.isfinite(placed), placed, np.nan)

    def _times(self) -> "tuple[Floats | None, str | None]":
        """Return when each row was written, in seconds since 1970, and the column that says so."""
        for name in axes.time_names(self._numbers):
            times = self._by_row(name)
            known = times[~np.isnan(times)]
            for unit in (1.0, 1000.0):
                if len(known) and EARLIEST <= known.min() / unit <= known.max() / unit <= LATEST:
                    return times / unit, name
        return None, None

    def _settings(self) -> dict[str, object]:
        """Return the columns that say one thing about the whole run."""
        settings: dict[str, object] = {
            name: texts.first
            for name, texts in self._texts.items()
            if not (texts.vary or name in self._numbers or name in ROLE_COLUMNS)
            and len(texts.first) <= LONGEST_SETTING
        }
        for name, numbers in self._numbers.items():
            if _is_seed(name) and len(set(numbers.values)) == 1:
                seed = numbers.values[0]
                settings[name] = int(seed) if seed.is_integer() else seed
        return settings

    def _losses(self) -> Iterable[str]:
        mixed = [name for name in self._texts if name in self._numbers]
        if mixed:
            cells = sum(self._texts[name].cells for name in mixed)
            yield f"{cells} cells of text in columns of numbers were skipped ({named(mixed)})"
        like_numbers = [
            f"{name} ({texts.first!r})"
            for name, texts in self._texts.items()
            if texts.vary and name not in self._numbers and LIKE_A_NUMBER.fullmatch(texts.first)
        ]
        if like_numbers:
            yield f"columns of text that looks like numbers were not read: {named(like_numbers)}"
        if self._beyond:
            yield f"{self._beyond} cells of columns beyond the first {MOST_COLUMNS:,} were skipped"

    def _apart(self) -> dict[str, list[str]]:
        """Return the columns that may tell runs apart, row by row."""
        apart: dict[str, list[str]] = {}
        for name in filter(_is_of_run, dict.fromkeys((*self._numbers, *self._texts))):
            by_row = dict((self._texts[name].by_row or {}) if name in self._texts else {})
            if name in self._numbers:
                numbers = self._numbers[name]
                by_row |= {
                    row: _as_text(value)
                    for row, value in zip(numbers.rows, numbers.values, strict=True)
                }
            apart[name] = [by_row.get(row, "") for row in range(self._rows)]
        return apart


def named(names: list[str]) -> str:
    """Return the first of some column names, the rest counted."""
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"


def _not_told_apart(columns: Mapping[str, list[str]]) -> Iterable[str]:
    varying = [name for name, values in columns.items() if len(set(values)) > 1]
    if varying:
        yield (
            f"{named(varying)} changes from row to row: several runs share this file, "
            "and they are not told apart"
        )


def _as_text(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)


def _is_seed(name: str) -> bool:
    return name.lower() == "seed"


def _is_of_run(name: str) -> bool:
    return name.lower() in RUN_COLUMNS


def _is_role(name: str, cell: Cell) -> bool:
    return isinstance(cell, str) and name.lower() in ROLE_COLUMNS and cell.lower() in ROLES


def _metric(name: str, numbers: _Numbers, steps: "Floats", times: "Floats | None") -> Metric:
    rows: Integers = np.array(numbers.rows, dtype=np.int64)
    return Metric(
        name=name,
        steps=steps[rows],
        values=np.array(numbers.values, dtype=np.float64),
        rows=rows,
        times=None if times is None else times[rows],
    )
