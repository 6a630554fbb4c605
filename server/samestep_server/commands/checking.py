"""What `samestep check` does, without what a command line costs to load: hooks run it often."""

import argparse
import codecs
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from samestep.errors import BadArgument, NoSuchPath, SamestepError
from samestep.settings import Project

REFUSED = 2
BLOCKED = 3
STANDARD_INPUT = "-"
MOST_BYTES = 4_000_000  # of a file: more than is read of any text
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
"""The byte-order marks, the longer ones first, and the encodings they tell."""


class Format(StrEnum):
    """How claims are told."""

    text = "text"
    github = "github"


def checked_at_once(arguments: Sequence[str]) -> int | None:
    """Return the exit status of plain arguments; None for what the whole command line words.

    That is help, JSON, unknown options and every refusal.
    """
    try:
        asked = _Parser.of_check().parse_args(arguments)
        project = Project.here(asked.project)
        return 0 if told(asked.file, asked.answer, project, asked.format) else BLOCKED
    except NoText as refusal:  # standard input cannot be read a second time
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    except (_Unread, SamestepError):
        return None


def told(file: str, answers: list[str] | None, project: Project, form: Format) -> bool:
    """Print the claims of a file, and return whether all was read and no claim is blocked.

    Raises:
        SamestepError: The file cannot be read, or an answer is not recorded.
    """
    from samestep.claims import check as held_against
    from samestep.claims.held import held
    from samestep.claims.outcome import unread
    from samestep_server.commands.claim_lines import annotations, lines

    recorded = held(answers, project.directory)
    found = held_against(read(file), [one.answer for one in recorded])
    name = "" if file == STANDARD_INPUT else file
    claims = annotations(found, name) if form is Format.github else lines(found)
    sys.stdout.writelines(f"{line}\n" for line in claims)
    return found.ok and unread(found) is None


def read(file: str) -> str:
    """Return the text of a file, or of standard input for `-`; only so much of it is read.

    Raises:
        SamestepError: It is a directory, cannot be read, or is no text.
    """
    if file == STANDARD_INPUT:
        return _decoded(sys.stdin.buffer.read(MOST_BYTES + 1), file)
    path = Path(file)
    if path.is_dir():
        raise BadArgument("FILE", file, "a text file, or - for standard input")
    try:
        with path.open("rb") as opened:
            return _decoded(opened.read(MOST_BYTES + 1), file)
    except OSError as error:
        holds = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise NoSuchPath(file, str(path.parent), holds) from error


def _decoded(content: bytes, file: str) -> str:
    """Return bytes as text: UTF-8, or what their byte-order mark tells."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(content, final=len(content) <= MOST_BYTES)
    except UnicodeDecodeError as error:
        raise NoText(file) from error
    if "\0" in text:
        raise NoText(file)
    return text


class NoText(BadArgument):
    """A file whose bytes are no text."""

    def __init__(self, file: str) -> None:
        super().__init__(
            "FILE", file, "text in UTF-8, or with a byte-order mark; these bytes are no such text"
        )


class _Unread(Exception):
    """Arguments that are not plain."""


class _Parser(argparse.ArgumentParser):
    """Reads plain arguments, and leaves all others to the whole command line."""

    @classmethod
    def of_check(cls) -> "_Parser":
        parser = cls(add_help=False, allow_abbrev=False)
        parser.add_argument("file")
        parser.add_argument("--answer", action="append")
        parser.add_argument("--format", type=Format, default=Format.text)
        parser.add_argument("--project")
        return parser

    def error(self, message: str) -> NoReturn:
        raise _Unread(message)
