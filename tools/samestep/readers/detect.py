"""Which sources there are below a path, by what lies there and what the environment sets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from samestep.errors import SamestepError
from samestep.model import Source
from samestep.readers.registry import LOCAL, TRACKERS, open_reader
from samestep.readers.tree import Directory, walk
from samestep.settings import Project

LOGDIR_AT = 3  # as many runs side by side make the directory around them the source

EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "wandb": ("WANDB_API_KEY",),
    "neptune": ("NEPTUNE_API_TOKEN",),
    "mlflow": ("MLFLOW_TRACKING_URI",),
}
"""Environment variables that say a tracker is in use, by tracker."""
STORE_OF = {"mlruns": "mlflow", "wandb": "wandb", ".neptune": "neptune"}
MLFLOW_DATABASE = "mlflow.db"


@dataclass(frozen=True, slots=True)
class Found:
    """One source, and what says that it is one."""

    source: Source
    evidence: tuple[str, ...]
    runs: int | None = None
    why_not: str | None = None
    """Why it cannot be read; None when it can."""


def detect(path: Path, project: Project) -> list[Found]:
    """Return every source below a path, in the protocol's order of trackers."""
    directories = list(walk(path, project.roots))
    found = [*_from_environment(project), *_from_stores(directories, project)]
    found.extend(_opened(source, project) for source in _local(path, directories, project))
    order = list(TRACKERS)
    return sorted(found, key=lambda one: order.index(one.source.tracker))


def local_sources(path: Path, project: Project) -> list[Source]:
    """Return the sources that are directories below a path, without opening any."""
    return _local(path, list(walk(path, project.roots)), project)


def _local(path: Path, directories: list[Directory], project: Project) -> list[Source]:
    return [
        Source(tracker, place)
        for tracker, holds_runs in _local_trackers()
        for place in _places(path, [d for d in directories if holds_runs(d)], project)
    ]


def _local_trackers() -> Iterable[tuple[str, Callable[[Directory], bool]]]:
    from samestep.readers import files, tensorboard

    return zip(LOCAL, (tensorboard.is_run_directory, files.holds_runs), strict=True)


def _places(path: Path, holding: list[Directory], project: Project) -> list[str]:
    """Return the locations of the sources that the directories with runs make up.

    Each directory right below the path that holds runs is a source. The path itself is one when
    it holds a run's files, when it is no project directory and its subdirectories are runs
    themselves, or when at least `LOGDIR_AT` of them are: it is then a directory of runs.
    """
    below = dict.fromkeys(d.relative.split("/", 1)[0] for d in holding)
    runs_right_below = sum("/" not in d.relative for d in holding)
    enough = LOGDIR_AT if path == project.directory else 1
    if "." in below or runs_right_below >= enough:
        return [project.location(path)]
    return [project.location(path / name) for name in below]


def _opened(source: Source, project: Project) -> Found:
    evidence = (f"directory {source.location}/",)
    try:
        listing = open_reader(source, project).list()
    except SamestepError as refusal:
        return Found(source, evidence, why_not=str(refusal))
    return Found(source, evidence, runs=len(listing.runs))


def _from_environment(project: Project) -> list[Found]:
    found: list[Found] = []
    for tracker, names in EVIDENCE.items():
        evidence = tuple(f"{name} is set" for name in names if project.environment.get(name))
        if evidence:
            source = Source(tracker, _remote_location(tracker, project.environment))
            found.append(Found(source, evidence, why_not=TRACKERS[tracker].why_not))
    return found


def _remote_location(tracker: str, environment: Mapping[str, str]) -> str:
    """Return what the environment says of the place, never a key or credentials."""
    if tracker == "mlflow":
        scheme, mark, rest = environment["MLFLOW_TRACKING_URI"].partition("://")
        return f"{scheme}{mark}{rest.rsplit('@', 1)[-1]}"
    if tracker == "neptune":
        return environment.get("NEPTUNE_PROJECT", "workspace/project")
    entity = environment.get("WANDB_ENTITY", "entity")
    return f"{entity}/{environment.get('WANDB_PROJECT', 'project')}"


def _from_stores(directories: list[Directory], project: Project) -> list[Found]:
    """Return other trackers' stores that lie on disk."""
    found: list[Found] = []
    for directory in directories:
        for store in directory.stores:
            tracker, location = STORE_OF[store], project.location(directory.path / store)
            place = Source(tracker, f"./{location}" if tracker == "mlflow" else location)
            evidence = (f"directory {location}/",)
            found.append(Found(place, evidence, why_not=TRACKERS[tracker].why_not))
        if MLFLOW_DATABASE in directory.files:
            location = project.location(directory.path / MLFLOW_DATABASE)
            place = Source("mlflow", f"sqlite:///{location}")
            found.append(Found(place, (location,), why_not=TRACKERS["mlflow"].why_not))
    return found
