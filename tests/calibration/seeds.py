"""How often groups of seeds are told apart that are equal, and that are not, on public runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from tests.calibration.curves import several_seeds
from tests.calibration.figures import Figure

from samestep.analysis.significance.decision_table import Sample, by_table, claims, paired, run

if TYPE_CHECKING:
    from samestep.model import Floats

FAMILIES = ("nanogpt", "td3")
"""Families with six seeds or more of one configuration."""
SIZES = (3, 5)
FEWEST_SEEDS = 6
LEFT_OUT = 10  # other seeds of each configuration, at least, that the true difference is taken from
FEW_LEFT_OUT = 5
DRAWS = 40  # of two groups from one configuration
PAIR_DRAWS = 10  # of a group from each of two configurations
RESAMPLES = 400
FAR = 2.0  # standard deviations from seed to seed
SECTION = """\

## Seeds

Two groups of 3 or 5 seeds, drawn from public runs of {configurations} configurations of {families}, each with
six seeds or more and compared at the x where they end. Equal: both groups from one configuration, so that every
claim is false; families count the same. Named alike: the same numbers on both sides, which share nothing else.
Apart: from two configurations of a workload, whose true difference
is two standard deviations from seed to seed or more, by {left_out} or more other seeds of each ({cases} draws from
{pairs} pairs of configurations of one workload, half of them {median:.1f} deviations or more apart);
fewer other seeds take smaller differences for that large. Shifted: one configuration, one group moved by exactly two standard
deviations. Usual: the 95 % percentile bootstrap interval of the difference excludes 0.

{table}
So 5 seeds find what is clearly more than two standard deviations, and not every difference of two.
At 5 seeds a side a t-test finds 79 % of differences of exactly two standard deviations where seeds vary normally,
and no test that is wrong in 5 % of equal pairs finds many more; at 10 seeds a side it finds 99 %.
"""

Told = Callable[["Floats", "Floats"], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A group from each of two configurations."""

    pair: tuple[str, str]
    one: "Floats"
    other: "Floats"
    truth: float
    """How far the first truly lies above the second, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """The last values of all seeds of one configuration."""

    family: str
    name: str
    values: "Floats"


def figures() -> list[Figure]:
    """Return how often groups are told apart."""
    known = _configurations()
    equal = [
        Figure(
            f"equal groups of {n} seeds, told apart",
            _when_equal(known, n, _samestep),
            _when_equal(known, n, _bootstrap),
            most=0.05,
        )
        for n in SIZES
    ]
    named_alike = Figure(
        "equal groups of 5 seeds named alike, told apart",
        _when_equal(known, 5, _samestep_alike),
        most=0.05,
    )
    return [*equal, named_alike, *_apart(known)]


def _apart(known: Sequence[Configuration]) -> list[Figure]:
    far, roughly = (
        [_found(_far_cases(left_out), told) for told in (_samestep, _bootstrap)]
        for left_out in (LEFT_OUT, FEW_LEFT_OUT)
    )
    moved = [_when_equal(known, 5, told, FAR) for told in (_samestep, _bootstrap)]
    name = "groups of 5, apart by 2 deviations or more, found"
    return [
        Figure(name, far[0], far[1], least=0.95),
        Figure("the same, the truth from 5 other seeds", roughly[0], roughly[1]),
        Figure("groups of 5, shifted by exactly 2 deviations, found", moved[0], moved[1]),
    ]


def section(shown: Sequence[Figure]) -> str:
    """Return the part of FIGURES.md about seeds."""
    known = _configurations()
    rows = [[*one.row, _held(one)] for one in shown]
    columns = ["of seeds", "samestep", "usual", "meant to be", "holds"]
    lines = [columns, ["---"] * len(columns), *rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return SECTION.format(
        configurations=len(known),
        families=" and ".join(FAMILIES),
        left_out=LEFT_OUT,
        cases=len(_far_cases(LEFT_OUT)),
        pairs=len({one.pair for one in _far_cases(LEFT_OUT)}),
        median=float(np.median([abs(one.truth) for one in _far_cases(LEFT_OUT)])),
        table=table,
    )


def _held(one: Figure) -> str:
    if one.least is None and one.most is None:
        return ""
    return "yes" if one.holds else "**no**"


@cache
def _configurations() -> tuple[Configuration, ...]:
    return tuple(_read())


def _read() -> Iterator[Configuration]:
    for family in FAMILIES:
        ends: dict[str, dict[float, list[float]]] = {}
        for curve in several_seeds(family):
            by_end = ends.setdefault(f"{curve.configuration} {curve.metric}", {})
            by_end.setdefault(float(curve.x[-1]), []).append(float(curve.values[-1]))
        for name, by_end in ends.items():
            values = np.array(max(by_end.values(), key=len))
            if len(values) >= FEWEST_SEEDS:
                yield Configuration(family, name, values)


def _samestep(one: "Floats", other: "Floats") -> bool:
    """Return whether the decision table finds a difference."""
    samples = [
        Sample(tuple(map(float, values)), tuple(f"{which}{at}" for at in range(len(values))))
        for which, values in (("a", one), ("b", other))
    ]
    ours, theirs = samples
    test = run(by_table(ours, theirs)[0], ours, theirs, paired(ours, theirs))
    return bool(claims(test, test.p_value))


def _samestep_alike(one: "Floats", other: "Floats") -> bool:
    """Return whether it does where the seeds of both groups have the same names."""
    names = tuple(map(str, range(len(one))))
    ours, theirs = (Sample(tuple(map(float, values)), names) for values in (one, other))
    test = run(by_table(ours, theirs)[0], ours, theirs, paired(ours, theirs))
    return bool(claims(test, test.p_value))


def _bootstrap(one: "Floats", other: "Floats") -> bool:
    rng = np.random.default_rng(0)
    means = [
        np.mean(values[rng.integers(0, len(values), (RESAMPLES, len(values)))], axis=1)
        for values in (one, other)
    ]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    return bool(low > 0.0 or high < 0.0)


def _when_equal(known: Sequence[Configuration], n: int, told: Told, shift: float = 0.0) -> float:
    """Return how often two groups of one configuration are told apart, one of them shifted."""
    rates: dict[str, list[float]] = {}
    for one in known:
        if len(one.values) >= 2 * n:
            rng = np.random.default_rng(len(one.values))
            moved = shift * float(np.std(one.values, ddof=1))
            said = [
                told(drawn[:n], drawn[n : 2 * n] + moved)
                for drawn in (rng.permutation(one.values) for _ in range(DRAWS))
            ]
            rates.setdefault(one.family, []).append(float(np.mean(said)))
    return _mean_of_families(rates)


def _found(cases: Sequence[Case], told: Told) -> float:
    """Return how often groups that are far apart are told so, the right way."""
    right = [
        (float(np.mean(one.one) - np.mean(one.other)) > 0.0) == (one.truth > 0.0)
        and told(one.one, one.other)
        for one in cases
    ]
    return float(np.mean(right))


@cache
def _far_cases(left_out: int, n: int = 5) -> tuple[Case, ...]:
    """Return groups of configurations that are far apart, by the seeds left out of the groups."""
    large = [one for one in _configurations() if len(one.values) >= n + left_out]
    pairs = [pair for pair in combinations(large, 2) if _same_workload(*pair)]
    cases: list[Case] = []
    for at, pair in enumerate(pairs):
        rng = np.random.default_rng(at)
        for _ in range(PAIR_DRAWS):
            one, other = (rng.permutation(each.values) for each in pair)
            truth = _deviations(one[n:], other[n:])
            if abs(truth) >= FAR:
                cases.append(Case((pair[0].name, pair[1].name), one[:n], other[:n], truth))
    return tuple(cases)


def _same_workload(one: Configuration, other: Configuration) -> bool:
    """Return whether two configurations may be compared: every task of TD3 is its own."""
    same_family = one.family == other.family == "nanogpt"
    return same_family and one.name.split("/")[0] == other.name.split("/")[0]


def _deviations(one: "Floats", other: "Floats") -> float:
    """Return a difference of means in standard deviations from seed to seed."""
    spread = np.sqrt((np.var(one, ddof=1) + np.var(other, ddof=1)) / 2.0)
    return float((np.mean(one) - np.mean(other)) / spread) if spread > 0.0 else np.inf


def _mean_of_families(rates: Mapping[str, Sequence[float]]) -> float:
    return float(np.mean([np.mean(of) for of in rates.values()]))
