"""samestep.toml, written for a person to correct."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from samestep.errors import SamestepError
from samestep.settings import FILE_NAME, Project
from samestep_server.commands.options import ProjectOption, refusing


def init(
    project: ProjectOption = None,
    stdout: Annotated[  # noqa: FBT002 # a flag of the command line
        bool, typer.Option("--stdout", help="Print the file instead of writing it.")
    ] = False,
) -> None:
    """Write samestep.toml from what the sources hold, for you to correct."""
    text, file = refusing(lambda: _proposed(project, stdout=stdout))
    if stdout:
        sys.stdout.write(text)
    else:
        refusing(lambda: _write(file, text))
        sys.stdout.write(f"{file} is written. Correct it: what is unsure stands behind a #.\n")


def _proposed(directory: str | None, *, stdout: bool) -> tuple[str, Path]:
    from samestep.questions.init import proposed_file

    project = Project.here(directory)
    file = project.directory / FILE_NAME
    if file.exists() and not stdout:
        raise _there(file)
    return proposed_file(project), file


def _write(file: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise _there(file) from error
    except OSError as error:
        raise SamestepError(
            f"{file} cannot be written ({error}). `samestep init --stdout` prints what would be."
        ) from error


def _there(file: Path) -> SamestepError:
    return SamestepError(
        f"{file} is there already, and is not overwritten. "
        "`samestep init --stdout` prints what would be written."
    )
