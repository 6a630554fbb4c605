"""The test for folds of cross-validation, whose training sets overlap."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from samestep.analysis.significance.tested import LEVEL, DifferenceTest, silent_pairs


def nadeau_bengio_test(
    one: Sequence[float], other: Sequence[float], test_to_train: float
) -> DifferenceTest:
    """Test the mean difference over folds by the corrected resampled t-test.

    The variance of the mean is (1/k + test_to_train) times that of a difference, where a paired
    t-test takes 1/k (Nadeau and Bengio 2003, https://doi.org/10.1023/A:1024068626366).

    Args:
        one: The first side's value of each fold.
        other: The second side's, in the same order.
        test_to_train: Size of a fold's test set over that of its training set: 1 / (k - 1) for k
            folds.
    """
    apart, size = np.subtract(one, other), (len(one), len(other))
    why_not = silent_pairs(apart.tolist())
    if why_not:
        return DifferenceTest("nadeau_bengio", size, why_not=why_not)
    wider = float(np.sqrt(1.0 + test_to_train * len(apart)))
    plain = stats.ttest_rel(one, other)
    statistic, df = float(plain.statistic) / wider, float(plain.df)
    p_value = float(2.0 * stats.t.sf(abs(statistic), df))
    low, high = stats.t.interval(
        LEVEL, df, loc=float(np.mean(apart)), scale=float(stats.sem(apart)) * wider
    )
    how = f"test sets {test_to_train:.3g} times the size of training sets"
    bounds = float(low), float(high)
    return DifferenceTest("nadeau_bengio", size, p_value, statistic, df, bounds, how=how)
