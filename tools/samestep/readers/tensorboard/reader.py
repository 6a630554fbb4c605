"""TensorBoard: a directory of event files is a run, with the subdirectories its writer gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import Listing, Run, RunHead, RunRef, Source, Unreadable
from samestep.readers.facts import epoch_length, planned_length, seed_of
from samestep.readers.sidecars import config_beside
from samestep.readers.tensorboard.config import logged_config
from samestep.readers.tensorboard.folds import Branch, gather
from samestep.readers.tensorboard.history import history
from samestep.readers.tensorboard.logs import (
    event_files,
    in_order_of_writing,
    is_event_file,
    look,
    read_log,
    without_events,
    written_at,
)
from samestep.readers.tree import Directory, passed_over, unnamable, walk

_SENSIBLE_TIMES = range(946_684_800, 4_102_444_800)  # the years 2000 to 2099
_MOST_REASONS = 3

Branches = tuple[Branch, ...]


def is_run_directory(directory: Directory) -> bool:
    """Return whether a directory holds event files."""
    return any(map(is_event_file, directory.files))


class TensorBoardReader:
    """Reads the runs below one directory."""

    def __init__(
        self, source: Source, directory: Path, within: Sequence[Path] | None = None
    ) -> None:
        self.source = source
        self._directory = directory
        self._within = within

    def list(self) -> Listing:
        """Return the runs by the beginnings of their event files."""
        runs = self._runs
        directories, losses = self._walked
        why_not = {run_id: _why_not(branches) for run_id, branches in sorted(runs.items())}
        return Listing(
            tuple(self._head(run_id, runs) for run_id, why in why_not.items() if not why),
            (
                *(Unreadable(self._reference(run), why) for run, why in why_not.items() if why),
                *unnamable(directories, self.source),
            ),
            passed_over(self.source, losses),
        )

    def read(self, run_id: str) -> Run:
        """Return one run, every point in the order it was written."""
        runs = self._runs
        if run_id not in runs:
            raise NoSuchRun(run_id, sorted(runs), str(self.source))
        branches, path = runs[run_id], self._directory / run_id
        logs = in_order_of_writing([read_log(branch.directory) for branch in branches])
        if not any(log.has_events for log in logs):
            why = _listed([reason for log in logs for reason in log.without_events])
            instead = "list_runs names the runs that can be read."
            raise NotReadable(self._reference(run_id), why, instead)
        beside, lost_beside = config_beside(path, self._within)
        logged, lost_logged = logged_config(logs)
        config = {**beside, **logged}
        parts = list(zip(branches, logs, strict=True))
        logged_over_time = history(path, parts, (*lost_logged, *lost_beside))
        per_epoch = epoch_length(config, logged_over_time.metrics)
        return Run(
            self._head(run_id, runs),
            replace(logged_over_time, steps_per_epoch=per_epoch),
            seed=seed_of(config),
            config=config,
            planned=planned_length(config),
        )

    @cached_property
    def _walked(self) -> tuple[Sequence[Directory], tuple[str, ...]]:
        """Every directory below the location, walked once for as long as a question takes.

        Beside them stands what the walk passed over.
        """
        walked = walk(self._directory, self._within)
        return list(walked), walked.losses

    @cached_property
    def _runs(self) -> Mapping[str, Branches]:
        return gather(filter(is_run_directory, self._walked[0]), cache(look))

    def _reference(self, run_id: str) -> str:
        return str(RunRef(self.source, run_id))

    def _head(self, run_id: str, runs: Mapping[str, Branches]) -> RunHead:
        name = self._full_name(run_id, runs)
        return RunHead(RunRef(self.source, run_id), name, _started(runs[run_id]))

    def _full_name(self, run_id: str, runs: Mapping[str, Branches]) -> str:
        """Return the run's path; for the location itself, the name of its directory."""
        if run_id != ".":
            return run_id
        name = self._directory.resolve().name
        return f"{name} {run_id}" if name in runs else name or run_id


def _why_not(branches: Branches) -> str:
    """Return why a run cannot be read; "" when one of its files begins with events."""
    if any(look(branch.directory).content == "events" for branch in branches):
        return ""
    return _listed([why for branch in branches for why in without_events(branch.directory)])


def _listed(reasons: Sequence[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return "; ".join([*reasons[:_MOST_REASONS], *([f"and {more} more files"] if more > 0 else [])])


def _started(branches: Branches) -> datetime | None:
    """Return the smallest time in the names of a run's event files."""
    names = (name for branch in branches for name in event_files(branch.directory))
    times = [time for time in map(written_at, names) if time is not None]
    sensible = [time for time in times if time in _SENSIBLE_TIMES]
    return datetime.fromtimestamp(min(sensible), UTC) if sensible else None
