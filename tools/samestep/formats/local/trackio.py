"""The SQLite database that trackio keeps for each project, `<project>.db`, with all its runs.

The table `metrics` has a row per log call: `run_id` (not in older files), `run_name`, `step`,
`timestamp` and the figures as JSON; `configs` has the settings of each run, the seed among them.
There is no epoch but one that a run logs itself, and no commit.

A database is never opened for writing: what its writer has not yet merged into it, in `-wal` or
`-journal`, is read from a copy, because SQLite would make files beside the original.
"""

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast
from urllib.parse import quote

from samestep.formats.config_files import plain
from samestep.formats.local.json_lines import Rows
from samestep.formats.local.log import Log
from samestep.formats.local.several import label
from samestep.formats.local.text import SQLITE, not_readable

SUFFIX = ".db"
TABLE = re.compile(rb'CREATE TABLE (IF NOT EXISTS )?"?metrics"? ?\([^)]*\brun_name\b')
UNMERGED = ("-wal", "-journal")
MOST_COPIES = 3  # a copy made while the writer writes may be half old and half new
OF_THE_CLIENT = frozenset({"_Created", "_Username"})
"""Settings that trackio adds: when and by whom, which is no setting of the run."""

Key = tuple[str, str]
"""Run name and run id; the name twice where there are no ids."""


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a database has a table of metrics with the names of runs."""
    is_database = name.lower().endswith(SUFFIX) and head.startswith(SQLITE)
    return is_database and TABLE.search(head) is not None


def read(path: Path) -> Log:
    """Read all runs of a project.

    Raises:
        NotReadable: It is no whole database, or holds no run.
    """
    try:
        with _opened(path) as database:
            runs = dict(_runs(database, path.name))
    except (sqlite3.Error, OSError) as error:
        raise not_readable(path, f"it is no whole database ({error})") from error
    if not runs:
        raise not_readable(path, "it holds no run")
    if len(runs) == 1:
        return next(iter(runs.values()))
    names = Counter(name for name, _ in runs)
    return Log(path.name, runs={_label(key, names): log for key, log in runs.items()})


@contextmanager
def _opened(path: Path) -> "Generator[sqlite3.Connection]":
    beside = [path.with_name(f"{path.name}{ending}") for ending in UNMERGED]
    unmerged = [file for file in beside if file.is_file() and file.stat().st_size]
    if not unmerged:
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            yield database
        return
    with TemporaryDirectory() as copies:
        for _ in range(MOST_COPIES):
            before = [file.stat().st_mtime_ns for file in (*unmerged, path)]
            for file in (*unmerged, path):
                shutil.copyfile(file, Path(copies) / file.name)
            if before == [file.stat().st_mtime_ns for file in (*unmerged, path)]:
                break
        else:
            raise not_readable(path, "its writer kept changing it while it was copied")
        with closing(sqlite3.connect(Path(copies) / path.name)) as database:
            yield database


def _runs(database: sqlite3.Connection, how: str) -> Iterator[tuple[Key, Log]]:
    rows: dict[Key, Rows] = {}
    broken: Counter[Key] = Counter()
    for key, (step, timestamp, figures) in _rows(database, "metrics", "step, timestamp, metrics"):
        if key not in rows:
            rows[key] = Rows()
            rows[key].begin()
        logged = _object(figures)
        if logged is None:
            broken[key] += 1
            continue
        measured = {name: value for name, value in logged.items() if not _is_object(value)}
        rows[key].add({**measured, "step": step, "timestamp": _seconds(timestamp)})
    settings = dict(_configs(database))
    for key, of_run in rows.items():
        losses = [f"{broken[key]} rows that are no JSON were skipped"] if broken[key] else []
        log = of_run.log(how, losses)
        log.config.update(settings.get(key, {}))
        yield key, log


def _rows(
    database: sqlite3.Connection, table: str, columns: str
) -> Iterator[tuple[Key, tuple[object, ...]]]:
    """Yield the rows of a table in the order of writing, each with its run."""
    held = {str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")}
    run_id = "run_id" if "run_id" in held else "run_name"
    query = f"SELECT run_name, {run_id}, {columns} FROM {table} ORDER BY rowid"  # noqa: S608 -- of constants
    for name, identity, *values in database.execute(query):
        yield (str(name), str(identity)), tuple(values)


def _configs(database: sqlite3.Connection) -> Iterator[tuple[Key, dict[str, object]]]:
    held = database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'configs'")
    if held.fetchone() is None:
        return
    for key, (written,) in _rows(database, "configs", "config"):
        settings = _object(written) or {}
        kept = {
            name: value
            for name, value in settings.items()
            if name not in OF_THE_CLIENT and value is not None
        }
        yield key, plain(cast("Mapping[object, object]", kept))[0]


def _label(key: Key, names: Mapping[str, int]) -> str:
    name, identity = key
    return label({"run_name": name} if names[name] == 1 else {"run_name": name, "run_id": identity})


def _object(written: object) -> Mapping[str, object] | None:
    """Return an object that stands in a cell as JSON, in text or in bytes."""
    try:
        value = cast("object", json.loads(cast("str | bytes", written)))
    except (TypeError, ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def _is_object(value: object) -> bool:
    """Return whether a logged value is a table or an image, not a figure."""
    return isinstance(value, Mapping) and "_type" in value


def _seconds(timestamp: object) -> float | None:
    try:
        return datetime.fromisoformat(str(timestamp)).timestamp()
    except (ValueError, OverflowError):
        return None
