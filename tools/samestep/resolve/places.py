"""The runs whose directories a path lies in."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from samestep.errors import NotReadable, SamestepError
from samestep.model import RunHead, RunRef, Source
from samestep.readers.base import Reader
from samestep.readers.detect.stores import stores
from samestep.readers.places import WANDB_RUN, location_of
from samestep.readers.registry import TRACKERS, identity, open_reader
from samestep.readers.tree import walk
from samestep.resolve.copies import Listed
from samestep.resolve.sources import ListedRuns, each_once, listed
from samestep.settings import Project

HIGHEST = 8  # levels above a path
SHORTEST_ID = 4  # characters; a directory of a shorter name may be anything
DIRECTORIES_OF_FILES = frozenset({"tensorboard", "files"})
"""Trackers whose run ids are paths."""
NAMED_AFTER_IDS = frozenset({"wandb", "mlflow", "neptune"})
"""Trackers that name a run's directory after its id; Lightning does it for their loggers too."""
TRAINER_STATE = "trainer_state.json"
CONTAINER = re.compile(
    r"(checkpoints?|ckpts?|models?|saved_models|weights|snapshots|best|last)([-_]\w+)?",
    re.IGNORECASE,
)
"""Names of directories that only hold checkpoints."""

Places = Sequence[tuple[Listed, Path | None]]
"""Runs, and where those lie whose ids are paths."""
Lying = tuple[list[Listed], str]
"""The runs a path may be of, and where it lies as a clause."""


def lying_in(path: Path, known: ListedRuns, project: Project) -> Lying | None:
    """Return the runs of the nearest directory above a path that is a run's, and where it lies.

    Outside the project directory the sources are looked for along the way up. Where no directory
    above is a run's, it may hold the directories of runs beside that of the checkpoints.
    """
    places: Places = [(one, _place(one[1].ref, project)) for one in known.runs]
    # W&B's `latest-run` is a link: the path as written says nothing of the run.
    ways = dict.fromkeys([path, path.resolve()])
    found = (_above_it(way, places, project) or _beside(way, places, project) for way in ways)
    return next(filter(None, found), None)


def _above_it(path: Path, places: Places, project: Project) -> Lying | None:
    """Return the runs of the nearest directory above that is a run's."""
    for directory in (*_above(path.parent, project), *([path] if path.is_dir() else [])):
        around = places
        if not directory.is_relative_to(project.directory):
            of_trainer = path.is_dir() and directory == path.parent
            here = _sources_at(directory, project, ["files"] if of_trainer else [])
            around = [*places, *((one, _place(one[1].ref, project)) for one in here)]
        found = _of_trainer(path, around) or _inside(directory, around)
        if found:
            where = f"in the run's directory {project.location(directory)}"
            return list(each_once(found, project)), where
    return None


def _inside(directory: Path, places: Places) -> list[Listed]:
    return [one for one, place in places if _is_in(directory, one[1], place)]


def _beside(path: Path, places: Places, project: Project) -> Lying | None:
    """Return the runs whose logs lie in directories beside that of the checkpoints."""
    home = next((one for one in path.parents if not CONTAINER.fullmatch(one.name)), path.parent)
    if home == project.directory or not home.is_relative_to(project.directory):
        return None
    found = [one for one, place in places if place and place.is_relative_to(home.resolve())]
    where = f"beside the run's logs in {project.location(home)}"
    return (list(each_once(found, project)), where) if found else None


def _above(start: Path, project: Project) -> Iterator[Path]:
    """Yield a directory and those it lies in, as far as this caller may read."""
    tops = (project.directory, *(project.roots or (Path.home(),)), Path(start.anchor))
    for directory in islice((start, *start.parents), HIGHEST):
        if directory in tops and directory != project.directory:
            return
        yield directory
        if directory == project.directory:
            return


def _place(ref: RunRef, project: Project) -> Path | None:
    """Return the file or directory of a run whose id is a path."""
    if ref.source.tracker not in DIRECTORIES_OF_FILES:
        return None
    try:
        return Path(identity(ref, project))
    except SamestepError:
        return None


def _is_in(directory: Path, head: RunHead, place: Path | None) -> bool:
    """Return whether a directory is a run's own: by its place, or named after its id."""
    if place is not None:
        own = place.parent if place.is_file() else place
        return own == directory.resolve()
    if head.ref.source.tracker not in NAMED_AFTER_IDS or len(directory.name) < SHORTEST_ID:
        return False
    run_id = head.ref.id.rpartition("/")[2]
    if head.ref.source.tracker == "wandb" and WANDB_RUN.fullmatch(directory.name):
        return directory.name.endswith(f"-{run_id}")
    return directory.name == run_id


def _of_trainer(path: Path, places: Places) -> list[Listed]:
    """Return the runs of Trainer's that went on from a checkpoint beside their newest one."""
    beside = [
        (one, place)
        for one, place in places
        if place is not None and place.name == TRAINER_STATE and place.parent.parent == path.parent
    ]
    if not beside or not path.is_dir():
        return []
    from samestep.formats.local.hf_trainer import read_state

    try:
        state = read_state(path / TRAINER_STATE)
        return [one for one, place in beside if read_state(place).continues(state)]
    except NotReadable:
        return []


def _sources_at(directory: Path, project: Project, sure: Sequence[str]) -> Sequence[Listed]:
    """Return the runs of the sources that a directory itself is, without looking below it.

    Args:
        directory: The directory.
        project: Where the question is asked from.
        sure: Trackers that need no look.
    """
    here = next(walk(directory, project.roots), None)
    if here is None:
        return []
    holding = [
        name
        for name, tracker in TRACKERS.items()
        if name in sure or (tracker.holds and tracker.holds(here))
    ]
    sources = [
        *(Source(name, location_of(name, directory, project)) for name in holding),
        *(source for source, _ in stores([here], project)),
    ]
    readers = [reader for source in sources if (reader := _opened(source, project))]
    return listed(readers, alone=False).runs


def _opened(source: Source, project: Project) -> Reader | None:
    try:
        return open_reader(source, project)
    except SamestepError:
        return None
