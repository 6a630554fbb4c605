"""A connection to an SQLite database that leaves its directory as it was."""

import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.mlflow_database.copies import beside, copied, size, state
from samestep.progress import tell

PAGE = 50_000  # rows read in one transaction: a long one would keep the writer from writing
LARGEST_ROW = 64_000_000  # bytes
PATIENCE = 0.25  # seconds between two looks at whether the read was cancelled
HELD = 2.0  # seconds a writer is waited for before what stood there before it is read in a copy
STEPS = 100_000  # of SQLite's machine between two looks at the clock
VERSION = slice(18, 20)  # bytes of the header; 2 says that changes go to a log beside the file
LOGGED = 2
INSTEAD = "detect_tracker names the sources that can be read."

_LACKS = (
    "A process that writes {name} lets nobody read: it was read as it was before, "
    "and what is being written is not in this answer."
)

Row = tuple[object, ...]


class _NotFinished(NotReadable):
    """A write was cut off, and SQLite would have to roll it back in the file."""


class _Held(NotReadable):
    """A process has the database to itself."""


class Database:
    """An open database; every query is a transaction of its own."""

    def __init__(self, connection: sqlite3.Connection, path: Path, deadline: float) -> None:
        self.path = path
        """The file that was asked for, which may be read as a copy."""
        self.lacks: tuple[str, ...] = ()
        """A sentence for what is being written and could not be read."""
        self._connection = connection
        self._deadline = deadline
        self._began = 0.0
        connection.text_factory = bytes
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_ROW)
        connection.execute("pragma trusted_schema = off")
        connection.set_progress_handler(self._is_late, STEPS)

    def rows(self, query: str, *arguments: str | int, patience: float | None = None) -> list[Row]:
        """Return every row a query finds, waiting while a writer has the database to itself.

        Args:
            query: What is asked.
            arguments: What stands for the question marks in it.
            patience: How many seconds to wait for a writer; None is the deadline.

        Raises:
            NotReadable: SQLite refuses, or the wait is over.
        """
        longest = self._deadline if patience is None else patience
        called = time.monotonic()
        while True:
            self._began = time.monotonic()
            try:
                return self._connection.execute(query, arguments).fetchall()
            except sqlite3.Error as error:
                if not _is_locked(error):
                    raise self._refusal(error) from error
                waited = time.monotonic() - called
                if waited >= longest:
                    raise self._held(waited) from error
                what = f"seconds waited for the process that writes {self.path.name}"
                tell(what, int(waited), int(longest))

    def pages(self, columns: str, table: str, where: str, *arguments: str) -> Iterator[list[Row]]:
        """Yield the rows of a table in the order they were inserted, in bounded transactions.

        Each row begins with its rowid. What is appended meanwhile comes with the last pages.
        """
        after, found = -(2**63), PAGE
        query = (  # the names are this package's own; what is asked for stands in the arguments
            f"select rowid, {columns} from {table} where rowid > ? and {where} "  # noqa: S608 # as said
            f"order by rowid limit {PAGE}"
        )
        while found == PAGE:
            page = self.rows(query, after, *arguments)
            found = len(page)
            if page:
                after = int(str(page[-1][0]))
                yield page

    def _is_late(self) -> bool:
        return time.monotonic() - self._began > self._deadline

    def _held(self, waited: float) -> NotReadable:
        why = f"a process has been writing it for {waited:.1f} seconds and lets nobody read"
        return _Held(str(self.path), why, "Ask again when it is done.")

    def _refusal(self, error: sqlite3.Error) -> NotReadable:
        code = _code(error)
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return _NotFinished(str(self.path), "its last write was cut off", INSTEAD)
        if code == sqlite3.SQLITE_NOTADB:
            return NotReadable(str(self.path), "it is no SQLite database", INSTEAD)
        if code == sqlite3.SQLITE_INTERRUPT:
            why = f"a query took longer than {self._deadline:g} seconds"
            return NotReadable(str(self.path), why, "SAMESTEP_DEADLINE gives it more.")
        return NotReadable(str(self.path), f"SQLite says: {error}", INSTEAD)


@contextmanager
def opened(path: Path, deadline: float, held: float = HELD) -> Generator[Database]:
    """Open a database to read it; nothing beside it is made or changed.

    Where a process has it to itself, what stood there before its write is read, and said.

    Args:
        path: The database's file.
        deadline: How many seconds one query may take.
        held: How many seconds to wait for a process that has it to itself.

    Raises:
        NotReadable: It is no database, may not be read, or changed its shape while it was read.
    """
    with ExitStack() as stack:
        yield _entered(path.resolve(), deadline, min(held, deadline), stack)


def _entered(path: Path, deadline: float, held: float, stack: ExitStack) -> Database:
    query, why, lacks = _query(path), "its last write was cut off", tuple[str, ...]()
    if query is not None:
        try:
            return stack.enter_context(_connected(path, path, query, deadline, held))
        except _NotFinished:
            pass
        except _Held as refusal:
            why, lacks = refusal.why, (_LACKS.format(name=path.name),)
    copy = stack.enter_context(copied(path, why))
    database = stack.enter_context(_connected(copy, path, "mode=rw", deadline, held))
    database.lacks = lacks
    return database


def _query(path: Path) -> str | None:
    """Return how to open a database so that nothing is written; None where only a copy does.

    SQLite makes a `-shm` file for every reader of a database in WAL mode, read-only or not,
    unless it is told not to (`readonly_shm`), or that nobody writes (`immutable`).
    """
    if not _is_logged(path):
        return "mode=ro"
    log = beside(path, "-wal")
    if log.exists() and beside(path, "-shm").exists():
        return "mode=ro&readonly_shm=1"
    return None if size(log) else "mode=ro&immutable=1"


@contextmanager
def _connected(
    file: Path, path: Path, query: str, deadline: float, held: float
) -> Generator[Database]:
    before = state(file)
    try:
        address = f"{file.as_uri()}?{query}"
        connection = sqlite3.connect(address, PATIENCE, isolation_level=None, uri=True)
    except sqlite3.Error as error:
        raise NotReadable(str(path), f"SQLite says: {error}", INSTEAD) from error
    with closing(connection):
        database = Database(connection, path, deadline)
        shape = database.rows("pragma schema_version", patience=held)
        yield database
        is_new = "immutable" in query and state(file) != before
        if is_new or database.rows("pragma schema_version") != shape:
            raise NotReadable(str(path), "it changed its shape while it was read", "Ask again.")


def _is_logged(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return LOGGED in file.read(VERSION.stop)[VERSION]
    except OSError as error:
        raise NotReadable(str(path), str(error.strerror or error), INSTEAD) from error


def _is_locked(error: sqlite3.Error) -> bool:
    code = _code(error)
    kind = code & 0xFF  # the rest says more exactly why
    held = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
    return kind in held or code == sqlite3.SQLITE_READONLY_CANTLOCK


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0))  # none where Python itself refuses
