import math

import pytest

from samestep.analysis.significance.decision_table import (
    Sample,
    beyond_prediction,
    by_table,
    claims,
    decide,
    detectable,
    paired,
    suggestive,
)
from samestep.analysis.significance.tested import DifferenceTest


def side(*values: float, named: str = "0123456789") -> Sample:
    return Sample(tuple(values), tuple(named[: len(values)]))


THREE = side(70, 71, 72), side(73, 74, 76, named="abc")
AGREEING = side(70, 71, 72, 73, 75), side(71, 72.5, 73, 74.5, 76)
OPPOSED = side(70, 71, 72, 73, 75), side(76, 74.5, 73, 72.5, 71)


def test_two_to_four_seeds_are_compared_by_welchs_test() -> None:
    decided = decide(*THREE)

    assert (decided.test.test, decided.why) == ("welch", "3 and 3 seeds, compared as two groups")
    assert decided.superiority is None


def test_with_few_seeds_ranks_are_told_to_be_out_of_reach() -> None:
    decided = decide(*(side(70, 71, 72), side(73, 74, 76)))

    assert [(one.test, one.p_value) for one in decided.beside] == [
        ("mann_whitney", None),
        ("wilcoxon", None),
    ]
    assert all("at best" in one.why_not for one in decided.beside)


def test_five_seeds_that_pair_and_agree_are_compared_in_pairs() -> None:
    decided = decide(*AGREEING)

    assert decided.test.test == "paired_t"
    assert [one.test for one in decided.beside] == ["welch", "bootstrap"]


@pytest.mark.parametrize(
    "sides",
    [OPPOSED, (AGREEING[0], Sample(AGREEING[1].values, tuple("abcde"))), THREE],
    ids=["no correlation", "other seeds", "too few"],
)
def test_seeds_that_do_not_pair_are_compared_as_groups(sides: tuple[Sample, Sample]) -> None:
    assert by_table(*sides)[0] == "welch"


def test_pairs_that_are_a_constant_apart_are_compared_as_groups() -> None:
    shifted = Sample(tuple(value + 0.1 for value in AGREEING[0].values), AGREEING[0].seeds)

    assert by_table(AGREEING[0], shifted)[0] == "welch"


def test_one_of_many_is_decided_briefly() -> None:
    decided = decide(*AGREEING, briefly=True)

    assert [one.test for one in decided.beside] == ["welch"]
    assert (decided.test.test, decided.superiority) == ("paired_t", None)


def test_five_seeds_have_an_interval_and_how_often_one_is_above_the_other() -> None:
    decided = decide(*OPPOSED)

    assert [one.test for one in decided.beside] == ["bootstrap"]
    assert decided.beside[0].interval is not None
    assert decided.superiority is not None
    assert decided.superiority.value == 8 / 25  # counted by hand: 7 pairs above, 2 equal


def test_pairs_are_those_of_seeds_named_once_on_both_sides() -> None:
    pairs = paired(Sample((1, 2, 3, 4), ("a", "b", "b", None)), Sample((5, 6, 7), ("b", "a", "c")))

    assert (pairs.seeds, pairs.one, pairs.other, pairs.complete) == (("a",), (1,), (6,), False)


def test_a_test_of_pairs_without_pairs_says_so() -> None:
    found = decide(*THREE, "paired_t").test

    assert found.p_value is None
    assert found.why_not == "no seed stands on both sides (0, 1, 2; a, b, c), so nothing pairs"


def test_one_seed_leaves_nothing_to_test() -> None:
    decided = decide(side(70), side(71, 72, 73))

    assert decided.test.p_value is None
    assert (decided.detectable, decided.separate) == (None, False)


def test_intervals_that_do_not_touch_are_told() -> None:
    # Means 71 and 81, each within 2.48 by the t-interval of three values a unit apart.
    assert decide(side(70, 71, 72), side(80, 81, 82)).separate
    assert not decide(side(70, 71, 72), side(72, 73, 74)).separate


def test_what_can_be_detected_is_cohens_table() -> None:
    # Two groups of 64 find half a standard deviation 80 % of the time (Cohen 1988, table 2.4.1).
    ranks = [(at + 0.5) / 64 for at in range(64)]
    spread = math.sqrt(sum((rank - 0.5) ** 2 for rank in ranks) / 63)

    assert round((detectable(ranks, ranks) or 0.0) / spread, 2) == 0.50
    assert detectable([1, 1, 1], [2, 2, 2]) is None


def test_an_interval_of_few_values_claims_nothing() -> None:
    beyond = (0.5, 1.5)

    assert claims(DifferenceTest("bootstrap", (5, 5), interval=beyond), None) is None
    assert claims(DifferenceTest("bootstrap", (20, 20), interval=beyond), None) is True
    assert claims(DifferenceTest("bootstrap", (20, 20), interval=(-0.5, 1.5)), None) is False


def test_only_the_adjusted_p_value_claims() -> None:
    found = DifferenceTest("welch", (3, 3), p_value=0.03)

    assert [claims(found, 0.03), claims(found, 0.06)] == [True, False]
    assert claims(DifferenceTest("welch", (1, 3), why_not="a single seed"), None) is None


def test_single_runs_are_suggestive_beyond_what_seeds_vary_by() -> None:
    # 1.96 * sqrt(2) * 0.5 = 1.386
    assert [suggestive(1.38, 0.5), suggestive(-1.39, 0.5)] == [False, True]


def test_seeds_that_agree_no_more_than_by_chance_are_compared_as_groups() -> None:
    # Pearson's r is 0.5, which five pairs of nothing in common reach in 2 of 5 draws.
    one, other = side(1, 2, 3, 4, 5), side(12, 11, 15, 12.5, 14)

    name, why = by_table(one, other)

    assert (name, why) == (
        "welch",
        "the same 5 seeds on both sides, which do not agree beyond chance, so they are no pairs",
    )


def test_a_single_run_lies_beyond_a_group_outside_its_prediction_interval() -> None:
    # t(0.975, 2) * sqrt(1 + 1/3) * 0.5 = 4.3027 * 1.1547 * 0.5 = 2.484
    assert [beyond_prediction(2.48, 0.5, 3), beyond_prediction(-2.49, 0.5, 3)] == [False, True]
