"""Tests of two models on the same examples: they tell of the examples, not of the seeds."""

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from samestep.analysis.significance.bootstrap import mean_interval_of
from samestep.analysis.significance.tested import (
    LEVEL,
    DifferenceTest,
    Interval,
    out_of_reach,
    silent_pairs,
)

if TYPE_CHECKING:
    from samestep.model import Floats

FEWEST_EXAMPLES = 30  # to resample; fewer say too little of the examples there could be
MOST_RESAMPLED = 5_000  # examples beyond which the t-interval of so many is the same in no time
FEWEST_APART = 6  # examples that one side alone has right: 2 / 2 ** 6 is below 0.05


def is_right_or_wrong(values: "Floats") -> bool:
    """Return whether every value is 0 or 1."""
    return bool(np.isin(values, (0.0, 1.0)).all())


def discordant(one: "Floats", other: "Floats") -> tuple[int, int]:
    """Return how many examples only the first has right, and how many only the second."""
    return int(np.sum((one == 1.0) & (other == 0.0))), int(np.sum((one == 0.0) & (other == 1.0)))


def mcnemar_test(one: "Floats", other: "Floats") -> DifferenceTest:
    """Test by the exact binomial whether one model is right where the other is wrong more often.

    Args:
        one: 1 for right, 0 for wrong: (examples,).
        other: The same of the other model, in the same order.
    """
    only_one, only_other = discordant(one, other)
    size, apart = (len(one), len(other)), only_one + only_other
    how = f"{only_one} examples only the first has right, {only_other} only the second"
    if apart < FEWEST_APART:
        least = 2.0 ** (1 - apart) if apart else 1.0
        needed = f"{FEWEST_APART} of which one side alone is right"
        why_not = out_of_reach(f"{apart} examples told apart", least, needed)
        return DifferenceTest("mcnemar", size, why_not=why_not, how=how)
    found = stats.binomtest(only_one, apart)
    interval = _normal_interval(one - other)
    return DifferenceTest(
        "mcnemar", size, float(found.pvalue), float(only_one), interval=interval, how=how
    )


def paired_bootstrap_test(one: "Floats", other: "Floats", seed: int = 0) -> DifferenceTest:
    """Give the interval of the mean difference over examples, resampled together."""
    with np.errstate(over="ignore"):  # told below
        apart = one - other
    size = len(one), len(other)
    why_not = silent_pairs(apart.tolist())
    if not why_not and len(apart) < FEWEST_EXAMPLES:
        why_not = f"{len(apart)} examples; it needs {FEWEST_EXAMPLES}"
    if why_not:
        return DifferenceTest("paired_bootstrap", size, why_not=why_not)
    if len(apart) > MOST_RESAMPLED:
        how = f"t-interval, as above {MOST_RESAMPLED:,} examples resampling gives the same"
        return DifferenceTest("paired_bootstrap", size, interval=_normal_interval(apart), how=how)
    interval = mean_interval_of(apart, seed)
    why_not = "" if interval else "the resampled differences give no interval"
    return DifferenceTest("paired_bootstrap", size, interval=interval, why_not=why_not)


def _normal_interval(apart: "Floats") -> Interval | None:
    """Return the 95 % t-interval of a mean difference."""
    error = float(stats.sem(apart))
    if not error > 0.0:
        return None
    low, high = stats.t.interval(LEVEL, len(apart) - 1, loc=float(np.mean(apart)), scale=error)
    return float(low), float(high)
