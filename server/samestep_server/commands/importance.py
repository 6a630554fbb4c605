"""How much a metric depends on each setting."""

from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import JsonOption, ProjectOption, answered


def importance(
    runs: Annotated[list[str], typer.Argument(help="One source, group:<pattern>, or runs.")],
    metric: Annotated[
        str, typer.Option("--metric", "-m", help="Name, or name:lower, name:higher.")
    ],
    at: Annotated[
        float | None, typer.Option(help="Default the newest x at least half have reached.")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Tell how much a metric at the same step varies with each setting of a sweep."""
    from samestep import parameter_importance
    from samestep_server import terminal

    answered(
        lambda: parameter_importance(runs, metric, at, project=Project.here(project)),
        terminal.importance,
        as_json=as_json,
    )
