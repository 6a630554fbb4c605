"""What a history's rows leave out or do not agree on, said with counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve, RunAxis
from samestep.analysis.row_steps import agreed_steps
from samestep.analysis.table import Table
from samestep.answers.answer import Caveat
from samestep.questions.caveats.placements import overwritten_caveats, restart_caveats
from samestep.questions.caveats.words import listed

if TYPE_CHECKING:
    from samestep.model import Floats


def gap_caveats(axis: RunAxis, shown: Sequence[str], asked_by_name: Sequence[str]) -> list[Caveat]:
    """Return what of the run is not among its points on the axis.

    Args:
        axis: The axis of the rows.
        shown: The metrics the answer shows something of.
        asked_by_name: The metrics the caller named, of which each is told by itself.
    """
    curves = {name: [axis.curves[name]] for name in shown if name in axis.curves}
    said = [*restart_caveats(curves), *overwritten_caveats(curves)]
    unplaced = {name: why for name, why in axis.unplaced.items() if name in shown}
    others = {name: why for name, why in unplaced.items() if name not in asked_by_name}
    return [*(one.caveat for one in said), *_nowhere(others), *_by_name(unplaced, asked_by_name)]


def with_steps(
    table: Table, curves: Mapping[str, Curve], shown: Sequence[str]
) -> "tuple[Table, Floats]":
    """Return the table with the step of each row, and the x of rows whose points name several.

    A row that holds none of the metrics shown has the step of those it does hold.
    """
    rest, _ = agreed_steps(table.x, curves.values())
    of_shown = [curves[name] for name in shown]
    steps, apart = agreed_steps(table.x, of_shown)
    held = np.isin(table.x, np.concatenate([table.x[:0], *(curve.x for curve in of_shown)]))
    return replace(table, step=np.where(held, steps, rest)), table.x[apart]


def steps_apart(table: Table, apart: "Floats") -> Iterator[Caveat]:
    """Say which rows of a table have no step because their points name several."""
    rows = int(np.count_nonzero(np.isin(table.x, apart)))
    if rows:
        have = "row has" if rows == 1 else "rows have"
        yield _note(
            f"{rows} {have} no step, of {len(table)}: their points were logged at different "
            "steps, or some without one. One metric at a time keeps its steps."
        )


def _nowhere(unplaced: Mapping[str, str]) -> Iterator[Caveat]:
    """Say which metrics have no point on the axis at all, those of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for name, why in unplaced.items():
        by_reason.setdefault(why, []).append(name)
    for why, names in by_reason.items():
        have = "metric has" if len(names) == 1 else "metrics have"
        yield _note(f"{len(names)} {have} no place on this axis ({listed(names)}): {why}.")


def _by_name(unplaced: Mapping[str, str], named: Sequence[str]) -> Iterator[Caveat]:
    for name in named:
        if name in unplaced:
            yield _note(f"{name} has no place on this axis: {unplaced[name]}.")


def _note(text: str) -> Caveat:
    return Caveat(rule="partial-said", severity="notes", text=text)
