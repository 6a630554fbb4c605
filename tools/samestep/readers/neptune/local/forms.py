"""The three forms in which runs are left on a disk, and the runs of each."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec

from samestep.errors import shown_text
from samestep.formats.neptune.databases import DATABASE_NAME, Head, head, read_databases
from samestep.formats.neptune.exports import (
    Part,
    RunKey,
    heads_in,
    part_of,
    read_parts,
)
from samestep.formats.neptune.held import CREATED, NAME, Value
from samestep.formats.neptune.offline import (
    LOG_NAME,
    Execution,
    execution,
    peek,
    read_executions,
)
from samestep.formats.neptune.parquet import NotParquet
from samestep.readers.neptune.local.stored import BROKEN, Found, Lost, Stored, reason
from samestep.readers.tree import Directory

OPERATIONS = "Neptune's operation logs"
DATABASES = "neptune-scale's databases"
EXPORT = "neptune-exporter's parquet files"
_SHOWN = (NAME, CREATED)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def operation_logs(directories: Iterable[Directory]) -> Found:
    """Return the runs whose operations the client of Neptune 1.x and 2.x keeps."""
    runs: dict[str, list[tuple[Execution, str]]] = {}
    lost: list[Lost] = []
    for directory in directories:
        if not any(map(LOG_NAME.fullmatch, directory.files)):
            continue
        one = execution(directory.path)
        if one.kind == "run":
            runs.setdefault(one.container, []).append((one, directory.relative))
        else:
            lost.append(Lost(directory.relative, f"it is a {shown_text(one.kind)}, and no run"))
    stored: list[Stored] = []
    for run_id, found in runs.items():
        found.sort(key=lambda pair: (pair[0].created or _EARLIEST, pair[1]))
        try:
            stored.append(_logged(run_id, [one for one, _ in found], found[0][1]))
        except OSError as error:
            lost.append(Lost(found[0][1], reason(error)))
    return stored, lost


def _logged(run_id: str, executions: Sequence[Execution], where: str) -> Stored:
    """Return the run of directories of operations.

    Raises:
        OSError: A log cannot be read, or holds nothing.
    """
    has_operations, name = peek(executions)
    if not has_operations:
        raise OSError(0, "its log holds no operation")
    started = next((one.created for one in executions if one.created), None)
    read = partial(read_executions, executions)
    return Stored(run_id, "", name, started, where, OPERATIONS, read)


def databases(directories: Iterable[Directory]) -> Found:
    """Return the runs in the databases of the client of Neptune 3.x."""
    runs: dict[RunKey, list[tuple[Head, str]]] = {}
    lost: list[Lost] = []
    for directory in directories:
        if DATABASE_NAME not in directory.files:
            continue
        try:
            one = head(directory.path / DATABASE_NAME)
        except (OSError, sqlite3.Error) as error:
            lost.append(Lost(f"{directory.relative}/{DATABASE_NAME}", reason(error)))
        else:
            runs.setdefault((one.project, one.run_id), []).append((one, directory.relative))
    stored: list[Stored] = []
    for (project, run_id), found in runs.items():
        heads = [one for one, _ in found]
        name = next((one.name for one in heads if one.name), None)
        started = min((one.created for one in heads if one.created), default=None)
        read = partial(read_databases, [one.path for one in heads])
        where = found[0][1]
        stored.append(Stored(run_id, project, name, started, where, DATABASES, read))
    return stored, lost


def exports(directories: Iterable[Directory]) -> Found:
    """Return the runs that neptune-exporter wrote, unfinished ones as lost.

    Raises:
        ModuleNotFoundError: There are any, and pyarrow is not installed.
    """
    stored: list[Stored] = []
    lost: list[Lost] = []
    for where, parts in _exported_runs(directories).items():
        if find_spec("pyarrow") is None:
            raise ModuleNotFoundError(name="pyarrow")
        try:
            stored.extend(_exported(sorted(parts, key=lambda part: part.number), where))
        except BROKEN as error:
            lost.append(Lost(where, reason(error)))
    return stored, lost


def _exported_runs(directories: Iterable[Directory]) -> dict[str, list[Part]]:
    """Return the parts of every run by the place of their files."""
    found: dict[str, list[Part]] = {}
    for directory in directories:
        for name in directory.files:
            part = part_of(directory.path / name)
            if part is not None:
                where = f"{directory.relative}/{part.run or 'part_*'}"
                found.setdefault(where, []).append(part)
    return found


def _exported(parts: Sequence[Part], where: str) -> list[Stored]:
    """Return the runs of parts that share a name.

    Raises:
        OSError: A file cannot be read.
        NotParquet: There is no finished part, or one is not the exporter's.
    """
    finished = [part for part in parts if part.is_finished]
    if not finished:
        raise NotParquet("its export was not finished: its parts are still named .tmp")
    holding: dict[RunKey, Mapping[str, Value]] = {}
    for part in finished if not finished[0].run else finished[:1]:
        for run, values in heads_in(part, _SHOWN).items():
            holding.setdefault(run, values)
    if not holding:
        raise NotParquet(f"{shown_text(finished[0].path.name)} holds no rows")
    return [_one_exported(run, values, parts, where) for run, values in holding.items()]


def _one_exported(
    run: RunKey, values: Mapping[str, Value], parts: Sequence[Part], where: str
) -> Stored:
    name, created = values.get(NAME), values.get(CREATED)
    return Stored(
        run[1],
        run[0],
        name if isinstance(name, str) and name else None,
        created if isinstance(created, datetime) else None,
        where,
        EXPORT,
        partial(read_parts, parts, run),
        append_only=False,
    )
