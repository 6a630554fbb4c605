import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from samestep.analysis.significance.bootstrap import (
    bca_difference,
    mean_interval_of,
    superiority,
    superiority_interval,
)

numbers = st.lists(st.integers(-5, 5).map(float), min_size=2, max_size=8)


def test_superiority_counts_pairs_and_halves_ties() -> None:
    # 2 above 1, 3 above 1 and 2, and 2 equal to 2.
    assert superiority([2, 3], [1, 2]) == 3.5 / 4


@settings(deadline=None, max_examples=50)
@given(one=numbers, other=numbers)
def test_superiority_is_mann_whitneys_u_over_all_pairs(
    one: list[float], other: list[float]
) -> None:
    u = float(stats.mannwhitneyu(one, other, method="asymptotic").statistic)

    assert math.isclose(superiority(one, other), u / (len(one) * len(other)))


def test_sides_that_do_not_overlap_have_no_interval_of_superiority() -> None:
    assert superiority_interval([5, 6, 7], [1, 2, 3]) is None


def test_an_interval_of_superiority_holds_it() -> None:
    low, high = superiority_interval([1, 3, 5, 7, 9], [2, 4, 6, 8, 10]) or (1.0, 0.0)

    assert 0.0 <= low < superiority([1, 3, 5, 7, 9], [2, 4, 6, 8, 10]) < high <= 1.0


def test_bca_intervals_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(60):
        low, high = bca_difference(list(rng.normal(1, 1, 20)), list(rng.normal(0, 1, 20))) or (0, 0)
        held += low <= 1.0 <= high

    assert 51 <= held <= 60


def test_equal_values_have_no_bca_interval() -> None:
    assert bca_difference([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]) is None


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(3).normal(0, 1, 400)

    low, high = mean_interval_of(values) or (0.0, 0.0)
    assert math.isclose(high - low, 2 * 1.96 * float(stats.sem(values)), rel_tol=0.05)
