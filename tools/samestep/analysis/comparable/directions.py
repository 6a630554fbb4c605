"""Metrics that move against what their name says is better."""

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import Curve
from samestep.analysis.noise import point_noise
from samestep.model import Direction

FEWEST = 8  # points without which nothing is said of a trend
STEADY = 0.8  # rank correlation with x beyond which a curve goes one way
BEYOND_NOISE = 4.0  # deviations from point to point that it has to have gone
LOOKED_AT = 200  # points of a long curve


def moves_against(metric: str, direction: Direction | None, curve: Curve, x: float) -> bool:
    """Return whether a metric gets steadily worse up to x, which it should not while it is trained.

    A metric that is called an accuracy and falls steadily is better lower, or the run diverges.
    Validation losses that rise are overfitting, which is no contradiction.
    """
    if direction is None or (direction == "lower" and naming.is_evaluation(metric)):
        return False
    values = curve.values[: int(np.searchsorted(curve.x, x, side="right"))]
    values = values[np.isfinite(values)]
    if len(values) < FEWEST or naming.direction_by_name(metric) != direction:
        return False
    part = max(1, len(values) // 4)
    moved = float(np.mean(values[-part:]) - np.mean(values[:part]))
    worse = -moved if direction == "higher" else moved
    if worse <= BEYOND_NOISE * (point_noise(curve, x) or 0.0) or worse <= 0.0:
        return False
    return abs(_rank_correlation(values)) >= STEADY


def _rank_correlation(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """Return Spearman's correlation of values with their order, over evenly spaced points."""
    few = values[np.linspace(0, len(values) - 1, min(len(values), LOOKED_AT)).astype(int)]
    ranks = np.argsort(np.argsort(few, kind="stable"), kind="stable").astype(np.float64)
    order = np.arange(len(few), dtype=np.float64)
    return float(np.corrcoef(ranks, order)[0, 1])
