"""What a test says of a difference, or why it can say nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from samestep.model import TestName

LABELS: dict[TestName, str] = {
    "welch": "Welch's t-test",
    "paired_t": "the paired t-test",
    "wilcoxon": "Wilcoxon's signed-rank test",
    "mann_whitney": "the Mann-Whitney U test",
    "bootstrap": "the BCa bootstrap",
    "permutation": "the permutation test",
    "mcnemar": "McNemar's exact test",
    "paired_bootstrap": "the paired bootstrap",
    "nadeau_bengio": "Nadeau and Bengio's corrected t-test",
    "friedman": "Friedman's test",
    "iqm": "the permutation test of interquartile means",
}
ALPHA = 0.05
LEVEL = 0.95  # of every interval
ENOUGH_TO_CLAIM = 20  # values a side from which a resampled interval may claim something
ROOT_OF_LARGEST = 1e150

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DifferenceTest:
    """One test of the difference between two sides."""

    test: TestName
    n: tuple[int, int]
    """How many values each side has, or how many pairs, folds, examples or tasks."""
    p_value: float | None = None
    """Two-sided; None where the test gives none."""
    statistic: float | None = None
    df: float | None = None
    """Degrees of freedom."""
    interval: Interval | None = None
    """95 % interval of the first side minus the second."""
    why_not: str = ""
    """Why it says nothing, as a clause; empty where it says something."""
    how: str = ""
    """What else is to be known of how it was done, as a clause."""

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return LABELS[self.test]


def untested(
    test: TestName, one: Sequence[float], other: Sequence[float], why_not: str
) -> DifferenceTest:
    """Return a test that says nothing."""
    return DifferenceTest(test, (len(one), len(other)), why_not=why_not)


def silent(one: Sequence[float], other: Sequence[float]) -> str:
    """Return why no test of two groups can say anything, as a clause; empty where one can."""
    if not one or not other:
        return "a side has no value"
    if odd := _odd((*one, *other)):
        return odd
    if min(len(one), len(other)) < 2:  # noqa: PLR2004 # one value has no spread
        return f"a side has a single seed (n = {len(one)} and {len(other)}); two a side are needed"
    if len(set(one)) == len(set(other)) == 1:
        return f"the values of each side are equal ({one[0]:g} and {other[0]:g}), without spread"
    return ""


def silent_pairs(differences: Sequence[float]) -> str:
    """Return the same for pairs."""
    if odd := _odd(differences):
        return odd
    if len(differences) < 2:  # noqa: PLR2004 # as above
        return f"{len(differences)} pairs; two are needed"
    if len(set(differences)) == 1:
        return f"every pair differs by {differences[0]:g}, without spread"
    return ""


def _odd(values: Sequence[float]) -> str:
    if not all(map(math.isfinite, values)):
        return "a value is not finite"
    too_large = any(abs(value) > ROOT_OF_LARGEST for value in values)
    return "a value is too large for its square to be a number" if too_large else ""


def out_of_reach(what: str, least: float, needed: str) -> str:
    """Return that a test cannot reach significance at a size, as a clause."""
    return f"with {what} it can reach p = {least:.3g} at best; it needs {needed}"
