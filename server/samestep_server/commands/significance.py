"""Whether a difference is more than chance."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from samestep.errors import BadArgument
from samestep.settings import Project
from samestep_server.commands.options import JsonOption, ProjectOption, answered, side

if TYPE_CHECKING:
    from collections.abc import Sequence


class Test(StrEnum):
    """The tests there are."""

    auto = "auto"
    welch = "welch"
    paired_t = "paired_t"
    wilcoxon = "wilcoxon"
    mann_whitney = "mann_whitney"
    bootstrap = "bootstrap"
    permutation = "permutation"
    mcnemar = "mcnemar"
    paired_bootstrap = "paired_bootstrap"
    nadeau_bengio = "nadeau_bengio"
    friedman = "friedman"
    iqm = "iqm"


def significance(  # noqa: PLR0913, PLR0917 # one parameter per option
    a: Annotated[str, typer.Argument(help="group:<pattern>, JSON list of runs, or predictions.")],
    b: Annotated[list[str], typer.Argument(help="One or more, each as a.")],
    metric: Annotated[
        list[str], typer.Option("--metric", "-m", help="One name, regex, or name:lower.")
    ],
    test: Annotated[
        Test, typer.Option(help="Which test; auto picks the one that fits.")
    ] = Test.auto,
    at: Annotated[float | None, typer.Option(help="Another x, not beyond a's.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Test whether groups of seeds differ by more than chance at the same step."""
    from samestep import significance_test
    from samestep_server import terminal

    answered(
        lambda: significance_test(
            side(a), _sides(b), _only(metric), test.value, at, project=Project.here(project)
        ),
        terminal.significance,
        as_json=as_json,
    )


def _only(metrics: "Sequence[str]") -> str:
    """Return the one metric that is named; a second would silently take its place."""
    if len(metrics) > 1:
        takes = f"one name or regex, {'|'.join(metrics)!r} for several"
        raise BadArgument("metric", ", ".join(metrics), takes)
    return metrics[0]


def _sides(written: "Sequence[str]") -> str | list[str] | list[list[str]]:
    """Return one side as it was written, or several as a list of lists."""
    sides = [side(text) for text in written]
    if len(sides) == 1:
        return sides[0]
    return [[one] if isinstance(one, str) else one for one in sides]
