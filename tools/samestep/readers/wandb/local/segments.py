"""Which logs are one run: a run that is resumed writes another one, in another directory."""

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from samestep.formats.wandb_log import (
    Content,
    Log,
    Peek,
    RunFacts,
    condition,
    peek,
    read_log,
)
from samestep.readers.wandb.local.beside import resumed_at
from samestep.readers.wandb.local.directories import RunDirectory

MOST_KEPT = 16
"""Logs kept, so that the next question about the same runs does not decode them again."""

_WHY = {
    "empty": "is empty",
    # Of 0.31 a run that was just started; before, W&B wrote only whole blocks of 32 KiB.
    "header only": "holds only its header yet: W&B writes rows some time later, or at the end",
    "not a W&B log": "is no log of W&B's",
    "another version": "is a log of a version that is not known",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """What one start of a run wrote, by the beginning of its log."""

    directory: RunDirectory
    peek: Peek
    why_not: str
    """Why it cannot be read; empty where it can."""

    @property
    def run_id(self) -> str:
        """The run's id: as the log says it, else as its name does."""
        return (self.facts.id if self.facts else "") or self.directory.run_id

    @property
    def facts(self) -> RunFacts | None:
        """What the log says of the run at its beginning."""
        return self.peek.run

    @property
    def started(self) -> float | None:
        """When it was started, in seconds since 1970."""
        return self.facts.started if self.facts else None


Segments = tuple[Segment, ...]


def segment(directory: RunDirectory) -> Segment:
    """Look at the beginning of a directory's log."""
    if directory.log is None:
        has_more = "; its summary and config are no history" if directory.beside else ""
        return Segment(directory, Peek("empty"), f"{directory.path.name} has no log{has_more}")
    try:
        _regular(directory.log)
        seen = peek(directory.log)
    except OSError as error:
        return Segment(directory, Peek("empty"), _not_opened(directory, error))
    return Segment(directory, seen, _why_not(directory, seen.content))


def by_run(segments: Iterable[Segment]) -> Mapping[str, Segments]:
    """Return the segments of each run by its id, in the order they were started.

    Ids are unique in a project; where one directory holds a run of one id from two projects, the
    project stands before the id.
    """
    of_id: defaultdict[str, list[Segment]] = defaultdict(list)
    for one in segments:
        of_id[one.run_id].append(one)
    runs: dict[str, Segments] = {}
    for run_id, found in sorted(of_id.items()):
        projects = sorted({_project(one) for one in found})
        if len(set(projects) - {""}) <= 1:
            runs[run_id] = _in_order(found)
            continue
        for project in projects:
            name = f"{project}/{run_id}" if project else run_id
            runs[name] = _in_order(one for one in found if _project(one) == project)
    return runs


def read_segment(one: Segment) -> Log | str:
    """Return a segment's whole log, or why it cannot be read."""
    if one.why_not or one.directory.log is None:
        return one.why_not
    try:
        status = _regular(one.directory.log)
        log = _decoded(one.directory.log, status.st_size, status.st_mtime_ns)
    except OSError as error:
        return _not_opened(one.directory, error)
    return _why_not(one.directory, log.content) or log


def are_whole(segments: Segments) -> bool:
    """Return whether nothing of a run is missing from its segments, which are in order."""
    if any(one.why_not or one.directory.log is None for one in segments):
        return False
    first = segments[0]
    facts = first.facts
    if facts is None or facts.fork or facts.starting_step or resumed_at(first.directory):
        return False
    try:
        found = [condition(one.directory.log) for one in segments if one.directory.log]
    except OSError:
        return False
    return all(one.is_undamaged for one in found) and found[-1].has_exit


@lru_cache(maxsize=MOST_KEPT)
def _decoded(path: Path, _size: int, _modified: int) -> Log:
    return read_log(path)


def _in_order(segments: Iterable[Segment]) -> Segments:
    """Sort segments by their start, or by their names where one of them does not say it."""
    by_name = sorted(segments, key=lambda one: (one.directory.begun, one.directory.path.name))
    if any(one.started is None for one in by_name):
        return tuple(by_name)
    return tuple(sorted(by_name, key=lambda one: one.started or 0.0))


def _project(one: Segment) -> str:
    return one.facts.project if one.facts else ""


def _why_not(directory: RunDirectory, content: Content) -> str:
    return f"{directory.log_name} {_WHY[content]}" if content in _WHY else ""


def _regular(path: Path) -> os.stat_result:
    """Return a file's status; opening a pipe would wait for its writer."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "not a regular file")
    return status


def _not_opened(directory: RunDirectory, error: OSError) -> str:
    return f"{directory.log_name} could not be read ({error.strerror})"
