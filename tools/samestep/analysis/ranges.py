"""How far a metric can go: no accuracy above 1, no error below 0."""

from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import naming
from samestep.analysis.comparable.scales import FRACTIONS, NEVER_NEGATIVE

if TYPE_CHECKING:
    from samestep.analysis.axis import Curve
    from samestep.model import Direction

WHOLE = (1.0, 100.0)  # what a share is part of, as a fraction and in percent
DENSITIES = frozenset(["nll"])  # of a density the logarithm has any sign


def room_left(metric: str, direction: "Direction | None", curve: "Curve") -> float | None:
    """Return how much a curve can still improve before its metric leaves what it can be.

    Only metrics whose name says that they are a share, an error or a loss have such an end, and
    only while every value logged keeps to it. In units of the metric; None where there is no end.
    """
    values = curve.values[np.isfinite(curve.values)]
    if not len(values):
        return None
    word, newest = naming.telling_word(metric), float(values[-1])
    if direction == "higher" and word in FRACTIONS and values.min() >= 0.0:
        whole = next((end for end in WHOLE if values.max() <= end), None)
        return None if whole is None else whole - newest
    ends_at_zero = NEVER_NEGATIVE | (naming.LOSSES - DENSITIES)
    if direction == "lower" and word in ends_at_zero and values.min() >= 0.0:
        return newest
    return None
