"""Whether two groups of seeds differ beyond chance."""

import math
import sys
import warnings
from collections.abc import Sequence

from scipy import stats


def welch(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the two-sided p-value of Welch's t-test between two groups of seeds.

    Returns:
        None where the test says nothing: fewer than two seeds a side, or no spread on either.
    """
    if min(len(one), len(other)) <= 1 or not all(map(math.isfinite, (*one, *other))):
        return None
    if len(set(one)) == len(set(other)) == 1:  # a rounded mean would pass for a tiny spread
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nearly equal values lose precision
        p_value = float(stats.ttest_ind(one, other, equal_var=False).pvalue)
    # A p-value too small for a float is no absence of one.
    return max(p_value, sys.float_info.min) if math.isfinite(p_value) else None


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Holm 1979, step-down), in the order given."""
    ascending = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, at in enumerate(ascending):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = running
    return adjusted
