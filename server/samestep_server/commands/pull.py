"""What made a checkpoint, and everything about a few runs."""

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import (
    AxisOption,
    JsonOption,
    ProjectOption,
    answered,
    named,
)
from samestep_server.commands.words import in_terminal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from samestep.answers.pull import Pulled, Section

CAVEAT = re.compile(r"- (blocks|warns|notes) \(")
REFRESH = "Taken from scripts that pass it: no run is kept from call to call, each reads anew."


def pull(  # noqa: PLR0913, PLR0917 # one parameter per option
    checkpoint: Annotated[
        list[str] | None, typer.Option("--checkpoint", "-c", help="Path of one; repeatable.")
    ] = None,
    run: Annotated[
        list[str] | None,
        typer.Option("--run", "-r", help="Run, checkpoint or group:<pattern>; repeatable."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Only which metrics there are.")] = False,  # noqa: FBT002 # a flag of the command line
    stats: Annotated[bool, typer.Option("--stats", help="Only statistics over all rows.")] = False,  # noqa: FBT002 # a flag of the command line
    select: Annotated[
        list[str] | None, typer.Option(help="Metric, or regex over whole names; repeatable.")
    ] = None,
    where: Annotated[str | None, typer.Option(help="Condition on rows: 'epoch > 5'.")] = None,
    derive: Annotated[
        list[str] | None,
        typer.Option("--derive", "--eval", help="name=expression, a column of HISTORY and STATS."),
    ] = None,
    show_all: Annotated[bool, typer.Option("--show-all", help="Every section whole.")] = False,  # noqa: FBT002 # a flag of the command line
    human: Annotated[bool, typer.Option("--human", "-H", help="Tables for a person.")] = False,  # noqa: FBT002 # a flag of the command line
    refresh: Annotated[bool, typer.Option("--refresh", help=REFRESH)] = False,  # noqa: ARG001, FBT002 # a flag of the command line that changes nothing
    x: AxisOption = "auto",
    at: Annotated[float | None, typer.Option(help="Where to compare several runs.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Tell what made a checkpoint, or all about a few runs: config, newest values, rows."""
    from samestep.questions.pull import pull as ask
    from samestep_server.terminal.pull import pull as view

    sections: list[Section] = [
        *(["schema"] if schema else []),
        *(["stats"] if stats else []),
    ]

    answered(
        lambda: ask(
            checkpoint,
            run,
            sections or None,
            select,
            where,
            named("derive", derive),
            x,
            at,
            show_all=show_all,
            project=Project.here(project),
        ),
        view if human else _plain,
        as_json=as_json,
    )


def _plain(answer: "Pulled") -> "list[RenderableType]":
    """Print the answer as a model reads it, in lines of any length; the caveats name commands."""
    lines = answer.to_markdown().splitlines()
    told = [in_terminal(line) if CAVEAT.match(line) else line for line in lines]
    sys.stdout.writelines(f"{line}\n" for line in told)
    return []
