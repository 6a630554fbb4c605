"""What samestep has to know of a tracker to read its runs."""

from collections.abc import Callable
from dataclasses import dataclass

from samestep.model import Source
from samestep.readers.base import Reader
from samestep.readers.tree import Directory
from samestep.settings import Project

Opener = Callable[[Source, Project], Reader]
Holds = Callable[[Directory], bool]


def never_a_path(_location: str) -> bool:
    """Return False: the tracker's locations are names."""
    return False


def always_a_path(_location: str) -> bool:
    """Return True: the tracker's locations are directories."""
    return True


@dataclass(frozen=True, slots=True)
class Tracker:
    """One tracker: how its sources are opened, and what they look like."""

    open: Opener
    """Opens the reader of a source; refuses one that cannot be read."""
    holds: Holds | None = None
    """Whether a directory holds runs of the tracker, by a cheap look; None where only its name
    leads to a source.

    It is asked about every directory of a project. The source is the directory right below the
    project's own that leads to those it says yes to.
    """
    is_path: Callable[[str], bool] = never_a_path
    """Whether a location is a path, so that two ways to write it are one place."""
