"""A curve's value at a given x: exact, interpolated, nearest, or absent with the reason."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from samestep.analysis.axis import Curve
from samestep.model import Match

Matching = Literal["auto", "exact", "interpolated", "nearest"]

WIDEST_BRIDGE = 3.0  # interpolation spans at most this many times the curve's usual spacing
DEFAULT_REACH = 0.5  # the nearest point lies within this many times the usual spacing
SAME_X = 1e-9  # relative; x is often a quotient of whole numbers


@dataclass(frozen=True, slots=True)
class Point:
    """A value found on a curve, with how it was found."""

    value: float
    x: float
    match: Match
    step: float | None = None
    gap: float | None = None
    """How far the point lies from the x asked for; None when exact."""
    between: tuple[float, float] | None = None
    """The two x around an interpolated value."""


@dataclass(frozen=True, slots=True)
class Absent:
    """No value, and why."""

    why: str


def spacing(curve: Curve) -> float | None:
    """Return the usual (median) distance between a curve's points; None with one point."""
    return float(np.median(np.diff(curve.x))) if len(curve) > 1 else None


def newest_point(curve: Curve, limit: float) -> Point | Absent:
    """Return the newest point at or before `limit`."""
    at = int(np.searchsorted(curve.x, limit + SAME_X * max(1.0, abs(limit)), side="right")) - 1
    if at < 0:
        return Absent(f"first logged at {_shown(curve.x[0])}, after {_shown(limit)}")
    return _logged(curve, at)


def value_at(
    curve: Curve, x: float, matching: Matching = "auto", tolerance: float | None = None
) -> Point | Absent:
    """Return the curve's value at x; nothing is ever extrapolated.

    Args:
        curve: The curve, at least one point.
        x: Where, in units of the axis.
        matching: The one way allowed, or "auto" for exact, else interpolated, else nearest.
        tolerance: How far the nearest point may lie, in units of the axis; default half the
            curve's usual spacing.
    """
    nearest = int(np.argmin(np.abs(curve.x - x)))
    if _same(float(curve.x[nearest]), x):
        return _logged(curve, nearest)
    if matching in {"auto", "interpolated"}:
        bridged = _interpolated(curve, x)
        if isinstance(bridged, Point) or matching == "interpolated":
            return bridged
    if matching in {"auto", "nearest"}:
        return _nearest(curve, nearest, x, tolerance)
    return Absent(f'not logged at exactly {_shown(x)}, and match="exact" was asked for')


def _logged(curve: Curve, at: int) -> Point:
    return Point(float(curve.values[at]), float(curve.x[at]), "exact", _step(curve, at))


def _interpolated(curve: Curve, x: float) -> Point | Absent:
    after = int(np.searchsorted(curve.x, x))
    usual = spacing(curve)
    if usual is None or after in {0, len(curve)}:
        return Absent(f"not logged on both sides of {_shown(x)}")
    low, high = float(curve.x[after - 1]), float(curve.x[after])
    if high - low > WIDEST_BRIDGE * usual * (1.0 + SAME_X):
        return Absent(
            f"the points around {_shown(x)} ({_shown(low)} and {_shown(high)}) lie further apart "
            f"than {WIDEST_BRIDGE:g} times the usual {_shown(usual)}"
        )
    ends = curve.values[after - 1 : after + 1]
    if not np.isfinite(ends).all():
        return Absent(f"a value next to {_shown(x)} is not finite")
    part = (x - low) / (high - low)
    value = float(ends[0] * (1.0 - part) + ends[1] * part)
    return Point(value, x, "interpolated", gap=min(x - low, high - x), between=(low, high))


def _nearest(curve: Curve, at: int, x: float, tolerance: float | None) -> Point | Absent:
    usual = spacing(curve)
    reach = tolerance if tolerance is not None else DEFAULT_REACH * (usual or 0.0)
    gap = abs(float(curve.x[at]) - x)
    if gap > reach * (1.0 + SAME_X):
        return Absent(
            f"not logged within {_shown(reach)} of {_shown(x)}; "
            f"its nearest point is at {_shown(curve.x[at])}"
        )
    return Point(float(curve.values[at]), float(curve.x[at]), "nearest", _step(curve, at), gap)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_X * max(1.0, abs(one), abs(other))


def _step(curve: Curve, at: int) -> float | None:
    step = float(curve.steps[at])
    return None if np.isnan(step) else step


def _shown(x: float) -> str:
    return f"{x:.6g}"
