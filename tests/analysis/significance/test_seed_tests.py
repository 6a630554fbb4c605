import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from samestep.analysis.significance import seed_tests as seeds
from samestep.analysis.significance.tested import DifferenceTest

unhurried = settings(deadline=None, max_examples=25)
WIDE, DEEP = [70.1, 71.3, 72.2, 70.8, 71.9], [72.4, 73.1, 71.8, 73.9, 72.7]
# Sleep gained under two drugs (Student 1908, Cushny and Peebles' data).
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def p_of(test: DifferenceTest) -> float:
    assert test.p_value is not None, test.why_not
    return test.p_value


def test_welch_is_the_published_result_of_students_sleep_data() -> None:
    # R's t.test(extra ~ group): t = -1.8608, df = 17.776, p = 0.07939, -3.3654832 to 0.2054832.
    found = seeds.welch_test(FIRST_DRUG, SECOND_DRUG)

    assert [round(found.statistic or 0.0, 4), round(found.df or 0.0, 3)] == [-1.8608, 17.776]
    assert round(p_of(found), 5) == 0.07939
    assert [round(bound, 7) for bound in found.interval or ()] == [-3.3654832, 0.2054832]


def test_the_paired_t_test_is_the_published_result_of_the_same_data() -> None:
    # R's t.test(paired = TRUE): t = -4.0621, df = 9, p = 0.002833, -2.4598858 to -0.7001142.
    found = seeds.paired_t_test(FIRST_DRUG, SECOND_DRUG)

    assert [round(found.statistic or 0.0, 4), found.df] == [-4.0621, 9]
    assert round(p_of(found), 6) == 0.002833
    assert [round(bound, 7) for bound in found.interval or ()] == [-2.4598858, -0.7001142]


def test_the_mann_whitney_test_is_exact_for_few_values() -> None:
    # All five of one side below all of the other: 2 of the 252 divisions are as extreme.
    found = seeds.mann_whitney_test([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])

    assert (found.statistic, round(p_of(found), 12)) == (0, round(2 / 252, 12))


def test_equal_values_are_ranked_over_all_divisions() -> None:
    # 0 0 0 1 against 2 2 2 2: only 1 of 70 divisions, and its mirror, is as extreme.
    assert round(p_of(seeds.mann_whitney_test([0, 0, 0, 1], [2, 2, 2, 2])), 12) == round(2 / 70, 12)


def test_wilcoxons_test_is_exact_for_few_pairs() -> None:
    # All six differences point one way: 2 of the 64 signs.
    assert p_of(seeds.wilcoxon_test([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0])) == 2 / 64


def test_the_permutation_test_looks_at_every_division_of_few_values() -> None:
    found = seeds.permutation_test([1, 2, 3, 4], [5, 6, 7, 8])

    assert (found.how, round(p_of(found), 12)) == ("all 70 divisions", round(2 / 70, 12))


def test_the_bootstrap_interval_is_scipys() -> None:
    found = seeds.bootstrap_test(WIDE, DEEP)
    theirs = stats.bootstrap((WIDE, DEEP), apart, rng=np.random.default_rng(1)).confidence_interval

    assert found.p_value is None
    assert np.allclose(found.interval or (), [theirs.low, theirs.high], atol=0.05)
    assert seeds.bootstrap_test(WIDE, DEEP) == found


def apart(one: Sequence[float], other: Sequence[float]) -> float:
    return float(np.mean(one) - np.mean(other))


def test_random_permutations_come_close_to_the_t_test_of_many_values() -> None:
    one, other = [float(at % 7) for at in range(30)], [at % 5 + 1.5 for at in range(30)]

    found = seeds.permutation_test(one, other)

    assert found.how == "9,999 random divisions"
    assert math.isclose(p_of(found), float(stats.ttest_ind(one, other).pvalue), abs_tol=0.03)


@pytest.mark.parametrize(
    ("test", "n", "says"),
    [
        (seeds.mann_whitney_test, 3, "p = 0.1 at best; it needs 4 seeds a side"),
        (seeds.permutation_test, 3, "p = 0.1 at best; it needs 4 seeds a side"),
        (seeds.wilcoxon_test, 5, "p = 0.0625 at best; it needs 6 pairs that differ"),
        (seeds.bootstrap_test, 4, "it needs 5 seeds a side"),
        (seeds.welch_test, 1, "a side has a single seed (n = 1 and 1)"),
        (seeds.paired_t_test, 1, "1 pairs; two are needed"),
    ],
)
def test_what_cannot_reach_significance_says_so(test: seeds.Test, n: int, says: str) -> None:
    found = test([0.1 * at**2 for at in range(n)], [5.0 + at for at in range(n)])

    assert (found.p_value, found.interval) == (None, None)
    assert says in found.why_not


@pytest.mark.parametrize(
    ("test", "needed"), [(seeds.mann_whitney_test, 4), (seeds.permutation_test, 4)]
)
def test_what_it_says_to_need_is_enough(test: seeds.Test, needed: int) -> None:
    one, other = list(range(needed)), list(range(10, 10 + needed))

    assert p_of(test(one, other)) < 0.05


@pytest.mark.parametrize(
    "test",
    [
        seeds.welch_test,
        seeds.paired_t_test,
        seeds.mann_whitney_test,
        seeds.permutation_test,
        seeds.bootstrap_test,
    ],
)
def test_equal_values_and_values_that_are_no_numbers_say_nothing(test: seeds.Test) -> None:
    assert "without spread" in test([0.5] * 6, [0.7] * 6).why_not
    assert "not finite" in test([0.5, 0.6, 0.7, 0.8, 0.9], [0.1, 0.2, math.nan, 0.4, 0.5]).why_not


def test_pairs_without_any_difference_say_nothing() -> None:
    assert "every pair differs by 0" in seeds.wilcoxon_test([1.0] * 8, [1.0] * 8).why_not


numbers = st.floats(-100, 100).map(lambda one: round(one, 3))
values = st.lists(numbers, min_size=6, max_size=9, unique=True)


@unhurried
@given(one=values, other=values)
def test_p_values_are_scipys(one: list[float], other: list[float]) -> None:
    found = p_of(seeds.welch_test(one, other))

    assert math.isclose(found, float(stats.ttest_ind(one, other, equal_var=False).pvalue))
    if not {*one} & {*other}:
        ranks = p_of(seeds.mann_whitney_test(one, other))
        assert math.isclose(ranks, float(stats.mannwhitneyu(one, other).pvalue))


@unhurried
@given(one=values)
def test_intervals_of_a_mean_are_scipys(one: list[float]) -> None:
    found = seeds.mean_interval(one)

    assert (found is None) == (len(set(one)) == 1)
    if found is not None:
        theirs = stats.ttest_1samp(one, 0.0).confidence_interval()
        assert math.isclose(found[0], float(theirs.low), rel_tol=1e-6, abs_tol=1e-6)
        assert math.isclose(found[1], float(theirs.high), rel_tol=1e-6, abs_tol=1e-6)


def test_the_noise_of_pairs_is_the_standard_error_of_their_differences() -> None:
    one, other = [71.0, 73.0, 75.0], [70.0, 71.0, 75.0]

    # Differences 1, 2 and 0: a deviation of 1 over the square root of 3.
    assert seeds.noise_of_pairs(seeds.paired_t_test(one, other)) == pytest.approx(3**-0.5)
    assert seeds.noise_of_pairs(seeds.welch_test(one, other)) is None


def test_a_resampled_interval_of_few_values_says_that_it_is_too_narrow() -> None:
    few, many = seeds.bootstrap_test(WIDE, DEEP), seeds.bootstrap_test(WIDE * 4, DEEP * 4)

    assert few.how == "too narrow of fewer than 20 values a side: it decides nothing"
    assert many.how == ""
