"""The ledger's file: opened for one transaction at a time, set aside where it is damaged."""

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from samestep.errors import SamestepError
from samestep.ledger.layout import APPLICATION, STATEMENTS, VERSION
from samestep.ledger.said import say_once

ATTEMPTS = 3
PATIENCE = 2.0  # seconds to wait for another server's transaction
MAGIC = b"SQLite format 3\0"
LOOKS = 3
BETWEEN_LOOKS = 0.05  # seconds, longer each time
HEADER = 100  # bytes
APPLICATION_AT = slice(68, 72)
DAMAGES = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,  # on tables of ours: a table that is gone, a format nobody wrote
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)
PRIMARY = 0xFF  # the part of an error's code that its refinements share

Result = TypeVar("Result")
_ONE_THREAD = threading.Lock()


class NotOurs(SamestepError):
    """A file that is no ledger, or one of a newer samestep: it is left alone."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{str(file)!r} is {what}, and is left as it is")


@contextmanager
def writing(file: Path) -> Generator[sqlite3.Connection]:
    """Open the ledger, made where there is none, for one transaction.

    It is committed at the end of the block, and never was where anything is raised.
    """
    _make(file)
    with _opened(file) as ledger:
        ledger.execute("BEGIN IMMEDIATE")
        yield ledger
        ledger.execute("COMMIT")


@contextmanager
def reading(file: Path) -> Generator[sqlite3.Connection | None]:
    """Open the ledger to read it; None where there is none yet."""
    try:
        is_there = file.stat().st_size > 0
    except FileNotFoundError:
        is_there = False
    if not is_there:
        yield None
        return
    with _opened(file) as ledger:
        yield ledger


def on_a_whole_file(file: Path, act: Callable[[], Result]) -> Result:
    """Act on the ledger; again where its file was damaged, and was set aside here or elsewhere.

    One thread at a time: on POSIX, closing a file drops what locks the process has on it.
    """
    with _ONE_THREAD:
        for _ in range(ATTEMPTS - 1):
            found = _identity(file)
            try:
                return act()
            except (OSError, sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if _is_damage(error):
                    _set_aside(file, found, error)
                elif _identity(file) == found:
                    raise
        return act()


def _is_damage(error: Exception) -> bool:
    """Return whether it is the file's bytes that are wrong.

    SQLite's message may quote them, and Python then cannot read the message.
    """
    code: int = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, UnicodeDecodeError) or code & PRIMARY in DAMAGES


def _make(file: Path) -> None:
    """Make an empty file that only its user may read, where there is none."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def _opened(file: Path) -> Generator[sqlite3.Connection]:
    _refuse_others(file)
    address = f"{file.as_uri()}?mode=rw"
    connection = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
    with closing(connection) as ledger:
        ledger.text_factory = _decoded
        ledger.execute("PRAGMA synchronous = NORMAL")
        version: int = ledger.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise NotOurs(file, "written by a newer samestep")
        if version < VERSION:
            _lay_out(ledger)
        yield ledger


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")  # a damaged text is found by its digest


def _refuse_others(file: Path) -> None:
    """Refuse a file that never was a ledger, by its header alone: opening it might change it.

    What is damaged behind a ledger's header is set aside; any other file is somebody's own.
    No lock is held, so a ledger that is just being made may be half there at a first look.
    """
    is_database = False
    for look in range(LOOKS):
        time.sleep(BETWEEN_LOOKS * look)
        with file.open("rb") as opened:
            header = opened.read(HEADER)
        is_database = header.startswith(MAGIC)
        if not header or (is_database and header[APPLICATION_AT] == APPLICATION.to_bytes(4)):
            return
    raise NotOurs(file, "a database of another program" if is_database else "no ledger")


def _lay_out(ledger: sqlite3.Connection) -> None:
    """Make the tables, unless another server has just done so."""
    ledger.execute("PRAGMA auto_vacuum = FULL")  # what is forgotten leaves the file
    ledger.execute("BEGIN IMMEDIATE")
    [tables] = ledger.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for statement in () if tables else STATEMENTS:
        ledger.execute(statement)
    ledger.execute("COMMIT")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _set_aside(file: Path, found: tuple[int, int] | None, error: Exception) -> None:
    """Rename a damaged file, unless another server has already done so."""
    with suppress(FileNotFoundError), _held(file):
        if _identity(file) != found:
            return
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = file.with_name(f"{file.name}.damaged-{stamp}")
        file.rename(aside)
        why = "its tables" if isinstance(error, UnicodeDecodeError) else str(error)
        say_once(
            f"the ledger {str(file)!r} is damaged ({why}) and was set aside as {aside.name!r}."
        )


@contextmanager
def _held(file: Path) -> Generator[None]:
    """Hold a file against all others that would set it aside; Windows moves no open file."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with file.open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
