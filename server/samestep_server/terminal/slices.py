"""The slices of scores, in a terminal."""

from typing import TYPE_CHECKING

from samestep.answers.slices import changes, counted, named
from samestep.phrases import number
from samestep_server.terminal.pieces import lines, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from samestep.answers import Comparison

COLUMNS = (">compared", ">better", ">worse", ">mean delta (computed)", "most changed")


def slices(answer: "Comparison") -> "Iterator[RenderableType]":
    """Yield one table per baseline that has families of slices."""
    for baseline in dict.fromkeys(one.baseline for one in answer.slices):
        yield table(
            [f"slices against {baseline}", *COLUMNS],
            [
                [
                    text(named(one)),
                    text(counted(one)),
                    text(str(one.better)),
                    text(str(one.worse)),
                    text(number(one.mean_delta)),
                    lines(*changes(one)),
                ]
                for one in answer.slices
                if one.baseline == baseline
            ],
        )
