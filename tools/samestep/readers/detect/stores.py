"""The stores that W&B, MLflow and Neptune leave on a disk."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from samestep.errors import NotReadable
from samestep.model import Source
from samestep.readers.places import location_of
from samestep.readers.tree import Directory
from samestep.settings import Project

TRACKER_OF = {"wandb": "wandb", ".wandb": "wandb", "mlruns": "mlflow", ".neptune": "neptune"}
"""Which tracker makes a directory of that name."""
WANDB_RUNS = ("run-", "offline-run-")
MLFLOW_DATABASE = "mlflow.db"
DATABASES = (".db", ".sqlite", ".sqlite3")
MLFLOW_TABLES = frozenset({"experiments", "runs", "metrics", "params"})
LONGEST_LOOK = 1.0  # seconds
MOST_DATABASES = 50  # whose tables are looked at, to tell whether they are MLflow's

Store = tuple[Source, str]
"""A source, and what says that it is one."""


def stores(directories: Iterable[Directory], project: Project) -> list[Store]:
    """Return the stores in directories, each once."""
    found = [
        store
        for directory in directories
        for store in (
            *_named(directory, project),
            *_databases(directory, project),
            *_unnamed(directory, project),
        )
    ]
    return list({source: (source, evidence) for source, evidence in found}.values())


def _named(directory: Directory, project: Project) -> Iterator[Store]:
    """Yield the stores whose directories have the names that trackers give them."""
    for name in directory.stores:
        path = directory.path / name
        if (path / "__init__.py").exists():  # a Python package of that name
            continue
        if name == "mlruns" and MLFLOW_DATABASE in directory.files and not _is_mlruns(path):
            continue  # what is beside a database holds its artifacts
        yield _directory(TRACKER_OF[name], path, project)


def _unnamed(directory: Directory, project: Project) -> Iterator[Store]:
    """Yield a directory that holds a tracker's runs under another name."""
    if _holds_wandb(directory):
        yield _directory("wandb", directory.path, project)
    if any(map(str.isdecimal, directory.directories)) and _is_mlruns(directory.path):
        yield _directory("mlflow", directory.path, project)


def _holds_wandb(directory: Directory) -> bool:
    """Return whether a directory holds directories of W&B's runs, or their logs alone."""
    if not any(name.startswith(WANDB_RUNS) for name in (*directory.directories, *directory.files)):
        return False
    from samestep.readers import wandb

    # A run's own directory belongs to the one around it, which is walked before.
    is_run = directory.relative != "." and wandb.is_run_directory(directory.path.name)
    return not is_run and wandb.holds_runs(directory.path)


def _is_mlruns(path: Path) -> bool:
    from samestep.readers import mlflow

    return mlflow.holds_store(path)


def _directory(tracker: str, path: Path, project: Project) -> Store:
    source = Source(tracker, location_of(tracker, path, project))
    return source, f"directory {project.location(path)}/"


def _databases(directory: Directory, project: Project) -> Iterator[Store]:
    likely = [name for name in directory.files if name.lower().endswith(DATABASES)]
    for name in likely[:MOST_DATABASES]:
        path = directory.path / name
        if name == MLFLOW_DATABASE or _is_mlflow_database(path):
            source = Source("mlflow", location_of("mlflow", path, project))
            yield source, f"database {project.location(path)}"


def _is_mlflow_database(path: Path) -> bool:
    """Return whether a database has MLflow's tables; without locks, so that nothing is written."""
    if not path.is_file():
        return False
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            rows = database.execute("select name from sqlite_master where type = 'table'")
            tables = [str(name) for (name,) in rows.fetchmany(1000)]
    except sqlite3.Error:
        tables = []
    return MLFLOW_TABLES.issubset(tables) or _has_tables_in_its_log(path)


def _has_tables_in_its_log(path: Path) -> bool:
    """Return whether what was written beside a database makes it one of MLflow's.

    A database in WAL mode holds nothing itself until its writer first copies the log into it.
    """
    log = path.with_name(f"{path.name}-wal")
    if not log.is_file() or not log.stat().st_size:
        return False
    from samestep.formats import mlflow_database

    try:
        with mlflow_database.opened(path, LONGEST_LOOK) as database:
            mlflow_database.schema_of(database)
    except NotReadable:
        return False
    return True
