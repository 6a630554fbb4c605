"""The order of candidates at one x, and who can be told from the first."""

import numpy as np
import pytest
from scipy import stats

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.compare import Member, SideValue
from samestep.analysis.ranking.distances import (
    Distance,
    SeedNoise,
    distances,
    in_order,
    interval,
    reach,
    side_at,
    usual_x,
)
from samestep.analysis.ranking.selection import Pooled

NOTHING = SeedNoise()
COSINE, STEP, LINEAR = [71.0, 72.0, 73.5], [70.0, 70.5, 69.0], [71.5, 72.5, 72.0]


def curve(*values: float, start: float = 1.0) -> Curve:
    x = np.arange(start, start + len(values))
    return Curve("top1", x, np.array(values), x, 0, 0, 0, 0)


def members(values: list[float]) -> list[Member]:
    return [
        Member(f"resnet50/seed{seed}", str(seed), curve(1.0, 1.5, value))
        for seed, value in enumerate(values)
    ]


def side(values: list[float]) -> SideValue:
    found = side_at(members(values), 3.0)
    assert isinstance(found, SideValue)
    return found


def test_the_p_value_is_welchs_adjusted_by_holm_over_all_that_are_compared() -> None:
    step, linear = distances(side(COSINE), [side(STEP), side(LINEAR)], NOTHING, 0.0)

    raw = float(stats.ttest_ind(COSINE, STEP, equal_var=False).pvalue)
    other = float(stats.ttest_ind(COSINE, LINEAR, equal_var=False).pvalue)
    assert step.adjusted_p == min(1.0, 2 * raw)
    assert linear.adjusted_p == max(2 * raw, other)
    assert (step.evidence, linear.evidence) == ("seeds", "seeds")
    assert (step.tied, linear.tied) == (2 * raw >= 0.05, True)


def test_the_interval_is_students_t_over_the_seeds() -> None:
    mean = float(np.mean(COSINE))
    low, high = stats.t.interval(0.95, 2, mean, stats.sem(COSINE))

    assert interval(side(COSINE), NOTHING) == pytest.approx((float(low), float(high)))


def test_a_single_seed_borrows_the_deviation_of_others_with_its_degrees_of_freedom() -> None:
    known = SeedNoise(borrowed=Pooled(0.5, groups=2, freedom=4))
    [far] = distances(side([72.0]), [side([69.0])], known, 0.0)

    half = float(stats.t.ppf(0.975, 4)) * 0.5
    assert interval(side([72.0]), known) == pytest.approx((72.0 - half, 72.0 + half))
    p = 2 * float(stats.t.sf(3.0 / (0.5 * 2**0.5), 4))
    assert (far.evidence, far.adjusted_p, far.tied) == ("borrowed", pytest.approx(p), p >= 0.05)


def test_a_declared_deviation_comes_before_a_borrowed_one() -> None:
    known = SeedNoise(declared=1.0, borrowed=Pooled(0.1, 2, 4))
    [far] = distances(side([72.0]), [side([69.0])], known, 0.0)

    assert far.evidence == "declared"
    assert far.adjusted_p == pytest.approx(2 * float(stats.norm.sf(3.0 / 2**0.5)))


def test_what_nothing_tells_apart_is_tied() -> None:
    assert distances(side([72.0]), [side([1.0])], NOTHING, 0.0) == [
        Distance(71.0, "none", None, tied=True)
    ]


def test_single_runs_are_told_apart_beyond_the_noise_of_their_curves_without_a_p_value() -> None:
    noisy = [0.0, 1.0, 0.3, 0.7, 0.1, 1.6, 0.0]
    near, far = (
        side_at([Member(f"lift{lift:g}", None, curve(*(v - lift for v in noisy)))], 7.0)
        for lift in (0.1, 50.0)
    )
    first = side_at([Member("first", None, curve(*noisy))], 7.0)
    assert isinstance(first, SideValue)
    assert isinstance(near, SideValue)
    assert isinstance(far, SideValue)

    told = distances(first, [near, far], NOTHING, 0.0)
    assert [(one.evidence, one.adjusted_p, one.tied) for one in told] == [
        ("curve", None, True),
        ("curve", None, False),
    ]


def test_equal_seeds_tell_nothing() -> None:
    [other] = distances(side([72.0, 72.0]), [side([71.0, 71.0])], NOTHING, 0.0)

    assert (other.evidence, other.tied) == ("none", True)


def test_a_difference_too_small_to_matter_is_tied_however_sure() -> None:
    sure = [10.0, 10.001, 10.002, 10.003]
    [close] = distances(side(sure), [side([v - 0.1 for v in sure])], NOTHING, least=0.5)

    assert close.adjusted_p is not None
    assert close.adjusted_p < 1e-6
    assert close.tied


def test_the_truly_best_stays_among_those_not_told_from_the_first() -> None:
    generator = np.random.default_rng(0)
    lost = {"equal": 0, "apart": 0}
    for _ in range(60):
        for kind, means in (("equal", np.zeros(8)), ("apart", -0.5 * np.arange(8.0))):
            sides = [side(list(row)) for row in generator.normal(means[:, None], 1.0, (8, 4))]
            first, *others = in_order(sides, "higher")
            told = distances(sides[first], [sides[at] for at in others], NOTHING, 0.0)
            lost[kind] += 0 in others and not told[others.index(0)].tied

    assert lost["equal"] <= 3
    assert lost["apart"] <= 3


def test_the_better_value_comes_first_and_what_is_not_finite_nowhere() -> None:
    sides = [side([v]) for v in (2.0, float("nan"), 3.0, 2.0, float("inf"))]

    assert in_order(sides, "higher") == [2, 0, 3]
    assert in_order(sides, "lower") == [0, 3, 2]


@pytest.mark.parametrize(
    ("reached", "x"),
    [
        ([100.0] * 3, 100.0),
        ([100.0, 40.0], 40.0),
        ([100.0, 100.0, 3.0], 100.0),
        ([7.0], 7.0),
        ([100.0, 50.0, 40.0], 50.0),
        ([100.0] * 2 + [40.0] * 3, 40.0),
    ],
)
def test_the_usual_x_is_where_half_and_two_have_got_to(reached: list[float], x: float) -> None:
    assert usual_x(reached) == x


def test_a_group_reaches_what_half_of_its_seeds_reach() -> None:
    runs = [Member(str(n), None, curve(*[0.0] * n)) for n in (2, 5, 5)]
    silent = Member("silent", None, Absent("not logged"))

    assert reach([*runs, silent]) == 5.0
    assert reach([silent]) is None


def test_seeds_that_did_not_get_there_do_not_count_and_are_named() -> None:
    group = [*members([71.0, 72.0]), Member("resnet50/late", None, curve(9.0, 9.0))]
    found = side_at(group, 3.0)

    assert isinstance(found, SideValue)
    assert found.values == [71.0, 72.0]
    assert found.missing == {"resnet50/late": "its log of the metric goes to 2, not to 3"}


def test_a_run_short_of_x_has_no_value_there_and_never_its_last() -> None:
    assert side_at([Member("resnet50", None, curve(1.0, 2.0))], 9.0) == Absent(
        "its log of the metric goes to 2, not to 9"
    )
