"""How a student stands against its baselines."""

from typing import Annotated, Literal

import typer

from samestep.settings import Project
from samestep_server.commands.options import (
    AxisOption,
    CursorOption,
    JsonOption,
    LimitOption,
    MetricOption,
    ProjectOption,
    answered,
    named,
    side,
)

Matching = Literal["auto", "exact", "interpolated", "nearest"]


def compare(  # noqa: PLR0913, PLR0917 # one parameter per option
    student: Annotated[str, typer.Argument(help="Run, group:<pattern>, or a JSON list of runs.")],
    baselines: Annotated[list[str], typer.Argument(help="One or more, each as the student.")],
    downstream: Annotated[
        list[str] | None, typer.Option("--downstream", "-d", help="What the project is for.")
    ] = None,
    proxy: Annotated[list[str] | None, typer.Option(help="A cheap metric.")] = None,
    metric: MetricOption = None,
    pair: Annotated[
        list[str] | None, typer.Option(help="student_name=baseline_name, compared as one metric.")
    ] = None,
    x: AxisOption = "auto",
    at: Annotated[float | None, typer.Option(help="Another x, not beyond the student's.")] = None,
    match: Annotated[Matching, typer.Option(help="How to find values.")] = "auto",
    tolerance: Annotated[float | None, typer.Option(min=0, help="Farthest nearest point.")] = None,
    limit: LimitOption = 12,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Compare a student with baselines at the student's current step."""
    from samestep import compare_same_epoch
    from samestep_server import terminal

    answered(
        lambda: compare_same_epoch(
            side(student),
            [side(baseline) for baseline in baselines],
            metrics=metric,
            pairs=named("pair", pair),
            proxy=proxy,
            downstream=downstream,
            x=x,
            at=at,
            match=match,
            tolerance=tolerance,
            limit=limit,
            cursor=cursor,
            project=Project.here(project),
        ),
        terminal.comparison,
        as_json=as_json,
    )
