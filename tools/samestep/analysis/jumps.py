"""Lasting jumps of a curve: what went before one says little of what comes after."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from samestep.analysis.unitless import Prefix

if TYPE_CHECKING:
    from samestep.model import Floats

SIDE = 3  # points on either side whose medians a jump lies between
BEFORE = 8  # points before it that every point after it must lie beyond
USUAL = 2.0  # a jump is larger than so many times the largest of the changes before it
LEAST = 0.02  # and than this part of the range seen
EARLIEST = 0.3  # part of the run; the steep descent at the start is no jump
FEWEST = 10  # points without which there is no telling


def last_jump(prefix: Prefix) -> int | None:
    """Return the first point after the newest lasting jump of the level; None without one.

    Such jumps come from a learning rate that drops, a phase of training that changes or a restart.
    Every point since lies beyond the points before it, and the change is out of proportion.
    """
    z, u = prefix.z, prefix.u
    if len(prefix) < FEWEST:
        return None
    size = _changes(z)
    least = LEAST * prefix.range
    highest, lowest = _highest_since(z), -_highest_since(-z)
    for at in range(len(z) - SIDE, 2 * SIDE, -1):
        if u[at] < EARLIEST:
            return None
        before = z[max(0, at - BEFORE) : at]
        apart = highest[at] < np.min(before) or lowest[at] > np.max(before)
        if apart and size[at] > max(USUAL * _usual(size, at), least) and _is_peak(size, at):
            first = _largest_step(z, at)
            return first if len(z) - first >= SIDE else None
    return None


def _changes(z: "Floats") -> "Floats":
    """Return how far the level moves at each point, from the medians on either side: (points,)."""
    medians = np.median(sliding_window_view(z, SIDE), axis=1)
    size = np.zeros(len(z))
    size[SIDE : len(medians)] = np.abs(medians[SIDE:] - medians[:-SIDE])
    return size


def _highest_since(z: "Floats") -> "Floats":
    return np.maximum.accumulate(z[::-1])[::-1]


def _usual(size: "Floats", at: int) -> float:
    """Return the largest change in the stretch before a jump, clear of the jump itself."""
    return float(np.max(size[max(SIDE, at - BEFORE - SIDE) : at - SIDE + 1]))


def _is_peak(size: "Floats", at: int) -> bool:
    return float(size[at]) == float(np.max(size[at - SIDE + 1 : at + SIDE]))


def _largest_step(z: "Floats", at: int) -> int:
    """Return the point near a change of the medians that lies farthest from the one before it."""
    nearest = at - SIDE + 1
    return nearest + int(np.argmax(np.abs(np.diff(z[nearest - 1 : at + SIDE]))))
