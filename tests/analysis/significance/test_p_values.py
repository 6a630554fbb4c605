import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from samestep.analysis.significance.p_values import holm, welch

unhurried = settings(deadline=None)  # a busy machine is no failure
NAN = float("nan")


def test_welchs_test_weighs_a_difference_against_its_spread() -> None:
    # t = 4 / sqrt(1/3 + 1/3), with 4 degrees of freedom.
    assert math.isclose(welch([71, 72, 73], [75, 76, 77]) or 0.0, 0.00804988, rel_tol=1e-5)


def test_the_sides_may_be_exchanged() -> None:
    assert welch([70, 71, 73], [74, 78]) == welch([74, 78], [70, 71, 73])


def test_one_side_may_have_no_spread() -> None:
    # t = 3 / sqrt(1/3), with 2 degrees of freedom.
    assert math.isclose(welch([70, 70, 70], [72, 73, 74]) or 0.0, 0.0351, rel_tol=1e-2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([70], [71, 72]),
        ([70, 71], [72]),
        ([], []),
        ([70, 70], [71, 71]),
        ([0.1, 0.1, 0.1], [0.2, 0.2, 0.2]),
        ([70, 70], [70, 70]),
        ([70, NAN], [71, 72]),
        ([70, float("inf")], [71, 72]),
    ],
)
def test_groups_without_seeds_spread_or_numbers_say_nothing(
    one: list[float], other: list[float]
) -> None:
    assert welch(one, other) is None


seeds = st.lists(st.floats(-1000, 1000), min_size=2, max_size=6)


@unhurried
@given(one=seeds, other=seeds)
def test_p_values_are_scipys_or_none(one: list[float], other: list[float]) -> None:
    found = welch(one, other)

    assert found is None or 0 < found <= 1
    if found is not None and min(map(spread, (one, other))) > 1e-3:
        mean = stats.ttest_ind_from_stats(*stated(one), *stated(other), equal_var=False)
        assert math.isclose(found, float(mean.pvalue), rel_tol=1e-6)


def spread(values: list[float]) -> float:
    return max(values) - min(values)


def stated(values: list[float]) -> tuple[float, float, int]:
    """Return mean, sample deviation and number, worked by hand."""
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return mean, math.sqrt(squares / (len(values) - 1)), len(values)


def adjusted(*p_values: float) -> list[float]:
    return [round(p, 10) for p in holm(p_values)]


def test_holm_multiplies_the_smallest_p_value_most() -> None:
    # 0.01 * 4, 0.02 * 3, then 0.03 * 2, and 0.04 * 1 raised to the one before it.
    assert adjusted(0.03, 0.01, 0.04, 0.02) == [0.06, 0.04, 0.06, 0.06]


def test_holm_stops_where_a_difference_is_not_significant() -> None:
    # 0.005 * 4 and 0.01 * 3 pass 0.05; 0.03 * 2 does not, and 0.04 alone may not either.
    assert adjusted(0.01, 0.04, 0.03, 0.005) == [0.03, 0.06, 0.06, 0.02]


def test_an_adjusted_p_value_is_never_above_1() -> None:
    assert holm([0.4, 0.9, 0.6]) == [1, 1, 1]


def test_a_single_p_value_stays_as_it_is() -> None:
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


@unhurried
@given(st.lists(st.floats(0, 1), max_size=8))
def test_adjusting_keeps_the_order_and_lowers_nothing(p_values: list[float]) -> None:
    found = holm(p_values)
    in_order = [after for _, after in sorted(zip(p_values, found, strict=True))]

    assert all(p <= after <= 1 for p, after in zip(p_values, found, strict=True))
    assert in_order == sorted(in_order)
