"""A curve without units: resampled along x, its values from 0 (the best) to 1 (the worst)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.noise import MAD_TO_SD, SECOND_DIFFERENCE_GAIN

if TYPE_CHECKING:
    from samestep.model import Direction, Floats

MOST_POINTS = 48  # points a curve is resampled to
FEWEST = 5  # points without which no form is fitted
NEWEST_PART, MOST_NEWEST = 0.15, 5  # points that make the present level
TREND_PART = 0.3  # newest part of the points that a trend is taken from
ALL_EQUAL = 1e-12  # a range below this part of the values themselves is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Prefix:
    """A curve up to now: `u` is the part of the run done (now is 1), lower `z` is better."""

    u: "Floats"
    z: "Floats"

    def __len__(self) -> int:
        return len(self.u)

    @property
    def newest(self) -> int:
        """The number of points that make the present."""
        return max(1, min(MOST_NEWEST, round(NEWEST_PART * len(self))))

    @property
    def level(self) -> float:
        """The smoothed present value."""
        return float(np.mean(self.z[-self.newest :]))

    @property
    def range(self) -> float:
        """The distance from the lowest to the highest value seen."""
        return float(np.ptp(self.z))

    def since(self, part: float) -> "Prefix":
        """Return the points from `part` of the run on, or all where those are too few."""
        late = self.u >= part
        return Prefix(self.u[late], self.z[late]) if np.count_nonzero(late) >= FEWEST else self

    def recent(self) -> "Prefix":
        """Return the newest points that a trend is taken from."""
        count = max(FEWEST, round(TREND_PART * len(self)))
        return Prefix(self.u[-count:], self.z[-count:])


def ordered(x: "Floats", values: "Floats") -> tuple["Floats", "Floats"]:
    """Return the points ascending in x, the last of each x."""
    order = np.argsort(x, kind="stable")
    x, values = x[order], values[order]
    last = np.append(np.diff(x) > 0, True) if len(x) else np.zeros(0, dtype=bool)
    return x[last], values[last]


def origin(x: "Floats") -> float:
    """Return the x that the run is counted from: 0, or the first x of a curve that starts late."""
    first, newest = float(x[0]), float(x[-1])
    return 0.0 if 0.0 <= first <= newest / 2 else first


def places(x: "Floats") -> "Floats":
    """Return the part of the run done at each x, ascending; the newest is 1."""
    return (x - origin(x)) / (float(x[-1]) - origin(x))


def resampled(x: "Floats", values: "Floats") -> tuple["Floats", "Floats"]:
    """Return the medians of equal stretches of x, so that dense logging counts no more.

    The newest stretch stands at the newest x. Up to 48 points are returned as they are.
    """
    if len(x) <= MOST_POINTS:
        return x, values
    inside = np.linspace(float(x[0]), float(x[-1]), MOST_POINTS + 1)[1:-1]
    cuts = np.unique(np.searchsorted(x, inside))
    medians = [_median(stretch) for stretch in np.split(values, cuts)]
    middles = [_median(stretch) for stretch in np.split(x, cuts)]
    middles[-1] = float(x[-1])
    return np.array(middles), np.array(medians)


def _median(numbers: "Floats") -> float:
    """Return the median; numpy's own takes ten times as long on a few numbers."""
    lower, upper = (len(numbers) - 1) // 2, len(numbers) // 2
    ordered = np.partition(numbers, [lower, upper])
    return float(ordered[lower]) / 2 + float(ordered[upper]) / 2


@dataclass(frozen=True, slots=True)
class Scale:
    """How a metric's values become numbers from 0 (best) to 1 (worst)."""

    best: float
    sign: float
    range: float

    @classmethod
    def of(cls, values: "Floats", direction: "Direction") -> "Scale":
        """Measure the scale of finite values; the range of equal values is 0."""
        low, high = float(np.min(values)), float(np.max(values))
        # Halves, because the difference of two floats may be beyond the largest float.
        width = 2.0 * (high / 2 - low / 2)
        level = width <= ALL_EQUAL * max(abs(low), abs(high))
        best, sign = (low, 1.0) if direction == "lower" else (high, -1.0)
        return cls(best, sign, 0.0 if level else width)

    def unitless(self, values: "Floats") -> "Floats":
        """Return the values as parts of the range above the best."""
        return self.sign * (values / 2 - self.best / 2) / (self.range / 2)

    def value(self, unitless: float) -> float:
        """Return the value in units of the metric."""
        return self.best + self.sign * unitless * self.range


def noise_sd(z: "Floats") -> float:
    """Return the deviation of one point, from second differences, which a trend hardly touches."""
    bends = np.diff(z, n=2)
    deviation = float(np.median(np.abs(bends - np.median(bends))))
    return MAD_TO_SD * deviation / SECOND_DIFFERENCE_GAIN**0.5
