"""What one run logged."""

from enum import StrEnum
from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import (
    AxisOption,
    CursorOption,
    JsonOption,
    MetricOption,
    ProjectOption,
    answered,
    named,
)


class Part(StrEnum):
    """What a look into one run can show."""

    config = "config"
    summary = "summary"
    history = "history"
    schema = "schema"
    stats = "stats"
    empty_rows = "empty_rows"


def history(  # noqa: PLR0913, PLR0917 # one parameter per option
    run: Annotated[str, typer.Argument(help="Run reference or unique full name.")],
    metric: MetricOption = None,
    x: AxisOption = "auto",
    where: Annotated[str | None, typer.Option(help="Condition, such as 'epoch > 5'.")] = None,
    derive: Annotated[
        list[str] | None, typer.Option(help="name=expression, such as 'gap=train/loss - val/loss'.")
    ] = None,
    include: Annotated[
        list[Part] | None, typer.Option(help="What to show; schema, or history and stats.")
    ] = None,
    max_points: Annotated[int, typer.Option(min=2, max=1000, help="Most rows shown.")] = 20,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Show what one run logged."""
    from samestep import fetch_history
    from samestep_server import terminal

    answered(
        lambda: fetch_history(
            run,
            metrics=metric,
            x=x,
            where=where,
            derive=named("derive", derive),
            include=[part.value for part in include] if include else None,
            max_points=max_points,
            cursor=cursor,
            project=Project.here(project),
        ),
        terminal.history,
        as_json=as_json,
    )
