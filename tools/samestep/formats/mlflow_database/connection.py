"""A connection to an SQLite database that leaves its directory as it was."""

import shutil
import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from samestep.errors import NotReadable
from samestep.progress import tell

PAGE = 50_000  # rows read in one transaction: a long one would keep the writer from writing
LARGEST_ROW = 64_000_000  # bytes
LARGEST_COPY = 2_000_000_000  # bytes
PATIENCE = 0.25  # seconds between two looks at whether the read was cancelled
STEPS = 100_000  # of SQLite's machine between two looks at the clock
VERSION = slice(18, 20)  # bytes of the header; 2 says that changes go to a log beside the file
LOGGED = 2
INSTEAD = "The other sources are still read."

Row = tuple[object, ...]


class _NotFinished(NotReadable):
    """A write was cut off, and SQLite would have to roll it back in the file."""


class Database:
    """An open database; every query is a transaction of its own."""

    def __init__(self, connection: sqlite3.Connection, path: Path, deadline: float) -> None:
        self.path = path
        """The file that was asked for, which may be read as a copy."""
        self._connection = connection
        self._deadline = deadline
        self._began = 0.0
        connection.text_factory = bytes
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_ROW)
        connection.execute("pragma trusted_schema = off")
        connection.set_progress_handler(self._is_late, STEPS)

    def rows(self, query: str, *arguments: str | int) -> list[Row]:
        """Return every row a query finds, waiting while a writer has the database to itself.

        Raises:
            NotReadable: SQLite refuses, or the deadline is over.
        """
        called = time.monotonic()
        while True:
            self._began = time.monotonic()
            try:
                return self._connection.execute(query, arguments).fetchall()
            except sqlite3.Error as error:
                if not _is_locked(error):
                    raise self._refusal(error) from error
                waited = time.monotonic() - called
                if waited >= self._deadline:
                    raise self._held(waited) from error
                what = f"seconds waited for the process that writes {self.path.name}"
                tell(what, int(waited), int(self._deadline))

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
        return NotReadable(str(self.path), why, "Ask again when it is done.")

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
def opened(path: Path, deadline: float) -> Generator[Database]:
    """Open a database to read it; nothing beside it is made or changed.

    Args:
        path: The database's file.
        deadline: How many seconds to wait for a writer, and for one query.

    Raises:
        NotReadable: It is no database, may not be read, or changed its shape while it was read.
    """
    with ExitStack() as stack:
        yield _entered(path.resolve(), deadline, stack)


def _entered(path: Path, deadline: float, stack: ExitStack) -> Database:
    query = _query(path)
    if query is not None:
        with suppress(_NotFinished):
            return stack.enter_context(_connected(path, path, query, deadline))
    copy = stack.enter_context(_copied(path))
    return stack.enter_context(_connected(copy, path, "mode=rw", deadline))


def _query(path: Path) -> str | None:
    """Return how to open a database so that nothing is written; None where only a copy does.

    SQLite makes a `-shm` file for every reader of a database in WAL mode, read-only or not,
    unless it is told not to (`readonly_shm`), or that nobody writes (`immutable`).
    """
    if not _is_logged(path):
        return "mode=ro"
    log = _beside(path, "-wal")
    if log.exists() and _beside(path, "-shm").exists():
        return "mode=ro&readonly_shm=1"
    return None if _size(log) else "mode=ro&immutable=1"


@contextmanager
def _connected(file: Path, path: Path, query: str, deadline: float) -> Generator[Database]:
    before = _state(file)
    try:
        address = f"{file.as_uri()}?{query}"
        connection = sqlite3.connect(address, PATIENCE, isolation_level=None, uri=True)
    except sqlite3.Error as error:
        raise NotReadable(str(path), f"SQLite says: {error}", INSTEAD) from error
    with closing(connection):
        database = Database(connection, path, deadline)
        shape = database.rows("pragma schema_version")
        yield database
        is_new = "immutable" in query and _state(file) != before
        if is_new or database.rows("pragma schema_version") != shape:
            raise NotReadable(str(path), "it changed its shape while it was read", "Ask again.")


@contextmanager
def _copied(path: Path) -> Generator[Path]:
    """Yield a copy with what was written beside the database, for SQLite to finish or undo."""
    parts = [
        (part, _size(part)) for part in (path, _beside(path, "-wal"), _beside(path, "-journal"))
    ]
    if sum(size for _, size in parts) > LARGEST_COPY:
        why = "its last write was cut off, and it is too large to be mended in a copy"
        raise NotReadable(str(path), why, "The next process that writes to it mends it.")
    with TemporaryDirectory(prefix="samestep-") as directory:
        try:
            for part, size in parts:
                if size:
                    shutil.copyfile(part, Path(directory, part.name))
        except OSError as error:
            raise NotReadable(str(path), str(error.strerror or error), INSTEAD) from error
        yield Path(directory, path.name)


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


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _state(path: Path) -> tuple[int, int, int]:
    """Return what tells that nobody wrote: the file's time and size, and that of its log."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, _size(_beside(path, "-wal")))
