"""The trackers samestep reads, each opened late, by the name before a source's colon."""

import re
from collections.abc import Mapping

from samestep.errors import BadArgument, NotReadable
from samestep.model import RunRef, Source
from samestep.readers.base import Reader
from samestep.readers.places import directory_of, place_of, without_credentials
from samestep.readers.tracker import Tracker, always_a_path
from samestep.readers.tree import Directory
from samestep.settings import Project

NEPTUNE_FILE = re.compile(r".+_part_\d+\.parquet|run_operations\.sqlite3|data-\d+\.log")
"""A part of an export, or what a client keeps in `.neptune`."""


def _wandb(source: Source, project: Project) -> Reader:
    from samestep.readers import wandb

    return wandb.opened(source, project)


def _wandb_path(location: str) -> bool:
    from samestep.readers import wandb

    return wandb.is_path(location)


def _neptune(source: Source, project: Project) -> Reader:
    from samestep.readers import neptune

    return neptune.opened(source, project)


def _neptune_path(location: str) -> bool:
    from samestep.readers import neptune

    return neptune.is_path(location)


def _holds_neptune(directory: Directory) -> bool:
    if not any(map(NEPTUNE_FILE.fullmatch, directory.files)):
        return False
    from samestep.readers import neptune

    return neptune.holds_runs(directory.path)


def _mlflow(source: Source, project: Project) -> Reader:
    from samestep.readers import mlflow

    return mlflow.opened(source, project)


def _mlflow_path(location: str) -> bool:
    from samestep.readers import mlflow

    return mlflow.is_path(location)


def _tensorboard(source: Source, project: Project) -> Reader:
    from samestep.readers.tensorboard import TensorBoardReader

    return TensorBoardReader(source, directory_of(source, project), project.roots)


def _is_run_directory(directory: Directory) -> bool:
    from samestep.readers.tensorboard import is_run_directory

    return is_run_directory(directory)


def _files(source: Source, project: Project) -> Reader:
    from samestep.readers.files import FilesReader

    return FilesReader(source, directory_of(source, project), project.roots)


def _holds_logs(directory: Directory) -> bool:
    from samestep.readers.files import holds_runs

    return holds_runs(directory)


def _memory(source: Source, _project: Project) -> Reader:
    from samestep.readers.memory import MemoryReader, held

    if source.location not in held():
        raise NotReadable(
            str(source),
            "nothing is held in memory under that name",
            f"Held are {held()!r}; samestep.remember(name, runs) holds more.",
        )
    return MemoryReader(source)


TRACKERS: Mapping[str, Tracker] = {
    "wandb": Tracker(_wandb, is_path=_wandb_path),
    "neptune": Tracker(_neptune, _holds_neptune, _neptune_path),
    "mlflow": Tracker(_mlflow, is_path=_mlflow_path),
    "tensorboard": Tracker(_tensorboard, _is_run_directory, always_a_path),
    "files": Tracker(_files, _holds_logs, always_a_path),
    "memory": Tracker(_memory),
}
"""The trackers samestep itself reads, in the protocol's order."""


def tracker_named(name: str, asked: str) -> Tracker:
    """Return a tracker by its name; an installed package's only if samestep has none of it.

    Args:
        name: The tracker's name.
        asked: What the caller wrote, for the refusal.

    Raises:
        BadArgument: There is no such tracker.
        NotReadable: An installed package names it, and it cannot be loaded.
    """
    if name in TRACKERS:
        return TRACKERS[name]
    from samestep.readers.added import added

    theirs, passed_over = added(TRACKERS)
    if name not in theirs:
        known = f"one of the trackers {', '.join([*TRACKERS, *theirs])}"
        raise BadArgument("source", asked, "; ".join([known, *passed_over]))
    return theirs[name].tracker()


def is_tracker(name: str) -> bool:
    """Return whether samestep or an installed package reads a tracker of that name."""
    if name in TRACKERS:
        return True
    from samestep.readers.added import added

    return name in added(TRACKERS)[0]


def open_reader(source: Source, project: Project) -> Reader:
    """Open a source's reader.

    Raises:
        BadArgument: samestep knows no such tracker.
        NotReadable: The tracker is known, and this source of it cannot be read.
        NoSuchPath: A local source's directory is not there.
    """
    return tracker_named(source.tracker, str(source)).open(source, project)


def identity(ref: RunRef, project: Project) -> str:
    """Return a text that is equal for every reference to the same run."""
    tracker = ref.source.tracker
    if not tracker_named(tracker, str(ref)).is_path(ref.source.location):
        return str(RunRef(Source(tracker, without_credentials(ref.source.location)), ref.id))
    place = place_of(ref.source, project)
    # Event files and the tables beside them are one run, whichever reader is asked.
    if tracker in {"tensorboard", "files"}:
        return str((place / ref.id).resolve())
    return str(RunRef(Source(tracker, place.as_posix()), ref.id))
