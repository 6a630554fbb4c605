"""Which runs there are."""

from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import (
    CursorOption,
    JsonOption,
    LimitOption,
    ProjectOption,
    answered,
)


def list_(  # noqa: PLR0913, PLR0917 # one parameter per option
    source: Annotated[str | None, typer.Argument(help="Source reference; default all.")] = None,
    match: Annotated[str | None, typer.Option(help="Pattern over whole full names.")] = None,
    where: Annotated[str | None, typer.Option(help="Condition, such as 'config.lr < 0.1'.")] = None,
    order_by: Annotated[str, typer.Option(help="started, full_name, state, ...")] = "-started",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """List runs by their full names."""
    from samestep import list_runs
    from samestep_server import terminal

    answered(
        lambda: list_runs(
            source, match, where, order_by, limit, cursor, project=Project.here(project)
        ),
        terminal.listing,
        as_json=as_json,
    )
