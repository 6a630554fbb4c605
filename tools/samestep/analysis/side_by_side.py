"""A student's curve and a baseline's on one scale without units; lower is better."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve
from samestep.analysis.smoothing import moving_mean
from samestep.analysis.unitless import Prefix, Scale

if TYPE_CHECKING:
    from samestep.model import Direction, Floats

SMOOTHING, MOST_REACH = 0.04, 2  # part of the points on either side of a mean; points at most
STEEP = 10  # a mean reaches over at most such a part of the points before; curves start steep
FEWEST_IN_LINE, LINES = 3, 20  # points; a dense curve's line takes such a part of them
TINY = 1e-300  # a drop below this is none
WINDOWS = 96  # of a dense curve: a mean takes the points of one such stretch on either side


@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """A curve's finite points; in `z` each is the mean of its neighbourhood."""

    x: "Floats"
    logged: "Floats"
    z: "Floats"

    @classmethod
    def of(cls, x: "Floats", logged: "Floats") -> "Smooth":
        """Smooth a curve, so that noise alone seldom is its best value."""
        count = len(logged)
        most = max(min(MOST_REACH, round(SMOOTHING * count)), count // WINDOWS)
        reach = np.minimum(most, np.arange(count) // STEEP)
        smooth = moving_mean(logged, reach)
        # The mean of what is left, added back, returns the bend that a mean takes off (Tukey's
        # twicing): without it, every value of a convex curve would be reached too late.
        return cls(x, logged, smooth + moving_mean(logged - smooth, reach))

    def __len__(self) -> int:
        return len(self.x)

    @property
    def newest(self) -> int:
        """The number of points that make the present."""
        return Prefix(self.x, self.z).newest

    @property
    def present(self) -> float:
        """The value at the newest point by the line through the newest few, free of its noise."""
        count = max(FEWEST_IN_LINE, self.newest, len(self) // LINES)
        x, logged = self.x[-count:], self.logged[-count:]
        around = x - np.mean(x)
        spread = float(np.sum(around**2))
        if len(x) < FEWEST_IN_LINE or spread == 0.0:
            return float(logged[-1])
        slope = float(np.sum(around * logged)) / spread
        return float(np.mean(logged)) + slope * float(around[-1])

    def at(self, x: "Floats") -> "Floats":
        """Return the values at x, by straight lines between points: shape of x."""
        return np.interp(x, self.x, self.z)

    def until(self, x: float) -> "Smooth":
        """Return the curve as it was when its newest point was at most x."""
        count = int(np.searchsorted(self.x, x, side="right"))
        return Smooth.of(self.x[:count], self.logged[:count])

    def first_reached(self, z: "Floats") -> "Floats":
        """Return where the curve first was as good as each z, by straight lines: shape of z.

        NaN where it never was, or was so before its first point.
        """
        best = np.minimum.accumulate(self.z)
        after = np.searchsorted(-best, -z, side="left")
        known = (after > 0) & (after < len(best))
        after = np.clip(after, 1, len(best) - 1)
        drop = best[after - 1] - best[after]
        part = np.minimum(1.0, (best[after - 1] - z) / np.where(drop > TINY, drop, 1.0))
        reached = self.x[after - 1] + part * (self.x[after] - self.x[after - 1])
        return np.where(known, reached, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Both curves, from 0 (the best value of either) to 1 (the worst)."""

    student: Smooth
    baseline: Smooth
    scale: Scale

    @classmethod
    def of(cls, student: Curve, baseline: Curve, direction: "Direction") -> "SideBySide | str":
        """Lay two curves of at least two finite points side by side, or say why that cannot be."""
        (x, values), (baseline_x, baseline_values) = _finite(student), _finite(baseline)
        if min(len(x), len(baseline_x)) <= 1:
            short = "student" if len(x) <= 1 else "baseline"
            return f"the {short} has {min(len(x), len(baseline_x))} finite points"
        scale = Scale.of(np.concatenate([values, baseline_values]), direction)
        if scale.range == 0.0:
            return "all values of both are equal"
        return cls(
            Smooth.of(x, scale.unitless(values)),
            Smooth.of(baseline_x, scale.unitless(baseline_values)),
            scale,
        )


def _finite(curve: Curve) -> tuple["Floats", "Floats"]:
    known = np.isfinite(curve.x) & np.isfinite(curve.values)
    return curve.x[known], curve.values[known]
