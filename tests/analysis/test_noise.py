import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.analysis.axis import Curve
from samestep.analysis.noise import point_noise, seed_spread

unhurried = settings(deadline=None)  # a busy machine is no failure
NAN = float("nan")
INF = float("inf")


def curve(values: Iterable[float]) -> Curve:
    """Return a curve logged at x = 0, 1, 2 and so on."""
    measured = np.array(list(values), dtype=np.float64)
    x = np.arange(len(measured), dtype=np.float64)
    return Curve("val/loss", x, measured, x, 0, 0, 0, 0)


def test_white_noise_around_a_line_gives_back_its_deviation() -> None:
    random = np.random.default_rng(seed=1)
    trend = 3.0 - 0.1 * np.arange(20)
    found = [point_noise(curve(trend + random.normal(0, 0.05, 20)), 19) or 0.0 for _ in range(200)]

    assert 0.045 < float(np.mean(found)) < 0.055


def test_a_straight_trend_is_no_noise() -> None:
    assert point_noise(curve([10.0, 8.0, 6.0, 4.0, 2.0, 0.0]), 5) == 0


def test_noise_is_in_units_of_the_metric() -> None:
    bumpy = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]

    assert math.isclose(point_noise(curve(bumpy), 5) or 0.0, 1.4826 * 2 / 6**0.5)
    assert math.isclose(
        point_noise(curve([100 * v for v in bumpy]), 5) or 0.0, 121.0537, rel_tol=1e-6
    )


def test_one_outlier_is_not_taken_for_noise() -> None:
    assert point_noise(curve([1.0] * 9 + [50.0] + [1.0] * 10), 19) == 0


def test_only_points_up_to_x_count() -> None:
    calm_then_wild = curve([1.0] * 10 + [5.0, -5.0, 9.0, -9.0, 3.0])

    assert point_noise(calm_then_wild, 9) == 0


def test_only_the_last_points_count() -> None:
    wild_then_calm = curve([5.0, -5.0, 9.0, -9.0] + [1.0] * 20)

    assert point_noise(wild_then_calm, 23) == 0


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [1.0, 2.0, 1.0, 2.0], [NAN] * 9])
def test_too_few_finite_points_say_nothing(values: list[float]) -> None:
    assert point_noise(curve(values), 10) is None


def test_values_that_are_not_finite_are_left_out() -> None:
    assert point_noise(curve([1.0, NAN, 1.0, INF, 1.0, -INF, 1.0, 1.0]), 7) == 0


def test_values_too_large_to_subtract_say_nothing() -> None:
    assert point_noise(curve([1.7e308, -1.7e308] * 4), 7) is None


@unhurried
@given(st.lists(st.floats(), max_size=30))
def test_noise_is_a_finite_number_or_nothing(values: list[float]) -> None:
    found = point_noise(curve(values), 30)

    assert found is None or (math.isfinite(found) and found >= 0)


def test_seeds_spread_by_their_sample_deviation() -> None:
    assert seed_spread(np.array([70.0, 72.0, 74.0])) == 2
    assert seed_spread(np.array([70.0, 70.0])) == 0


@pytest.mark.parametrize("values", [[], [70.0], [70.0, NAN], [INF, -INF], [1.7e308, -1.7e308]])
def test_a_spread_that_cannot_be_known_is_not_given(values: list[float]) -> None:
    assert seed_spread(np.array(values)) is None
