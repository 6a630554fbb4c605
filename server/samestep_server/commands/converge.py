"""Whether a run still improves."""

from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import AxisOption, JsonOption, ProjectOption, answered


def converge(  # noqa: PLR0913, PLR0917 # one parameter per option
    run: Annotated[str, typer.Argument(help="Run reference or unique full name.")],
    metric: Annotated[str, typer.Argument(help="Metric, or metric:lower, metric:higher.")],
    x: AxisOption = "auto",
    last: Annotated[int, typer.Option(min=5, max=200, help="Epochs shown.")] = 5,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Judge whether a run still improves on a metric."""
    from samestep import convergence_check
    from samestep_server import terminal

    answered(
        lambda: convergence_check(run, metric, x, last, project=Project.here(project)),
        terminal.convergence,
        as_json=as_json,
    )
