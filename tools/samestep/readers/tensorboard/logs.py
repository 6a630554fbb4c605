"""The event files of one directory as one log, in the order they were written."""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.event_files import EventFile, Peek, Points, SessionStart, peek, read_events
from samestep.formats.summary_metadata import Setting
from samestep.readers.tree import Directory

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

MOST_KEPT = 64
"""Parsed files kept, so that the next question about the same files does not parse them again."""

_WRITTEN_AT = re.compile(r"tfevents\.(\d+)")
_CONTENTS = {
    "empty": "is empty",
    "header only": "holds only its header",
    "not an event file": "is not an event file",
}


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """What the event files of one directory say together."""

    points: Mapping[str, Points]
    """Each tag's points; the rows of a later file are numbered on."""
    starts: tuple[SessionStart, ...]
    hparams: Mapping[str, Setting]
    texts: Mapping[str, str]
    plugins: Mapping[str, str]
    losses: tuple[str, ...]
    """One sentence for everything that could not be read."""
    without_events: tuple[str, ...]
    """Each file that holds no events, with the reason."""
    has_events: bool


def is_event_file(name: str) -> bool:
    """Return whether a file name is that of an event file."""
    return "tfevents" in name


def event_files(directory: Directory) -> tuple[str, ...]:
    """Return the names of a directory's event files in the order they were begun."""
    names = filter(is_event_file, directory.files)
    return tuple(sorted(names, key=lambda name: (written_at(name) or 0, name)))


def written_at(name: str) -> int | None:
    """Return when an event file was begun, in seconds since 1970, as its name has it."""
    found = _WRITTEN_AT.search(name)
    return int(found[1]) if found else None


def look(directory: Directory) -> Peek:
    """Show the beginning of a directory's first file with events."""
    seen = Peek("empty", ())
    for name in event_files(directory):
        try:
            seen = _peek(directory.path / name)
        except OSError:
            continue
        if seen.content == "events":
            break
    return seen


def without_events(directory: Directory) -> tuple[str, ...]:
    """Return each event file that begins without events, with the reason."""
    reasons: list[str] = []
    for name in event_files(directory):
        try:
            seen = _peek(directory.path / name)
        except OSError as error:
            reasons.append(_not_opened(name, error))
            continue
        reasons.extend(_empty_handed(name, seen.content))
    return tuple(reasons)


def read_log(directory: Directory) -> Log:
    """Read every event file of a directory."""
    files: list[EventFile] = []
    losses: list[str] = []
    reasons: list[str] = []
    for name in event_files(directory):
        try:
            file = _read(directory.path / name)
        except OSError as error:
            reasons.append(_not_opened(name, error))
            losses.append(f"{reasons[-1]}.")
            continue
        files.append(file)
        losses.extend(file.damage.sentences(name))
        reasons.extend(_empty_handed(name, file.content))
    return _joined(files, tuple(losses), tuple(reasons))


def in_order_of_writing(logs: Sequence[Log]) -> list[Log]:
    """Number the rows of logs that were written side by side by the time they were written.

    Within a log the order of its rows stands, whatever its clock says.
    """
    if len(logs) == 1:
        return list(logs)
    rows_and_times = [_rows_and_times(log) for log in logs]
    writers = np.repeat(np.arange(len(logs)), [len(rows) for rows, _ in rows_and_times])
    rows = np.concatenate([rows for rows, _ in rows_and_times])
    times = np.concatenate([np.fmax.accumulate(times) for _, times in rows_and_times])
    numbers = np.empty(len(rows), np.int64)
    numbers[np.lexsort((rows, writers, times))] = np.arange(len(rows))
    return [
        _renumbered(log, rows[writers == writer], numbers[writers == writer])
        for writer, log in enumerate(logs)
    ]


def concatenated(segments: Sequence[Points]) -> Points:
    """Return the points of one tag that several files hold, in their order."""
    return Points(
        steps=np.concatenate([segment.steps for segment in segments]),
        values=np.concatenate([segment.values for segment in segments]),
        times=np.concatenate([segment.times for segment in segments]),
        rows=np.concatenate([segment.rows for segment in segments]),
    )


def _peek(path: Path) -> Peek:
    _regular(path)
    return peek(path)


def _read(path: Path) -> EventFile:
    status = _regular(path)
    return _parsed(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=MOST_KEPT)
def _parsed(path: Path, _size: int, _modified: int) -> EventFile:
    return read_events(path)


def _regular(path: Path) -> os.stat_result:
    """Return a file's status; opening a pipe would wait for its writer."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "not a regular file")
    return status


def _not_opened(name: str, error: OSError) -> str:
    return f"{name} could not be read ({error.strerror})"


def _empty_handed(name: str, content: str) -> list[str]:
    return [f"{name} {_CONTENTS[content]}"] if content in _CONTENTS else []


def _joined(files: Sequence[EventFile], losses: tuple[str, ...], reasons: tuple[str, ...]) -> Log:
    """Join files in the order they were begun."""
    first_rows = np.cumsum([0, *(file.records for file in files)]).tolist()
    parts: defaultdict[str, list[Points]] = defaultdict(list)
    starts: list[SessionStart] = []
    for file, first in zip(files, first_rows, strict=False):
        for tag, points in file.scalars.items():
            parts[tag].append(replace(points, rows=points.rows + first))
        starts.extend(replace(start, row=start.row + first) for start in file.starts)
    return Log(
        points={tag: concatenated(segments) for tag, segments in parts.items()},
        starts=tuple(starts),
        hparams={name: value for file in files for name, value in file.hparams.items()},
        texts={tag: text for file in files for tag, text in file.texts.items()},
        plugins={tag: plugin for file in files for tag, plugin in file.plugins.items()},
        losses=losses,
        without_events=reasons,
        has_events=any(file.content == "events" for file in files),
    )


def _rows_and_times(log: Log) -> "tuple[Integers, Floats]":
    """Return the rows that hold points or starts, ascending, and when each was written."""
    rows = np.array([start.row for start in log.starts], np.int64)
    times = np.array([start.time for start in log.starts], np.float64)
    points = log.points.values()
    rows, first = np.unique(
        np.concatenate([rows, *(part.rows for part in points)]), return_index=True
    )
    return rows, np.concatenate([times, *(part.times for part in points)])[first]


def _renumbered(log: Log, rows: "Integers", numbers: "Integers") -> Log:
    """Give every row its new number."""
    return replace(
        log,
        points={
            tag: replace(part, rows=numbers[np.searchsorted(rows, part.rows)])
            for tag, part in log.points.items()
        },
        starts=tuple(
            replace(start, row=int(numbers[np.searchsorted(rows, start.row)]))
            for start in log.starts
        ),
    )
