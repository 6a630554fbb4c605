"""The databases in which the client of Neptune 3.x keeps a run's operations."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from samestep.errors import shown_text
from samestep.formats.neptune.held import CREATED, NAME, Held, Log
from samestep.formats.neptune.regular import opened
from samestep.formats.neptune.snapshots import apply_run, apply_snapshot
from samestep.formats.wire import Malformed

DATABASE_NAME = "run_operations.sqlite3"
KNOWN_VERSIONS = ("v1", "v2", "v3", "v4", "v5")
"""Versions whose operations stand in the same columns; v5 is that of neptune-scale 0.30."""
TABLES = ("metadata", "run_operations")
PEEKED = 100
"""How many operations are looked at for a run's name."""
JOURNALS = ("-wal", "-journal")
"""What SQLite keeps beside a database that is open, or was when its writer was killed."""
COPIES = 5  # how often a copy is begun anew because a writer changed the database meanwhile
_UPDATE, _CREATE = 0, 1


@dataclass(frozen=True, slots=True)
class Head:
    """What a database says of its run before its operations are read."""

    path: Path
    project: str
    run_id: str
    name: str | None
    created: datetime | None


def head(path: Path) -> Head:
    """Return the run of a database.

    Raises:
        OSError: The file cannot be read.
        sqlite3.Error: It is no such database.
    """
    with _opened(path) as database:
        row = database.execute("select project, run_id from metadata limit 1").fetchone()
        if row is None:
            raise sqlite3.DatabaseError("it names no run")
        log = Log()
        for kind, operation in database.execute(
            "select operation_type, operation from run_operations order by sequence_id limit ?",
            (PEEKED,),
        ):
            _apply(kind, operation, log)
    name, created = log.attributes.get(NAME), log.attributes.get(CREATED)
    return Head(
        path,
        str(row[0]),
        str(row[1]),
        name if isinstance(name, str) and name else None,
        created if isinstance(created, datetime) else None,
    )


def read_databases(paths: Sequence[Path]) -> Held:
    """Return what all databases of one run hold, in the order in which it was logged.

    Raises:
        OSError: A file cannot be read.
        sqlite3.Error: It is no such database.
    """
    operations: list[tuple[int, int, int, object]] = []
    losses: list[str] = []
    for number, path in enumerate(paths):
        with _opened(path) as database:
            rows = database.execute(
                "select coalesce(cast(timestamp as integer), 0), sequence_id, operation_type, "
                "operation from run_operations order by sequence_id"
            ).fetchall()
            losses.extend(_losses(path, database, [int(row[1]) for row in rows]))
        operations.extend((int(time), number, kind, blob) for time, _, kind, blob in rows)
    operations.sort(key=lambda operation: operation[:2])
    return _applied(operations, losses)


def _applied(operations: Sequence[tuple[int, int, int, object]], losses: list[str]) -> Held:
    log = Log()
    previews, malformed = 0, 0
    for _, _, kind, operation in operations:
        found = _apply(kind, operation, log)
        previews += found or 0
        malformed += found is None
    if malformed:
        losses.append(f"{malformed} operation{'s'[: malformed != 1]} could not be read.")
    if previews:
        points = "1 preview point is" if previews == 1 else f"{previews} preview points are"
        losses.append(f"{points} left out: a preview is not the value of its step.")
    return log.held(losses)


def _apply(kind: object, operation: object, log: Log) -> int | None:
    """Apply one operation; return how many previews it holds, or None where it is broken."""
    if not isinstance(operation, bytes) or kind not in {_UPDATE, _CREATE}:
        return None
    try:
        if kind == _UPDATE:
            return apply_snapshot(operation, log)
        apply_run(operation, log)
    except Malformed:
        return None
    return 0


def _losses(path: Path, database: sqlite3.Connection, numbers: Sequence[int]) -> list[str]:
    """Say which operations are no longer there: those a server has are deleted, oldest first."""
    where = shown_text(path.parent.name)
    row = database.execute("select version from metadata limit 1").fetchone()
    losses: list[str] = []
    if row and row[0] not in KNOWN_VERSIONS:
        losses.append(
            f"{where}: the database has version {shown_text(str(row[0]))}, which samestep "
            f"does not know; it was read like {KNOWN_VERSIONS[-1]}."
        )
    sent = numbers[0] - 1 if numbers else _last_number(database)
    if sent > 0:
        first = "the first operation was" if sent == 1 else f"the first {sent} operations were"
        losses.append(f"{where}: {first} sent to Neptune and cannot be read here.")
    missing = numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0
    if missing > 0:
        lost = "1 operation" if missing == 1 else f"{missing} operations"
        are = "is" if missing == 1 else "are"
        losses.append(f"{where}: {lost} between those that are there {are} missing.")
    return losses


def _last_number(database: sqlite3.Connection) -> int:
    query = "select seq from sqlite_sequence where name = 'run_operations'"
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _opened(path: Path) -> Generator[sqlite3.Connection]:
    """Open a database without writing a byte beside it.

    Even a connection that only reads makes SQLite's `-wal` and `-shm` files. Where nothing waits
    in a journal, the file alone is opened, as one that never changes; otherwise a copy of both.
    """
    opened(path).close()
    with ExitStack() as stack:
        if any(_size(journal) for journal in _journals(path)):
            directory = stack.enter_context(TemporaryDirectory(prefix="samestep-"))
            database = sqlite3.connect(_copied(path, Path(directory)))
        else:
            address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            database = sqlite3.connect(address, uri=True)
        stack.enter_context(closing(database))
        try:
            yield _checked(database)
        except UnicodeDecodeError as error:  # a damaged schema, in the text of SQLite's own error
            raise sqlite3.DatabaseError("its schema is damaged") from error


def _checked(database: sqlite3.Connection) -> sqlite3.Connection:
    """Refuse a database that lacks the tables, or has views of those names: they run code."""
    tables = {
        str(name)
        for name, kind in database.execute("select name, type from sqlite_master")
        if kind == "table"
    }
    if not tables.issuperset(TABLES):
        raise sqlite3.DatabaseError(f"it has not the tables {' and '.join(TABLES)}")
    return database


def _copied(path: Path, directory: Path) -> Path:
    """Copy a database and its journal as they were at one moment."""
    copy = directory / path.name
    for _ in range(COPIES):
        before = _state(path)
        for source in (path, *_journals(path)):
            target = copy.with_name(source.name)
            target.unlink(missing_ok=True)
            if _size(source):
                copyfile(source, target)
        if _state(path) == before:
            return copy
    raise sqlite3.OperationalError("its writer changes it faster than it can be copied")


def _state(path: Path) -> tuple[object, ...]:
    """Return what changes when a writer rewrites pages; what it only appends is no change."""
    status = path.stat()
    beginnings = [_beginning(journal) for journal in _journals(path)]
    return (status.st_mtime_ns, status.st_size, *beginnings)


def _beginning(journal: Path) -> bytes:
    try:
        with opened(journal) as reading:
            return reading.read(32)  # the header of a WAL: new salts whenever it starts anew
    except OSError:
        return b""


def _journals(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{ending}") for ending in JOURNALS]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
