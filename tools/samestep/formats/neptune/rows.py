"""Which points of different series belong to one log call: Neptune keeps series, not rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from samestep.model import Floats, Integers


def as_written(
    steps: Sequence["Floats"], times: Sequence["Floats"], orders: Sequence["Integers"]
) -> list["Integers"]:
    """Number the log calls of series that are kept in the order of writing.

    Points of equal step and time share the number of the first of them, unless a series would
    then go back: its points keep their own numbers.

    Args:
        steps: The steps of each series.
        times: When each point was written; a NaN is equal to nothing.
        orders: The place of each point among all points of the run.
    """
    if not orders:
        return []
    step, time, order = np.concatenate(steps), np.concatenate(times), np.concatenate(orders)
    sorting = np.lexsort((order, time, step))
    is_new = np.ones(len(sorting), np.bool_)
    is_new[1:] = np.diff(step[sorting]).astype(np.bool_) | ~(np.diff(time[sorting]) == 0.0)
    first = order[sorting][is_new]
    shared = np.empty_like(order)
    shared[sorting] = first[np.cumsum(is_new) - 1]
    ends = np.cumsum([len(one) for one in orders])[:-1]
    pairs = zip(np.split(shared, ends), orders, strict=True)
    return [rows if (np.diff(rows) > 0).all() else own for rows, own in pairs]


def by_time(steps: Sequence["Floats"], times: Sequence["Floats"]) -> list["Integers"]:
    """Number the log calls of series that are kept sorted: ranks of time, then of step."""
    if not steps:
        return []
    step, time = np.concatenate(steps), np.concatenate(times)
    sorting = np.lexsort((step, time))
    is_new = np.zeros(len(sorting), np.bool_)
    is_new[1:] = ~(_same(step[sorting]) & _same(time[sorting]))
    ranks = np.empty(len(sorting), np.int64)
    ranks[sorting] = np.cumsum(is_new)
    return np.split(ranks, np.cumsum([len(one) for one in steps])[:-1])


def _same(numbers: "Floats") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return whether each number but the first is the one before it; NaN is itself."""
    before, after = numbers[:-1], numbers[1:]
    return (before == after) | (np.isnan(before) & np.isnan(after))
