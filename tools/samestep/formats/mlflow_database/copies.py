"""A private copy of a database, for what SQLite can only read by writing."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from samestep.errors import NotReadable

LARGEST = 2_000_000_000  # bytes
TRIES = 3  # copies begun, where a writer changed the database under each of them
LOG, JOURNAL = "-wal", "-journal"


@contextmanager
def copied(path: Path, why: str) -> Generator[Path]:
    """Yield a copy with what was written beside the database, for SQLite to finish or undo.

    The journal is copied after what it can undo, and nothing may change while the copy is made.

    Args:
        path: The database.
        why: Why it is not read where it lies, for the refusal.

    Raises:
        NotReadable: It cannot be copied, is too large, or is written all the time.
    """
    with TemporaryDirectory(prefix="samestep-") as directory:
        for _ in range(TRIES):
            before = state(path)
            _refuse_large(path, why)
            _copy(path, Path(directory))
            if state(path) == before:
                break
        else:
            raise NotReadable(str(path), f"{why}, and it changes all the time", "Ask again.")
        yield Path(directory, path.name)


def beside(path: Path, suffix: str) -> Path:
    """Return the file that SQLite keeps beside a database."""
    return path.with_name(path.name + suffix)


def size(path: Path) -> int:
    """Return a file's bytes; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def state(path: Path) -> tuple[tuple[int, int], ...]:
    """Return what tells that nobody wrote: times and sizes of the database and what is beside it."""
    return tuple(map(_written, _parts(path)))


def _parts(path: Path) -> tuple[Path, ...]:
    return path, beside(path, LOG), beside(path, JOURNAL)


def _written(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _refuse_large(path: Path, why: str) -> None:
    if sum(map(size, _parts(path))) > LARGEST:
        instead = "It can be read when the process that writes it is done."
        raise NotReadable(str(path), f"{why}, and it is too large to be read in a copy", instead)


def _copy(path: Path, directory: Path) -> None:
    for part in _parts(path):
        target = directory / part.name
        target.unlink(missing_ok=True)
        try:
            if part == path or size(part):
                shutil.copyfile(part, target)
        except FileNotFoundError:  # a journal that was just done with: the state tells
            continue
        except OSError as error:
            why = str(error.strerror or error)
            raise NotReadable(str(path), why, "list_runs names what can be read.") from error
