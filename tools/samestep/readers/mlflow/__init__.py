"""MLflow: a tracking server, a database or a directory of files."""

import re
from pathlib import Path

from samestep.errors import NotReadable
from samestep.model import Source
from samestep.readers.base import Reader
from samestep.readers.places import path_of
from samestep.settings import Project

__all__ = ["holds_store", "is_path", "opened"]

SERVER = re.compile(r"https?://.*|databricks(-uc)?(://.*)?", re.IGNORECASE)
OTHER = re.compile(r"(?!file:|sqlite:)[a-z][a-z0-9+.-]+://.*", re.IGNORECASE)
"""Addresses of databases and stores that only MLflow's own server reads."""
DATABASE = "mlflow.db"


def is_path(location: str) -> bool:
    """Return whether a location is a database or a directory of this machine."""
    return not SERVER.fullmatch(location) and not OTHER.fullmatch(location)


def opened(source: Source, project: Project) -> Reader:
    """Open a server, a database or a directory.

    Raises:
        NotReadable: MLflow's own server has to read it, or there is no store.
        NoSuchPath: There is no such file or directory.
        OutsideProject: It lies where this caller may not read.
    """
    if SERVER.fullmatch(source.location):
        from samestep.readers.mlflow.server import opened_server

        return opened_server(source, project)
    if not is_path(source.location):
        scheme = source.location.partition(":")[0]
        raise NotReadable(
            f"mlflow:{scheme}://...",
            f"samestep reads SQLite databases, directories and servers of MLflow, and no {scheme}",
            "`mlflow server --backend-store-uri ...` serves it; its source is then "
            "mlflow:http://127.0.0.1:5000.",
        )
    path = project.path(path_of(source.location))
    return _database(source, path, project) if path.is_file() else _store(source, path, project)


def holds_store(directory: Path) -> bool:
    """Return whether a directory holds MLflow's experiments, by a cheap look."""
    from samestep.formats.mlflow_files import holds_store

    return holds_store(directory)


def _database(source: Source, path: Path, project: Project) -> Reader:
    from samestep.readers.mlflow.database import DatabaseReader

    return DatabaseReader(source, path, project.deadline)


def _store(source: Source, path: Path, project: Project) -> Reader:
    """Return the reader of a store, of the one in `mlruns/` below, or of one experiment."""
    from samestep.formats.mlflow_files import holds_runs, holds_store, is_run
    from samestep.readers.mlflow.file_store import FileStoreReader

    for directory in (path, path / "mlruns"):
        if holds_store(directory, project.roots) or holds_runs(directory, project.roots):
            return FileStoreReader(source, directory, project.roots)
    instead = "detect_tracker names the sources that can be read."
    if is_run(path, project.roots):
        above = project.location(path.parent)
        instead = f"It is one run's directory: its reference is mlflow:{above}#{path.name}."
    elif (path / DATABASE).is_file():
        instead = f"There is a database: mlflow:sqlite:///{project.location(path / DATABASE)}."
    raise NotReadable(str(source), "it holds no runs of MLflow", instead)
