"""Tests of a difference between two groups of seeds, by SciPy."""

import math
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import count

import numpy as np
from scipy import stats

from samestep.analysis.significance.bootstrap import RESAMPLES, bca_difference, mean_difference
from samestep.analysis.significance.p_values import welch
from samestep.analysis.significance.tested import (
    ALPHA,
    ENOUGH_TO_CLAIM,
    LEVEL,
    DifferenceTest,
    Interval,
    out_of_reach,
    silent,
    silent_pairs,
    untested,
)

FEWEST_TO_RESAMPLE = 5  # seeds a side: with fewer an interval is far too narrow
MOST_EXACT = 20_000  # ways to divide the values that are all looked at where some are equal

Values = Sequence[float]
Test = Callable[[Values, Values], DifferenceTest]


def welch_test(one: Values, other: Values) -> DifferenceTest:
    """Test the difference of two means by Welch's t-test."""
    p_value, why_not = welch(one, other), silent(one, other)
    if p_value is None or why_not:
        return untested("welch", one, other, why_not or "the spread is too small for the numbers")
    with _quiet():
        found = stats.ttest_ind(one, other, equal_var=False)
        interval = found.confidence_interval(LEVEL)
    sizes = len(one), len(other)
    bounds = float(interval.low), float(interval.high)
    return DifferenceTest("welch", sizes, p_value, float(found.statistic), float(found.df), bounds)


def paired_t_test(one: Values, other: Values) -> DifferenceTest:
    """Test the mean difference of pairs: the values at one place belong together."""
    why_not = silent_pairs(differences(one, other))
    if why_not:
        return untested("paired_t", one, other, why_not)
    with _quiet():
        found = stats.ttest_rel(one, other)
        interval = found.confidence_interval(LEVEL)
    return DifferenceTest(
        "paired_t",
        (len(one), len(other)),
        float(found.pvalue),
        float(found.statistic),
        float(found.df),
        (float(interval.low), float(interval.high)),
    )


def wilcoxon_test(one: Values, other: Values) -> DifferenceTest:
    """Test whether pairs differ one way by the signed ranks of their differences."""
    apart = differences(one, other)
    why_not = silent_pairs(apart) if len(set(apart)) != 1 or apart[0] == 0.0 else ""
    telling = sum(difference != 0.0 for difference in apart)
    least = 2.0 ** (1 - telling)
    if not why_not and least > ALPHA:
        needed = f"{math.ceil(1 - math.log2(ALPHA))} pairs that differ"
        why_not = out_of_reach(f"{telling} pairs that differ", least, needed)
    if why_not:
        return untested("wilcoxon", one, other, why_not)
    with _quiet():
        found = stats.wilcoxon(apart)
    return DifferenceTest(
        "wilcoxon", (len(one), len(other)), float(found.pvalue), float(found.statistic)
    )


def mann_whitney_test(one: Values, other: Values) -> DifferenceTest:
    """Test whether values of one group tend to lie above those of the other, by ranks."""
    why_not = silent(one, other) or _divisions_short(len(one), len(other))
    if why_not:
        return untested("mann_whitney", one, other, why_not)
    tied = len({*one, *other}) < len(one) + len(other)
    with _quiet():
        found = stats.mannwhitneyu(one, other, method="asymptotic" if tied else "auto")
        exact = tied and math.comb(len(one) + len(other), len(one)) <= MOST_EXACT
        p_value = _exact_ranks(one, other) if exact else float(found.pvalue)
    return DifferenceTest("mann_whitney", (len(one), len(other)), p_value, float(found.statistic))


def permutation_test(one: Values, other: Values, seed: int = 0) -> DifferenceTest:
    """Test the difference of means against all, or 9,999, ways to divide the values anew."""
    why_not = silent(one, other) or _divisions_short(len(one), len(other))
    if why_not:
        return untested("permutation", one, other, why_not)
    found = stats.permutation_test(
        (one, other),
        mean_difference,
        n_resamples=RESAMPLES,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    ways = math.comb(len(one) + len(other), len(one))
    how = f"all {ways} divisions" if ways <= RESAMPLES else f"{RESAMPLES:,} random divisions"
    sizes = len(one), len(other)
    return DifferenceTest(
        "permutation", sizes, float(found.pvalue), float(found.statistic), how=how
    )


def bootstrap_test(one: Values, other: Values, seed: int = 0) -> DifferenceTest:
    """Give the BCa interval of the difference of means; it has no p-value."""
    why_not = silent(one, other)
    if not why_not and min(len(one), len(other)) < FEWEST_TO_RESAMPLE:
        sizes = f"n = {len(one)} and {len(other)}"
        why_not = (
            f"{sizes}: resampling so few values gives intervals that are far too narrow; "
            f"it needs {FEWEST_TO_RESAMPLE} seeds a side"
        )
    interval = None if why_not else bca_difference(one, other, seed)
    if interval is None:
        why_not = why_not or "the resampled differences give no interval"
        return untested("bootstrap", one, other, why_not)
    few = min(len(one), len(other)) < ENOUGH_TO_CLAIM
    how = f"too narrow of fewer than {ENOUGH_TO_CLAIM} values a side: it decides nothing"
    sizes = len(one), len(other)
    return DifferenceTest("bootstrap", sizes, interval=interval, how=how if few else "")


def mean_interval(values: Values) -> Interval | None:
    """Return the 95 % t-interval of a mean; None without a spread to take it from."""
    if silent(values, values):
        return None
    low, high = stats.t.interval(
        LEVEL, len(values) - 1, loc=float(np.mean(values)), scale=float(stats.sem(values))
    )
    return float(low), float(high)


def noise_of_pairs(test: DifferenceTest) -> float | None:
    """Return the deviation of a mean difference of pairs; None where a test is not of pairs."""
    if test.test not in {"paired_t", "nadeau_bengio"} or test.interval is None or test.df is None:
        return None
    low, high = test.interval
    return (high - low) / 2.0 / float(stats.t.isf(ALPHA / 2, test.df))


def differences(one: Values, other: Values) -> list[float]:
    """Return the differences of pairs."""
    return [ours - theirs for ours, theirs in zip(one, other, strict=True)]


def _exact_ranks(one: Values, other: Values) -> float:
    """Return the p-value over all divisions of values of which some are equal."""
    ranks = stats.rankdata([*one, *other])
    groups = ranks[: len(one)], ranks[len(one) :]
    found = stats.permutation_test(groups, mean_difference, n_resamples=MOST_EXACT, vectorized=True)
    return float(found.pvalue)


def _divisions_short(one: int, other: int) -> str:
    """Return that so few values can be divided in too few ways, as a clause."""
    least = 2 / math.comb(one + other, one)
    if least <= ALPHA:
        return ""
    each = next(n for n in count(2) if 2 / math.comb(2 * n, n) <= ALPHA)
    return out_of_reach(f"n = {one} and {other}", least, f"{each} seeds a side")


@contextmanager
def _quiet() -> Generator[None]:
    """Keep SciPy's warnings of ties and of lost precision, which the result shows, to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield
