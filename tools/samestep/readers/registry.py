"""The trackers samestep knows, each opened late, by the name before a source's colon."""

from collections.abc import Callable
from dataclasses import dataclass

from samestep.errors import BadArgument, NotReadable
from samestep.model import RunRef, Source
from samestep.readers.base import Reader
from samestep.settings import Project

Opener = Callable[[Source, Project], Reader]


@dataclass(frozen=True, slots=True)
class Tracker:
    """One tracker: how it is opened, or why it cannot be."""

    name: str
    open: Opener | None
    why_not: str = ""


def _tensorboard(source: Source, project: Project) -> Reader:
    from samestep.readers.tensorboard import TensorBoardReader

    return TensorBoardReader(source, _directory(source, project), project.roots)


def _files(source: Source, project: Project) -> Reader:
    from samestep.readers.files import FilesReader

    return FilesReader(source, _directory(source, project), project.roots)


def _memory(source: Source, _project: Project) -> Reader:
    from samestep.readers.memory import MemoryReader, held

    if source.location not in held():
        raise NotReadable(
            str(source),
            "nothing is held in memory under that name",
            f"Held are {held()!r}; samestep.remember(name, runs) holds more.",
        )
    return MemoryReader(source)


_LATER = "this version of samestep reads tensorboard and files, not yet this tracker"
TRACKERS: dict[str, Tracker] = {
    tracker.name: tracker
    for tracker in (
        Tracker("wandb", None, _LATER),
        Tracker("neptune", None, _LATER),
        Tracker("mlflow", None, _LATER),
        Tracker("tensorboard", _tensorboard),
        Tracker("files", _files),
        Tracker("memory", _memory),
    )
}
"""Every tracker, in the protocol's order."""
LOCAL = ("tensorboard", "files")
"""Trackers whose sources are directories."""


def open_reader(source: Source, project: Project) -> Reader:
    """Open a source's reader.

    Raises:
        BadArgument: samestep knows no such tracker.
        NotReadable: The tracker is known, and this source of it cannot be read.
        NoSuchPath: A local source's directory is not there.
    """
    tracker = TRACKERS.get(source.tracker)
    if tracker is None:
        raise BadArgument("source", str(source), f"one of the trackers {', '.join(TRACKERS)}")
    if tracker.open is None:
        raise NotReadable(
            str(source), tracker.why_not, "detect_tracker lists the sources that can be read."
        )
    return tracker.open(source, project)


def identity(ref: RunRef, project: Project) -> str:
    """Return a text that is equal for every reference to the same run."""
    if ref.source.tracker not in LOCAL:
        return str(ref)
    # Event files and the tables beside them are one run, whichever reader is asked.
    return str((project.path(ref.source.location) / ref.id).resolve())


def _directory(source: Source, project: Project):
    path = project.path(source.location)
    if not path.is_dir():
        above = project.location(path.parent)
        raise NotReadable(
            str(source),
            "it is a file, and a source is a directory",
            f"The directory is {source.tracker}:{above}; list_runs names the runs in it.",
        )
    return path
