"""Runs in files, before their histories are read."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samestep.formats.neptune.databases import DATABASE_NAME
from samestep.formats.neptune.exports import PART_NAME
from samestep.formats.neptune.held import Held
from samestep.formats.neptune.offline import LOG_NAME
from samestep.formats.neptune.parquet import NotParquet
from samestep.formats.neptune.regular import why

BROKEN = (OSError, sqlite3.Error, NotParquet)
"""What the formats raise for a file that cannot be read."""
DEEPEST = 4
MOST_LOOKED_AT = 2_000  # entries, in a look that must be cheap


@dataclass(frozen=True, slots=True)
class Stored:
    """One run in one of the local forms."""

    run_id: str
    project: str
    """Its project, such as `workspace/project`; "" where the form does not name one."""
    name: str | None
    started: datetime | None
    where: str
    """The directory or the files it is in, as seen from the location."""
    how: str
    """What is read, in a few words."""
    read: Callable[[], Held]
    """Reads it; raises one of `BROKEN` where nothing of it can be read."""
    append_only: bool = True
    """Whether the form keeps the order of writing."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a directory that looks like a run and cannot be read."""

    where: str
    why: str


Found = tuple[list[Stored], list[Lost]]


def reason(error: Exception) -> str:
    """Return why a file cannot be read, as a clause."""
    return why(error) if isinstance(error, OSError) else str(error).rstrip(".")


def is_stored(names: Sequence[str]) -> bool:
    """Return whether the files of a directory are those of a run."""
    return any(
        name == DATABASE_NAME or LOG_NAME.fullmatch(name) or PART_NAME.fullmatch(name)
        for name in names
    )


def may_hold(directory: Path) -> bool:
    """Return whether a directory, or one a few levels below, has files of runs; a cheap look."""
    waiting, looked = [(directory, 0)], 0
    while waiting and looked < MOST_LOOKED_AT:
        path, depth = waiting.pop(0)
        try:
            with os.scandir(path) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        looked += len(found)
        if is_stored([entry.name for entry in found]):
            return True
        if depth < DEEPEST:
            waiting.extend((Path(entry.path), depth + 1) for entry in found if entry.is_dir())
    return False
