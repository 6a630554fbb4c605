"""Text files of unknown writers: their first bytes and their lines, decoded without failing."""

import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from samestep.errors import NotReadable

LARGEST_FILE = 1_000_000_000  # bytes
HEAD = 8_192  # bytes
LONGEST_FIRST_LINE = 1_000_000  # bytes; a header of thousands of columns is longer than a head
SQLITE = b"SQLite format 3\0"
DATABASE_HEAD = 1_000_000  # bytes; the tables' definitions stand somewhere in a database's start
READABLE = 0.8  # of the characters in the first line of a text
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Lines(Iterator[str]):
    """The lines of one file, in order, with what is odd about them kept count of."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.ended = True
        """Whether the newest line ends with a line break."""
        self.quotes = 0
        """Double quotes in the lines since this was last set to 0."""
        self.with_nul = 0
        """Lines with NUL bytes, as a crash leaves them; they are passed over."""
        self.undecodable = False
        """Whether some bytes were no text in the file's encoding."""

    def __next__(self) -> str:
        line = next(self._file)
        while "\0" in line:
            self.with_nul += 1
            line = next(self._file)
        self.ended = line.endswith(("\n", "\r"))
        self.quotes += line.count('"')
        self.undecodable = self.undecodable or "\ufffd" in line
        return line

    def losses(self) -> list[str]:
        """Return a sentence for each oddity met so far."""
        losses: list[str] = []
        if self.with_nul:
            losses.append(f"{self.with_nul} lines with NUL bytes were skipped")
        if self.undecodable:
            losses.append("bytes that are not UTF-8 were read as \ufffd")
        return losses


@contextmanager
def open_lines(path: Path) -> Generator[Lines]:
    """Open a text file whatever its encoding.

    Raises:
        NotReadable: It is empty, too large, not text, or may not be read.
    """
    head = head_of(path)
    if not head:
        raise not_readable(path, "it is empty")
    if not is_text(head):
        raise not_readable(path, "it is not text")
    try:
        with path.open(encoding=_encoding(head), errors="replace", newline="") as file:
            yield Lines(file)
    except OSError as error:
        raise not_readable(path, str(error.strerror or error)) from error


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file, with its whole first line where that is not too long.

    Raises:
        NotReadable: It is too large, or may not be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            raise not_readable(path, "it is no regular file")
        if status.st_size > LARGEST_FILE:
            raise not_readable(path, f"it is larger than {LARGEST_FILE // 1_000_000_000} GB")
        with path.open("rb") as file:
            head = file.read(HEAD)
            if head.startswith(SQLITE):
                return head + file.read(DATABASE_HEAD) + _unmerged(path)
            return head if b"\n" in head else head + file.readline(LONGEST_FIRST_LINE)
    except OSError as error:
        raise not_readable(path, str(error.strerror or error)) from error


def _unmerged(database: Path) -> bytes:
    """Return the first bytes that a database's writer has not yet merged into it."""
    journal = database.with_name(f"{database.name}-wal")
    if not journal.is_file():
        return b""
    with journal.open("rb") as file:
        return file.read(DATABASE_HEAD)


def text_of(head: bytes) -> str:
    """Return the first bytes of a file as text."""
    return head.decode(_encoding(head), errors="replace")


def is_text(head: bytes) -> bool:
    """Return whether a file that starts with these bytes starts with a line of text."""
    first = next((line for line in text_of(head).splitlines() if line.strip()), "")
    first = first.rstrip("\ufffd")  # a file may end inside a character
    if "\0" in first:
        return False
    readable = sum(character.isprintable() or character == "\t" for character in first)
    return readable - first.count("\ufffd") >= READABLE * len(first)


def lies_in(path: Path, directory: Path) -> bool:
    """Return whether a file is there, and no link that leads out of a directory."""
    return path.is_file() and path.resolve().is_relative_to(directory.resolve())


def not_readable(path: Path, why: str) -> NotReadable:
    """Refuse one file."""
    return NotReadable(str(path), why, "The other files of its directory are still read.")


def _encoding(head: bytes) -> str:
    return BYTE_ORDER_MARKS.get(head[:2], "utf-8-sig")
