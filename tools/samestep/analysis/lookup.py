"""A logged counter's value at the points of other metrics."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.analysis.settle import Settled, settle
from samestep.model import History, Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats, Integers

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A logged counter that can be looked up by the row and the step of a point."""

    name: str
    steps: "Floats"
    """Steps at which it is known, ascending, shape (known,)."""
    values: "Floats"
    """Its value there, shape (known,)."""
    rows: "Integers"
    """The rows that log it, ascending, shape (logged,)."""
    logged: "Floats"
    """Its value in those rows, shape (logged,)."""
    resumed_row: int | None
    """The row from which the newest session wrote, where older ones counted otherwise."""

    @classmethod
    def of(cls, metric: Metric, history: History) -> Self:
        """Settle a counter for looking up.

        Sessions that agree on its value at every step are all looked up: a restart voids what was
        measured, and not how many steps an epoch has. Otherwise the newest session counts.
        """
        agreed = _sessions_agree(metric)
        everything = replace(history, append_only=False, purges=())
        settled = settle(metric, everything if agreed else history)
        known = np.isfinite(settled.steps) & np.isfinite(settled.values)
        by_row = np.argsort(metric.rows, kind="stable")
        return cls(
            name=metric.name,
            steps=settled.steps[known],
            values=settled.values[known],
            rows=metric.rows[by_row],
            logged=metric.values[by_row],
            resumed_row=settled.resumed_row,
        )

    @property
    def counts_up(self) -> bool:
        """Whether it never gets smaller while the step goes on."""
        return bool(np.all(self.values[1:] >= self.values[:-1]))

    @property
    def usual_spacing(self) -> float:
        """The usual number of steps between two points of it; 0 with one point."""
        return float(np.median(np.diff(self.steps))) if len(self.steps) > 1 else 0.0

    def at(self, points: Settled) -> "Floats":
        """Return its value at each point: in its row, else between the steps that log it.

        Of the points after the newest step that logs it, the first takes its value there and the
        others have none: they would all stand at one x.
        """
        by_row = self.in_row(points.rows)
        if not len(self.steps):
            return by_row
        by_step = np.interp(points.steps, self.steps, self.values, left=np.nan)
        by_step[points.steps > self.steps[-1]] = np.nan
        by_step[np.isnan(points.steps)] = np.nan  # one known step would stand for every point
        by_step[self.next_after(points, self.usual_spacing)] = self.values[-1]
        return np.where(np.isnan(by_row), by_step, by_row)

    def in_row(self, rows: "Integers") -> "Floats":
        """Return its value in each row, NaN where the row does not log it."""
        if not len(self.rows):
            return np.full(len(rows), np.nan)
        at = np.maximum(np.searchsorted(self.rows, rows, side="right") - 1, 0)
        return np.where(self.rows[at] == rows, self.logged[at], np.nan)

    def next_after(self, points: Settled, reach: float) -> "Integers":
        """Return the first point after the newest step within reach, if none stands at that step.

        The result has the shape (0,) or (1,).
        """
        newest = self.steps[-1]
        after = np.flatnonzero((points.steps > newest) & ~self.left_behind(points))[:1]
        is_near = points.steps[after] - newest <= reach
        return after[is_near & ~np.any(points.steps == newest)]

    def left_behind(self, points: Settled) -> "Mask":
        """Return which points of older sessions lie beyond all that the newest one has logged."""
        if self.resumed_row is None:
            return np.zeros(len(points.rows), dtype=bool)
        return (points.rows < self.resumed_row) & (points.steps > self.steps[-1])


def _sessions_agree(metric: Metric) -> bool:
    """Return whether a counter never gets smaller by step, whichever session logged it."""
    known = np.isfinite(metric.steps) & np.isfinite(metric.values)
    values = metric.values[known][np.argsort(metric.steps[known], kind="stable")]
    return bool(np.all(values[1:] >= values[:-1]))
