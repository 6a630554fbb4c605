"""Which test is asked of two groups of seeds: the decision table, and what stands beside it.

Of two groups of three seeds of one configuration Welch's test finds a difference in 2 % of public
runs, a percentile bootstrap in 19 %, the higher mean in all (tests/calibration/FIGURES.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from samestep.analysis.significance import seed_tests as seeds
from samestep.analysis.significance.bootstrap import superiority, superiority_interval
from samestep.analysis.significance.tested import (
    ALPHA,
    ENOUGH_TO_CLAIM,
    DifferenceTest,
    Interval,
    silent,
)
from samestep.model import TestName

ALWAYS_BESIDE: tuple[TestName, ...] = ("welch",)
"""What a winner rests on, whatever was asked for."""
PARALLEL = 1.0 - 1e-9  # correlation from which pairs differ by rounding alone
POWER = 0.8  # how often a difference that can be detected is found
FARTHEST = 200.0  # standard errors looked at for the smallest difference that can be detected
BEYOND_NOISE = 1.96  # standard deviations: 95 % of a normal distribution lie within
OF_PAIRS: Mapping[TestName, seeds.Test] = {
    "paired_t": seeds.paired_t_test,
    "wilcoxon": seeds.wilcoxon_test,
}
OF_GROUPS: Mapping[TestName, seeds.Test] = {
    "welch": seeds.welch_test,
    "mann_whitney": seeds.mann_whitney_test,
    "permutation": seeds.permutation_test,
    "bootstrap": seeds.bootstrap_test,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One side's values at one x, a seed each."""

    values: tuple[float, ...]
    seeds: tuple[str | None, ...]
    """The seed of each value; None where no config names one."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The values of seeds that both sides have, in one order."""

    seeds: tuple[str, ...]
    one: tuple[float, ...]
    other: tuple[float, ...]
    complete: bool
    """Whether no value of either side is left out."""

    @property
    def correlation(self) -> float:
        """Pearson's correlation of the pairs; NaN without spread."""
        if min(len(set(self.one)), len(set(self.other))) <= 1:
            return float("nan")
        return float(stats.pearsonr(self.one, self.other).statistic)

    @property
    def agree(self) -> bool:
        """Whether the pairs rise and fall together beyond chance.

        Seeds of the same name need not share anything. Pairing them wherever their correlation
        happens to be positive finds a difference in 6.4 % of equal groups, this in 5.1 %.
        """
        return self.correlation > 0.0 and float(stats.pearsonr(self.one, self.other).pvalue) < ALPHA


@dataclass(frozen=True, slots=True)
class Superiority:
    """How likely a value of the first side lies above one of the second."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The test that counts, and what is told beside it."""

    test: DifferenceTest
    why: str
    """Why this test, as a clause."""
    beside: tuple[DifferenceTest, ...] = ()
    superiority: Superiority | None = None
    separate: bool = False
    """Whether the 95 % t-intervals of the two means do not even touch."""
    detectable: float | None = None
    """The difference that so many seeds with this spread find 8 times out of 10."""


def paired(one: Sample, other: Sample) -> Pairs:
    """Return the pairs of values whose seeds are named alike, each once on either side."""
    ours, theirs = _by_seed(one), _by_seed(other)
    both = [seed for seed in ours if seed in theirs]
    sizes = {len(one.values), len(other.values), len(both)}
    return Pairs(
        tuple(both),
        tuple(ours[seed] for seed in both),
        tuple(theirs[seed] for seed in both),
        complete=len(sizes) == 1,
    )


def decide(
    one: Sample, other: Sample, asked: TestName | None = None, *, briefly: bool = False
) -> Decided:
    """Return the test asked for, or that of the table, with what stands beside it.

    Where it is one of many only Welch's test stands there, as resampling each takes its time.

    Two to four seeds: Welch's test. Five or more: the paired t-test where the same seeds stand on
    both sides and agree beyond chance, else Welch's, with a BCa interval and the superiority
    beside it.
    """
    pairs = paired(one, other)
    fitting, fits = by_table(one, other)
    name = asked or fitting
    why = "asked for" if asked else fits
    test = run(name, one, other, pairs)
    beside = _beside(name, one, other, pairs)
    shown: list[TestName] = [each for each in beside if not briefly or each in ALWAYS_BESIDE]
    others = [run(each, one, other, pairs) for each in shown]
    if silent(one.values, other.values):
        return Decided(test, why, tuple(others))
    intervals = [seeds.mean_interval(side.values) for side in (one, other)]
    return Decided(
        test,
        why,
        tuple(others),
        None if briefly else _superiority(one, other),
        separate=_apart(*intervals),
        detectable=detectable(one.values, other.values),
    )


def by_table(one: Sample, other: Sample) -> tuple[TestName, str]:
    """Return the test that fits two groups of seeds, and why, as a clause."""
    pairs = paired(one, other)
    sizes = f"{len(one.values)} and {len(other.values)} seeds"
    fewest = min(len(one.values), len(other.values))
    if fewest < seeds.FEWEST_TO_RESAMPLE or not pairs.complete:
        return "welch", f"{sizes}, compared as two groups"
    if pairs.correlation > PARALLEL:
        return "welch", f"the same {fewest} seeds on both sides, a constant apart"
    if pairs.agree:
        agree = f"correlated {pairs.correlation:.2g}"
        return "paired_t", f"the same {fewest} seeds on both sides, {agree}"
    apart = "which do not agree beyond chance, so they are no pairs"
    return "welch", f"the same {fewest} seeds on both sides, {apart}"


def run(name: TestName, one: Sample, other: Sample, pairs: Pairs) -> DifferenceTest:
    """Run one test of two groups of seeds."""
    if name in OF_PAIRS and not pairs.seeds:
        named = [", ".join(map(str, side.seeds)) or "none" for side in (one, other)]
        why_not = f"no seed stands on both sides ({named[0]}; {named[1]}), so nothing pairs"
        return DifferenceTest(name, (len(one.values), len(other.values)), why_not=why_not)
    if name in OF_PAIRS:
        return OF_PAIRS[name](pairs.one, pairs.other)
    return OF_GROUPS[name](one.values, other.values)


def claims(test: DifferenceTest, adjusted_p: float | None) -> bool | None:
    """Return whether a test finds a difference; None where it can say nothing.

    An interval alone claims something from 20 values a side: of fewer, resampling makes too much.
    """
    if test.why_not:
        return None
    if adjusted_p is not None:
        return adjusted_p < ALPHA
    if test.interval is None or min(test.n) < ENOUGH_TO_CLAIM:
        return None
    low, high = test.interval
    return low > 0.0 or high < 0.0


def suggestive(delta: float, deviation: float) -> bool:
    """Return whether two single runs differ by more than seeds do that vary by a known deviation."""
    return abs(delta) > BEYOND_NOISE * 2.0**0.5 * deviation


def beyond_prediction(delta: float, deviation: float, seeds: int) -> bool:
    """Return whether a single run lies beyond where one more of a group's seeds would.

    That is the 95 % prediction interval. Taking the deviation of three seeds for known would put
    14 % of such seeds beyond it.
    """
    apart = float(stats.t.isf(ALPHA / 2, seeds - 1)) * (1.0 + 1.0 / seeds) ** 0.5
    return abs(delta) > apart * deviation


def detectable(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the difference that Welch's test would find 8 times out of 10 with such groups."""
    errors = [float(np.var(side, ddof=1)) / len(side) for side in (one, other)]
    error = sum(errors)
    if not 0.0 < error < np.inf:
        return None
    shares = zip(errors, (one, other), strict=True)
    df = error**2 / sum(part**2 / (len(side) - 1) for part, side in shares)
    critical = float(stats.t.isf(ALPHA / 2, df))

    def short_of_power(apart: float) -> float:
        return float(stats.nct.sf(critical, df, apart)) - POWER

    if not short_of_power(FARTHEST) > 0.0:
        return None
    return float(optimize.brentq(short_of_power, 0.0, FARTHEST)) * error**0.5


def _beside(name: TestName, one: Sample, other: Sample, pairs: Pairs) -> list[TestName]:
    """Return what else is told: at few seeds that ranks cannot reach significance, then the rest."""
    if min(len(one.values), len(other.values)) < seeds.FEWEST_TO_RESAMPLE:
        several = min(len(one.values), len(other.values)) > 1
        ranks: list[TestName] = ["mann_whitney"] if several else []
        signed: list[TestName] = ["wilcoxon"] if len(pairs.seeds) > 1 else []
        told: list[TestName] = ["welch", *ranks, *signed]
    else:
        told = ["welch", "bootstrap"]
    return [other for other in told if other != name]


def _superiority(one: Sample, other: Sample) -> Superiority | None:
    if min(len(one.values), len(other.values)) < seeds.FEWEST_TO_RESAMPLE:
        return None
    return Superiority(
        superiority(one.values, other.values), superiority_interval(one.values, other.values)
    )


def _apart(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and (one[0] > other[1] or other[0] > one[1])


def _by_seed(sample: Sample) -> dict[str, float]:
    """Return the values by seed, without seeds that stand there twice."""
    named = [seed for seed in sample.seeds if seed is not None]
    pairs = zip(sample.seeds, sample.values, strict=True)
    return {seed: value for seed, value in pairs if seed is not None and named.count(seed) == 1}
