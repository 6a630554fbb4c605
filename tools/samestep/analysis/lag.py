"""How far a student lags behind a baseline along the x-axis."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve
from samestep.analysis.side_by_side import SideBySide

if TYPE_CHECKING:
    from samestep.model import Direction

NEVER = "never"
FROM_THE_START = "as good at its first point"
ROUNDING = 1e-9  # relative
QUARTER = 0.25  # newest part of the common x over which a lag is said to have moved


@dataclass(frozen=True, slots=True)
class Lag:
    """Where the baseline first had what the student has now."""

    why: str | None
    """Why there is no lag, or why nobody knows how it has moved, as a clause that may lack its
    subject, the baseline; None where both are known."""
    x: float | None = None
    """The x of the student's present: its newest, up to the baseline's last."""
    value: float | None = None
    """The student's value there, free of the newest point's noise."""
    reached: float | None = None
    """The x at which the baseline first reached that value."""
    lag: float | None = None
    """How far behind the student is, in units of x; below 0 it is ahead. None with `why`."""
    moved: float | None = None
    """How much the lag has grown over the last quarter of the common x, below 0 shrunk."""
    since: float | None = None
    """Where that quarter begins."""


def lag(student: Curve, baseline: Curve, direction: "Direction | None") -> Lag:
    """Find where the baseline first had the student's present value, and how that has moved.

    Args:
        student: The student's curve along the axis compared on.
        baseline: The baseline's curve along the same axis.
        direction: Which way is better; None has no lag.
    """
    if direction is None:
        return Lag("nobody knows which way is better")
    both = SideBySide.of(student, baseline, direction)
    if isinstance(both, str):
        return Lag(both)
    own, other = both.student, both.baseline
    first, now = float(max(own.x[0], other.x[0])), float(min(own.x[-1], other.x[-1]))
    if first > now:
        return Lag("the two have no stretch of x in common")
    since = now - QUARTER * (now - first)
    until = own.until(now)
    present, x = until.present, float(until.x[-1])
    placed = Lag(None, x=x, value=both.scale.value(present), since=since)
    reached = other.first_reached(np.array([present]))[0]
    if np.isnan(reached):
        return replace(placed, why=_unknown(present, both))
    placed = replace(placed, reached=float(reached), lag=x - float(reached))
    return _moved(placed, since, both)


def _unknown(z: float, both: SideBySide) -> str:
    """Return why nobody knows when the baseline reached a value."""
    return NEVER if z < float(np.min(both.baseline.z)) else FROM_THE_START


def _moved(placed: Lag, since: float, both: SideBySide) -> Lag:
    """Return the lag with how much it has grown since an earlier x."""
    earlier = both.student.until(since)
    if not len(earlier) or placed.lag is None:
        return replace(placed, why=f"no point of the student up to {since:.6g}")
    then = earlier.present
    reached = both.baseline.first_reached(np.array([then]))[0]
    if np.isnan(reached):
        return replace(placed, why=f"{_unknown(then, both)} as at {since:.6g}")
    behind = float(earlier.x[-1]) - float(reached)
    moved = placed.lag - behind
    still = abs(moved) <= ROUNDING * max(abs(placed.lag), abs(behind))
    return replace(placed, moved=0.0 if still else moved)
