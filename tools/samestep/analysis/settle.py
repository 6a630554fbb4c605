"""One metric's points with restarts and duplicates resolved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.model import History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """One metric's points in the order of their steps, the last written of each step.

    All arrays have the shape (points,).
    """

    name: str
    steps: "Floats"
    values: "Floats"
    rows: "Integers"
    times: "Floats | None"
    restarts: int
    """How often the run was resumed or started again: the step went back, or the writer said so."""
    voided: int
    """Points that a restart wrote again or declared void."""
    duplicates: int
    """Points overwritten by a later one at the same step, without a restart."""


def settle(metric: Metric, history: History, counter: "Floats | None" = None) -> Settled:
    """Resolve restarts by order of writing: the later point wins.

    This is the rule of TensorBoard's own data loader: a new step drops every point kept so far
    at that step or beyond. A history that is not append-only is sorted by step instead, and only
    equal steps are resolved.

    Args:
        metric: The points as written.
        history: The history they belong to, for its restart marks.
        counter: What to order by instead of the step, shape (points,): the epoch of each point
            where the writer logs no step.
    """
    key = metric.steps if counter is None else counter
    order = np.arange(len(key)) if history.append_only else np.argsort(key, kind="stable")
    purged = _purged(metric, history)
    kept = _written_last(key[order]) & ~purged[order]
    dropped = int(np.count_nonzero(~kept))
    backwards = int(np.count_nonzero(np.diff(key[order][~np.isnan(key[order])]) < 0))
    restarts = max(backwards, int(purged.any()))
    chosen = order[kept]
    chosen = chosen[np.argsort(np.nan_to_num(key[chosen], nan=-np.inf), kind="stable")]
    return Settled(
        name=metric.name,
        steps=metric.steps[chosen],
        values=metric.values[chosen],
        rows=metric.rows[chosen],
        times=None if metric.times is None else metric.times[chosen],
        restarts=restarts,
        voided=dropped if restarts else 0,
        duplicates=0 if restarts else dropped,
    )


def _written_last(key: "Floats") -> "Mask":
    """Return which points no later point wrote again: those below every later one."""
    ahead = np.where(np.isnan(key), np.inf, key)
    lowest_later = np.append(np.minimum.accumulate(ahead[::-1])[::-1][1:], np.inf)
    return np.isnan(key) | (key < lowest_later)


def _purged(metric: Metric, history: History) -> "Mask":
    """Return which points the writer itself declared void."""
    void = np.zeros(len(metric.steps), dtype=bool)
    for purge in history.purges:
        void |= (metric.rows < purge.row) & (metric.steps >= purge.step)
    return void
