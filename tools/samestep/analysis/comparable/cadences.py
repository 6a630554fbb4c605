"""How often each side logs a metric."""

from collections.abc import Mapping, Sequence
from statistics import median

from samestep.analysis.align import spacing
from samestep.analysis.axis import Curve

DIFFERENT = 1.5  # times as far apart: the grids are not the same
FAR_APART = 10.0  # times: between points of the sparser lie ten of the other


def cadence(curves: Sequence[Curve]) -> float | None:
    """Return the usual distance between the points of a side's curves; None where it has none."""
    known = [usual for usual in map(spacing, curves) if usual is not None and usual > 0.0]
    return median(known) if known else None


def ratio(cadences: Mapping[str, float | None]) -> float:
    """Return how many times as far apart the sparser logs as the denser; 1 where one is unknown."""
    known = [usual for usual in cadences.values() if usual is not None]
    return max(known) / min(known) if len(known) == len(cadences) and known else 1.0
