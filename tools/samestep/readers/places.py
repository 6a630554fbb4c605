"""Where a local source lies, however its location is written."""

import re
from pathlib import Path
from urllib.parse import unquote

from samestep.errors import NotReadable
from samestep.model import Source
from samestep.settings import Project

SCHEMES = re.compile(r"(?:sqlite:///|file://(?=/)|file:)(?P<path>[^?]*)(?:\?.*)?")
"""MLflow's ways to write a path as an address; `sqlite:////` is followed by an absolute one."""
NAMED = ("wandb", "neptune", "mlflow")
"""Trackers whose locations are names as well as paths."""
WANDB_RUN = re.compile(r"(?:offline-)?run-\d{8}_\d{6}-.+")


def path_of(location: str) -> str:
    """Return the path that a location says, without the scheme of an address."""
    written = SCHEMES.fullmatch(location)
    if written is None:
        return location
    # SQLAlchemy takes what follows `sqlite:///` as it stands; an address of a file is quoted.
    return unquote(written["path"]) if location.startswith("file:") else written["path"]


def place_of(source: Source, project: Project) -> Path:
    """Return the one path of a local source: two that hold the same runs have the same.

    Raises:
        NoSuchPath: Nothing is there.
        OutsideProject: It leads where this caller may not read.
    """
    path = project.path(path_of(source.location)).resolve()
    if source.tracker == "wandb":
        return _wandb_directory(path)
    return _mlflow_store(path) if source.tracker == "mlflow" else path


def directory_of(source: Source, project: Project) -> Path:
    """Return the directory that is a source.

    Raises:
        NoSuchPath: Nothing is there.
        NotReadable: It is a file: the refusal leads to the directory that holds it.
        OutsideProject: It leads where this caller may not read.
    """
    path = project.path(source.location)
    if not path.is_dir():
        above = Source(source.tracker, location_of(source.tracker, path.parent, project))
        raise NotReadable(
            str(source),
            "it is a file, and a source is a directory",
            f"The directory is {above}; list_runs names the runs in it.",
        )
    return path


def without_credentials(address: str) -> str:
    """Return an address without user, password and what follows its path."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        return address
    authority, slash, path = rest.partition("/")
    plain = f"{scheme}{mark}{authority.rsplit('@', 1)[-1]}{slash}{path}"
    return plain.partition("?")[0].partition("#")[0].rstrip("/") or plain


def location_of(tracker: str, path: Path, project: Project) -> str:
    """Return a path as a location of a tracker, in a form that is none of the tracker's names."""
    location = project.location(path)
    if tracker == "mlflow" and path.is_file():
        return f"sqlite:///{location}"
    plain = tracker not in NAMED or location == "." or Path(location).is_absolute()
    return location if plain else f"./{location}"


def _wandb_directory(path: Path) -> Path:
    """Return the directory that holds the runs' directories, above or below the one named."""
    if WANDB_RUN.fullmatch(path.name):
        return path.parent
    below = (path / name for name in ("wandb", ".wandb"))
    return next((directory for directory in below if directory.is_dir()), path)


def _mlflow_store(path: Path) -> Path:
    """Return the store of an experiment, or below a directory."""
    if (path / "meta.yaml").is_file():
        return path.parent
    return path / "mlruns" if (path / "mlruns").is_dir() else path
