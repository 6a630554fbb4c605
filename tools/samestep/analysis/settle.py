"""One metric's points with restarts and duplicates resolved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.model import History, Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats, Integers

    Mask = NDArray[np.bool_]


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
    resumed_row: int | None
    """The row from which the newest session wrote; None without a restart."""
    voided: int
    """Points that a restart wrote again or declared void."""
    duplicates: int
    """Points overwritten by a later one at the same step, without a restart in between."""


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
    key, rows, purged = key[order], metric.rows[order], _purged(metric, history)[order]
    kept = _written_last(key) & ~purged
    starts = _session_starts(key, rows, metric, history)
    repeated = int(np.count_nonzero(_repeated(key, starts) & ~kept & ~purged))
    unkeyed = np.isnan(key)
    # What is kept of the keyed points is ascending already: each lies below all later ones.
    chosen = order[np.append(np.flatnonzero(kept & unkeyed), np.flatnonzero(kept & ~unkeyed))]
    return Settled(
        name=metric.name,
        steps=metric.steps[chosen],
        values=metric.values[chosen],
        rows=metric.rows[chosen],
        times=None if metric.times is None else metric.times[chosen],
        restarts=len(starts),
        resumed_row=_row_of(starts[-1], rows) if len(starts) else None,
        voided=int(np.count_nonzero(~kept)) - repeated,
        duplicates=repeated,
    )


def _written_last(key: "Floats") -> "Mask":
    """Return which points no later point wrote again: those below every later one."""
    ahead = np.where(np.isnan(key), np.inf, key)
    lowest_later = np.append(np.minimum.accumulate(ahead[::-1])[::-1][1:], np.nan)
    return np.isnan(key) | ~(key >= lowest_later)


def _purged(metric: Metric, history: History) -> "Mask":
    """Return which points the writer itself declared void."""
    void = np.zeros(len(metric.steps), dtype=bool)
    for purge in history.purges:
        void |= (metric.rows < purge.row) & (metric.steps >= purge.step)
    return void


def _session_starts(
    key: "Floats", rows: "Integers", metric: Metric, history: History
) -> "Integers":
    """Return the first point of every session but the first; one past the last if it has none."""
    keyed = np.flatnonzero(~np.isnan(key))
    back = keyed[1:][key[keyed][1:] < key[keyed][:-1]]
    marked = [
        np.count_nonzero(rows < purge.row)
        for purge in history.purges
        if ((metric.rows < purge.row) & (metric.steps >= purge.step)).any()
    ]
    return np.unique(np.append(back, np.array(marked, dtype=np.int64)))


def _row_of(start: int, rows: "Integers") -> int:
    return int(rows[start]) if start < len(rows) else int(rows[-1]) + 1


def _repeated(key: "Floats", starts: "Integers") -> "Mask":
    """Return which points the next point of the same session repeats the step of."""
    keyed = np.flatnonzero(~np.isnan(key))
    session = np.searchsorted(starts, keyed, side="right")
    same = (key[keyed][1:] == key[keyed][:-1]) & (session[1:] == session[:-1])
    repeated = np.zeros(len(key), dtype=bool)
    repeated[keyed[:-1][same]] = True
    return repeated
