"""One curve for a side of a comparison: its run's own, or the mean over its seeds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve

if TYPE_CHECKING:
    from samestep.model import Floats


def side_curve(curves: Sequence[Curve], until: float = float("inf")) -> Curve | None:
    """Return a side's curve up to an x; None where no run of it has one.

    Seeds are averaged at the places of the one with the fewest points, by straight lines between
    points, where all of them have begun and none has ended: a course, not values to be compared.
    """
    if not curves:
        return None
    known = [_finite(curve, until) for curve in curves]
    sparsest = min(known, key=len)
    if len(known) == 1 or not len(sparsest):
        return sparsest
    begun = max(float(curve.x[0]) for curve in known)
    ended = min(float(curve.x[-1]) for curve in known)
    x = sparsest.x[(sparsest.x >= begun) & (sparsest.x <= ended)]
    mean = np.mean([np.interp(x, curve.x, curve.values) for curve in known], axis=0)
    return _course(sparsest.metric, x, mean)


def _finite(curve: Curve, until: float) -> Curve:
    known = np.isfinite(curve.values) & (curve.x <= until)
    return _course(curve.metric, curve.x[known], curve.values[known])


def _course(metric: str, x: "Floats", values: "Floats") -> Curve:
    return Curve(metric, x, values, np.full(len(x), np.nan), 0, 0, 0, 0)
