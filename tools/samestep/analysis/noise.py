"""How much a metric moves for no reason: from point to point, and from seed to seed."""

import math
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve

if TYPE_CHECKING:
    from samestep.model import Floats

WINDOW = 20  # points up to x that the point-to-point noise is taken from
FEWEST = 5  # points without which nothing is said
MAD_TO_SD = 1.4826  # for a normal distribution
SECOND_DIFFERENCE_GAIN = 6.0  # variance of a second difference of white noise, in units of its own


def point_noise(curve: Curve, x: float) -> float | None:
    """Return the standard deviation of a curve around its own trend near x.

    Taken from second differences, which a straight trend does not touch:
    1.4826 * MAD(v[i+1] - 2 v[i] + v[i-1]) / sqrt(6) over the last points up to x.

    Returns:
        The deviation in units of the metric, or None with fewer than five finite points.
    """
    until = curve.values[: int(np.searchsorted(curve.x, x, side="right"))]
    recent = until[np.isfinite(until)][-WINDOW:]
    if len(recent) < FEWEST:
        return None
    with np.errstate(all="ignore"):  # values near the largest float overflow: no deviation then
        bends = np.diff(recent, n=2)
        deviation = float(np.median(np.abs(bends - np.median(bends))))
    noise = MAD_TO_SD * deviation / SECOND_DIFFERENCE_GAIN**0.5
    return noise if math.isfinite(noise) else None


def seed_spread(values: "Floats") -> float | None:
    """Return the sample standard deviation over seeds; None for one, or where one is not finite."""
    if len(values) <= 1 or not np.isfinite(values).all():
        return None
    with np.errstate(all="ignore"):  # as above
        spread = float(np.std(values, ddof=1))
    return spread if math.isfinite(spread) else None
