"""What is expected of a student's difference from a baseline, where the baseline's future is known."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.project import Prospect
from samestep.analysis.side_by_side import Smooth

if TYPE_CHECKING:
    from samestep.model import Floats

PLACES = 30  # equal stretches that what is left is looked at in
HELD = 3  # neighbouring places at which a student that caught up is still ahead
LATE = 0.4  # part of the run from which the lag is followed
RECENCY = 3.0  # a point weighs as much as the third power of the part of the run done at it
LEAST_LAGS = 4  # known lags without which nothing is followed
USUAL_SPREAD = 0.3  # deviation of the power with which a lag changes, around 1: no change
FASTEST = 2.0  # the most that power may be; the least is 0
NOISE_FLOOR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """A stretch ahead of a student, and the baseline's recorded values in it; lower is better."""

    x: "Floats"
    """Shape (places,), ascending from after the student's newest x."""
    baseline: "Floats"

    @classmethod
    def of(cls, baseline: Smooth, now: float, until: float) -> "Future":
        """Look at the baseline's values from now to `until`."""
        x = np.linspace(now, until, PLACES + 1)[1:]
        return cls(x, baseline.at(x))


def own(student: Prospect, x: "Floats") -> "Floats":
    """Return the student's own course carried on."""
    return np.array([student.value(float(place)) for place in x])


def same_gap(student: Smooth, baseline: Smooth, x: "Floats") -> "Floats":
    """Return the baseline's values at x, kept at the student's present distance."""
    newest = student.newest
    gap = student.z[-newest:] - baseline.at(student.x[-newest:])
    return baseline.at(x) + float(np.mean(gap))


def same_lag(student: Smooth, baseline: Smooth, x: "Floats") -> "Floats | None":
    """Return the baseline's values at the student's lag, which goes on changing as it did.

    The x at which the baseline reached the student's values is followed as a power of the
    student's x. None where too few of them are known.
    """
    now = float(student.x[-1])
    if now <= 0.0:
        return None
    late = student.x >= LATE * now
    reached = baseline.first_reached(student.z[late])
    known = np.isfinite(reached) & (reached > 0.0)
    if np.count_nonzero(known) < LEAST_LAGS:
        return None
    log_x, log_reached = np.log(student.x[late][known] / now), np.log(reached[known] / now)
    offset, power = _followed(log_x, log_reached)
    return baseline.at(now * np.exp(offset + power * np.log(x / now)))


def _followed(log_x: "Floats", log_reached: "Floats") -> tuple[float, float]:
    """Return offset and power of the line through them, the power drawn towards 1 by noise."""
    weights = np.exp(RECENCY * log_x)
    weights /= np.sum(weights)
    mean_x, mean = float(weights @ log_x), float(weights @ log_reached)
    around = log_x - mean_x
    change = log_reached - mean - around
    spread, common = float(weights @ around**2), float(weights @ (around * change))
    beside = float(weights @ change**2) - common**2 / spread + NOISE_FLOOR
    points = 1.0 / float(np.sum(weights**2))
    power = 1.0 + common / (spread + beside / points / USUAL_SPREAD**2)
    power = min(FASTEST, max(0.0, power))
    return mean - power * mean_x, power


def held(difference: "Floats") -> float:
    """Return the least difference that is undercut at some place and the next two."""
    windows = np.lib.stride_tricks.sliding_window_view(difference, HELD)
    return float(np.min(np.max(windows, axis=1)))


def caught_up_at(difference: "Floats", x: "Floats") -> float | None:
    """Return the first x at which the difference falls below 0 and stays so for two more places."""
    windows = np.lib.stride_tricks.sliding_window_view(difference, HELD)
    below = np.flatnonzero(np.max(windows, axis=1) < 0.0)
    if not len(below):
        return None
    at = int(below[0])
    if at == 0 or difference[at - 1] < 0.0:
        return float(x[at])
    part = difference[at - 1] / (difference[at - 1] - difference[at])
    return float(x[at - 1] + part * (x[at] - x[at - 1]))


def first_below(difference: "Floats", x: "Floats") -> float | None:
    """Return the first x at which the difference is below 0."""
    below = np.flatnonzero(difference < 0.0)
    return float(x[below[0]]) if len(below) else None
