"""W&B's logs below one directory: those of one run, resumed or not, are read as one run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from samestep.errors import NoSuchRun, NotReadable
from samestep.formats.wandb_log import Log
from samestep.model import (
    Listing,
    ReadReport,
    Run,
    RunHead,
    RunRef,
    Source,
    Unreadable,
)
from samestep.readers.facts import epoch_length, planned_length, seed_of
from samestep.readers.tree import Directory, unnamable
from samestep.readers.wandb.local import record
from samestep.readers.wandb.local.beside import beside, resumed_at
from samestep.readers.wandb.local.directories import run_directories
from samestep.readers.wandb.local.history import history, no_numbers
from samestep.readers.wandb.local.rows import joined
from samestep.readers.wandb.local.segments import (
    Segment,
    Segments,
    are_whole,
    by_run,
    read_segment,
    segment,
)
from samestep.readers.wandb.names import full_names

NO_PROJECT = "uncategorized"
"""Where W&B puts a run that names no project."""
_MOST_REASONS = 3
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # the years 2000 to 2099


class LocalReader:
    """Reads the runs whose logs W&B keeps below one directory."""

    def __init__(
        self, source: Source, directory: Path, within: Sequence[Path] | None = None
    ) -> None:
        self.source = source
        self._directory = directory
        self._within = within

    def list(self) -> Listing:
        """Return the runs by the beginnings of their logs."""
        runs, around = self._runs
        why_not = {run_id: _why_not(segments) for run_id, segments in runs.items()}
        return Listing(
            tuple(self._head(run_id) for run_id, why in why_not.items() if not why),
            (
                *(Unreadable(self._reference(run), why) for run, why in why_not.items() if why),
                *unnamable([around] if around else [], self.source),
            ),
        )

    def read(self, run_id: str) -> Run:
        """Return one run, every row in the order it was written."""
        segments = self._runs[0].get(run_id)
        if segments is None:
            raise NoSuchRun(run_id, list(self._runs[0]), str(self.source))
        found = [(one, read_segment(one)) for one in segments]
        readable = [(one, log) for one, log in found if isinstance(log, Log)]
        if not readable:
            raise NotReadable(
                self._reference(run_id),
                _listed([why for _, why in found if isinstance(why, str)]),
                "list_runs names the runs that can be read.",
            )
        return self._run(run_id, readable, _losses(found), found[-1][1])

    def is_copy_of(self, run_id: str, ref: RunRef) -> bool:
        """Return whether a run on a server has the id, the project and the entity of this one.

        A run that was logged offline may not say its entity.
        """
        entity, _, project = ref.source.location.partition("/")
        facts = [one.facts for one in self._runs[0][run_id] if one.facts]
        return ref.source.tracker == self.source.tracker and any(
            (one.id, one.project or NO_PROJECT) == (ref.id, project) and one.entity in {"", entity}
            for one in facts
        )

    def is_whole(self, run_id: str) -> bool:
        """Return whether its logs are undamaged, begin with its first row and say how it ended."""
        return are_whole(self._runs[0][run_id])

    def _run(
        self,
        run_id: str,
        readable: Sequence[tuple[Segment, Log]],
        losses: tuple[str, ...],
        newest: Log | str,
    ) -> Run:
        logs = [log for _, log in readable]
        rows = joined(logs, [_resumed_at(*one) for one in readable])
        besides = [beside(one.directory) for one, _ in readable]
        config, lost = record.config(logs, besides)
        how = "W&B log" if len(logs) == 1 else f"{len(logs)} W&B logs"
        said = (
            *losses,
            *(loss for one in besides for loss in one.losses),
            *lost,
            *no_numbers(rows),
        )
        over_time = history(rows, ReadReport(how, said))
        facts = [log.run for log in logs if log.run]
        return Run(
            self._head(run_id),
            replace(over_time, steps_per_epoch=epoch_length(config, over_time.metrics)),
            state=record.state(newest if isinstance(newest, Log) else None),
            seed=seed_of(config),
            group=next((one.group for one in reversed(facts) if one.group), None),
            tags=facts[-1].tags if facts else (),
            config=config,
            finals=record.finals(logs, besides, rows.columns.keys() | rows.others.keys()),
            planned=planned_length(config),
            environment=record.environment(logs, besides),
            lineage=record.lineage(logs, besides),
        )

    @cached_property
    def _runs(self) -> tuple[Mapping[str, Segments], Directory | None]:
        """Every run by its id, looked up once for as long as a question takes."""
        directories, around = run_directories(self._directory, self._within)
        return by_run(map(segment, directories)), around

    @cached_property
    def _full_names(self) -> Mapping[str, str]:
        return full_names({run_id: _name(found) for run_id, found in self._runs[0].items()})

    def _reference(self, run_id: str) -> str:
        return str(RunRef(self.source, run_id))

    def _head(self, run_id: str) -> RunHead:
        started = _started(self._runs[0][run_id])
        return RunHead(RunRef(self.source, run_id), self._full_names[run_id], started)


def _name(segments: Segments) -> str:
    """Return the newest display name that a log says."""
    names = [one.facts.name for one in segments if one.facts and one.facts.name]
    return names[-1] if names else ""


def _started(segments: Segments) -> datetime | None:
    """Return when a run was started first."""
    times = [one.started for one in segments if one.started is not None]
    sensible = [time for time in times if _EARLIEST <= time < _LATEST]
    return datetime.fromtimestamp(min(sensible), UTC) if sensible else None


def _why_not(segments: Segments) -> str:
    """Return why a run cannot be read; "" when one of its logs begins with records."""
    if any(not one.why_not for one in segments):
        return ""
    return _listed([one.why_not for one in segments])


def _listed(reasons: Sequence[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return "; ".join([*reasons[:_MOST_REASONS], *([f"and {more} more logs"] if more > 0 else [])])


def _losses(found: Sequence[tuple[Segment, Log | str]]) -> tuple[str, ...]:
    """Say what could not be read of a run's logs."""
    losses: list[str] = []
    for one, log in found:
        if isinstance(log, str):
            losses.append(f"{log}.")
        else:
            losses.extend(log.damage.sentences(one.directory.log_name))
    losses.extend(_elsewhere(*found[0]))
    return tuple(losses)


def _elsewhere(first: Segment, log: Log | str) -> list[str]:
    """Say what a run's history lacks because another directory, or another run, holds it."""
    if isinstance(log, str):
        return []
    fork = log.run.fork if log.run else None
    if fork is not None:
        return [f"What stands before the fork at {fork.at} is in the run {fork.run}."]
    steps = _resumed_at(first, log)
    said = f"What was logged before step {steps}, where it was resumed, is not here."
    return [said] if steps else []


def _resumed_at(one: Segment, log: Log) -> int:
    """Return how many steps the run had when a log was begun, as W&B's server said."""
    return max(log.run.starting_step if log.run else 0, resumed_at(one.directory))
