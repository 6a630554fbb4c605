"""Several sides over many data sets, by the ranks they take in each."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from samestep.analysis.significance.p_values import holm
from samestep.analysis.significance.seed_tests import wilcoxon_test
from samestep.analysis.significance.tested import DifferenceTest

FEWEST_SIDES = 3
FEWEST_DATASETS = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """Friedman's test over data sets, and the first side against each other one."""

    ranks: tuple[float, ...]
    """The mean rank of each side, 1 for the highest values."""
    omnibus: DifferenceTest
    against: tuple[DifferenceTest, ...]
    """Wilcoxon's signed-rank test of the first side against each other one."""
    adjusted: tuple[float | None, ...]
    """Their p-values adjusted by Holm."""


def friedman(scores: Sequence[Sequence[float]]) -> Ranked:
    """Test whether sides differ over data sets, in Iman and Davenport's form.

    Demsar 2006, https://jmlr.org/papers/v7/demsar06a.html; each side against the first by signed
    ranks, as mean ranks depend on the other sides (Benavoli et al. 2016,
    https://jmlr.org/papers/v17/benavoli16a.html).

    Args:
        scores: Each side's value on every data set, in one order of data sets.
    """
    sides, datasets = len(scores), len(scores[0])
    why_not = _too_few(sides, datasets)
    ranks = stats.rankdata(-np.array(scores), axis=0).mean(axis=1) if datasets else np.zeros(sides)
    pairs = [wilcoxon_test(scores[0], other) for other in scores[1:]]
    known = [one.p_value for one in pairs if one.p_value is not None]
    adjusted = iter(holm(known))
    omnibus = (
        DifferenceTest("friedman", (datasets, sides), why_not=why_not)
        if why_not
        else _omnibus(scores)
    )
    return Ranked(
        tuple(float(rank) for rank in ranks),
        omnibus,
        tuple(pairs),
        tuple(None if one.p_value is None else next(adjusted) for one in pairs),
    )


def _omnibus(scores: Sequence[Sequence[float]]) -> DifferenceTest:
    """Return the test that any side differs at all: F = (N - 1) Q / (N (k - 1) - Q)."""
    sides, datasets = len(scores), len(scores[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all ranks tied: NaN, told below
        chi_squared = float(stats.friedmanchisquare(*scores).statistic)
    left = datasets * (sides - 1) - chi_squared
    if not np.isfinite(chi_squared):
        why_not = "all sides are equal on every data set"
        return DifferenceTest("friedman", (datasets, sides), why_not=why_not)
    f_statistic = np.inf if left <= 0.0 else (datasets - 1) * chi_squared / left
    df = float(sides - 1)
    p_value = float(stats.f.sf(f_statistic, df, df * (datasets - 1)))
    how = f"F with {sides - 1} and {(sides - 1) * (datasets - 1)} degrees of freedom"
    return DifferenceTest("friedman", (datasets, sides), p_value, float(f_statistic), df, how=how)


def _too_few(sides: int, datasets: int) -> str:
    if sides < FEWEST_SIDES:
        return f"{sides} sides; it needs {FEWEST_SIDES}: two are compared by signed ranks"
    if datasets < FEWEST_DATASETS:
        return f"{datasets} data sets that all sides have; it needs {FEWEST_DATASETS}"
    return ""
