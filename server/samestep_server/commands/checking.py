"""What `samestep check` does, without what a command line costs to load: hooks run it often."""

import argparse
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from samestep.errors import BadArgument, NoSuchPath, SamestepError
from samestep.settings import Project

BLOCKED = 3
STANDARD_INPUT = "-"
MOST_BYTES = 4_000_000  # of a file: more than is read of any text


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
    except (_Unread, SamestepError):
        return None


def told(file: str, answers: list[str] | None, project: Project, form: Format) -> bool:
    """Print the claims of a file, and return whether none is blocked.

    Raises:
        SamestepError: The file cannot be read, or an answer is not recorded.
    """
    from samestep.claims import check as held_against
    from samestep.claims.held import held
    from samestep_server.commands.claim_lines import annotations, lines

    recorded = held(answers, project.directory)
    found = held_against(read(file), [one.answer for one in recorded])
    name = "" if file == STANDARD_INPUT else file
    claims = annotations(found, name) if form is Format.github else lines(found)
    sys.stdout.writelines(f"{line}\n" for line in claims)
    return found.ok


def read(file: str) -> str:
    """Return the text of a file, or of standard input for `-`; only so much of it is read.

    Raises:
        SamestepError: It is a directory, or cannot be read.
    """
    if file == STANDARD_INPUT:
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        return content.decode("utf-8", "replace")
    path = Path(file)
    if path.is_dir():
        raise BadArgument("FILE", file, "a text file, or - for standard input")
    try:
        with path.open("rb") as opened:
            return opened.read(MOST_BYTES + 1).decode("utf-8", "replace")
    except OSError as error:
        holds = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise NoSuchPath(file, str(path.parent), holds) from error


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
