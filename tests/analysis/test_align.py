import math
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samestep.analysis.align import Absent, Matching, Point, newest_point, spacing, value_at
from samestep.analysis.axis import Curve

unhurried = settings(deadline=None)  # a busy machine is no failure
NAN = float("nan")
INF = float("inf")


def curve(*points: tuple[float, float], steps: list[float] | None = None) -> Curve:
    x = np.array([x for x, _ in points], dtype=np.float64)
    values = np.array([value for _, value in points], dtype=np.float64)
    logged = x * 100.0 if steps is None else np.array(steps, dtype=np.float64)
    return Curve("val/top1", x, values, logged, restarts=0, voided=0, duplicates=0, unplaced=0)


EPOCHS_1_TO_5 = curve((1, 10), (2, 20), (3, 30), (4, 40), (5, 50))


def test_a_logged_point_is_exact_with_its_own_step() -> None:
    assert value_at(EPOCHS_1_TO_5, 3) == Point(30, 3, "exact", step=300)


def test_a_point_without_a_step_says_so() -> None:
    assert value_at(curve((1, 10), steps=[NAN]), 1) == Point(10, 1, "exact", step=None)


def test_rounding_of_x_does_not_make_a_point_inexact() -> None:
    assert value_at(curve((0.1 + 0.2, 1.0)), 0.3) == Point(
        1, 0.1 + 0.2, "exact", step=30.000000000000004
    )


def test_between_two_points_the_value_is_interpolated() -> None:
    assert value_at(EPOCHS_1_TO_5, 2.25) == Point(
        22.5, 2.25, "interpolated", gap=0.25, between=(2, 3)
    )


def test_three_times_the_usual_spacing_is_bridged_and_more_is_not() -> None:
    assert value_at(curve((1, 0), (2, 0), (3, 0), (6, 9)), 4) == Point(
        3, 4, "interpolated", gap=1, between=(3, 6)
    )
    assert value_at(curve((1, 0), (2, 0), (3, 0), (6.1, 9)), 4) == Absent(
        "not logged within 0.5 of 4; its nearest point is at 3"
    )


def test_rounding_of_x_does_not_decide_what_is_bridged_or_near() -> None:
    tenths = curve((0.1, 0), (0.2, 0), (0.3, 0), (0.4, 0), (0.7, 3))

    assert isinstance(value_at(tenths, 0.5, "interpolated"), Point)
    assert isinstance(value_at(curve((0.8, 0), (0.9, 0)), 0.95), Point)


def test_two_points_are_bridged_however_far_apart_they_are() -> None:
    assert value_at(curve((1, 0), (101, 10)), 51) == Point(
        5, 51, "interpolated", gap=50, between=(1, 101)
    )


def test_beyond_the_ends_the_nearest_point_within_half_the_spacing_is_taken() -> None:
    assert value_at(EPOCHS_1_TO_5, 5.5) == Point(50, 5, "nearest", step=500, gap=0.5)
    assert value_at(EPOCHS_1_TO_5, 0.75) == Point(10, 1, "nearest", step=100, gap=0.25)


def test_nothing_is_extrapolated() -> None:
    assert value_at(EPOCHS_1_TO_5, 5.6) == Absent(
        "not logged within 0.5 of 5.6; its nearest point is at 5"
    )
    assert value_at(curve((2, 1)), 1) == Absent(
        "not logged within 0 of 1; its nearest point is at 2"
    )


def test_a_tolerance_moves_how_far_the_nearest_point_may_lie() -> None:
    assert value_at(EPOCHS_1_TO_5, 7, tolerance=2) == Point(50, 5, "nearest", step=500, gap=2)
    assert isinstance(value_at(EPOCHS_1_TO_5, 5.25, tolerance=0.1), Absent)


@pytest.mark.parametrize(
    ("matching", "found"),
    [
        ("exact", Absent('not logged at exactly 2.25, and match="exact" was asked for')),
        ("interpolated", Point(22.5, 2.25, "interpolated", gap=0.25, between=(2, 3))),
        ("nearest", Point(20, 2, "nearest", step=200, gap=0.25)),
    ],
)
def test_only_the_way_of_matching_asked_for_is_used(
    matching: Matching, found: Point | Absent
) -> None:
    assert value_at(EPOCHS_1_TO_5, 2.25, matching) == found


@pytest.mark.parametrize("matching", ["auto", "exact", "interpolated", "nearest"])
def test_a_logged_point_is_exact_whichever_way_is_asked_for(matching: Matching) -> None:
    assert value_at(EPOCHS_1_TO_5, 2, matching) == Point(20, 2, "exact", step=200)


def test_interpolation_alone_gives_nothing_beyond_the_ends() -> None:
    assert value_at(EPOCHS_1_TO_5, 5.25, "interpolated") == Absent(
        "not logged on both sides of 5.25"
    )


def test_interpolation_alone_says_which_gap_is_too_wide() -> None:
    assert value_at(curve((1, 0), (2, 0), (3, 0), (9, 9)), 4, "interpolated") == Absent(
        "the points around 4 (3 and 9) lie further apart than 3 times the usual 1"
    )


@pytest.mark.parametrize("beside", [NAN, INF, -INF])
def test_a_value_that_is_not_finite_is_never_interpolated_with(beside: float) -> None:
    found = curve((1, 10), (2, beside), (3, 30))

    assert value_at(found, 1.5, "interpolated") == Absent("a value next to 1.5 is not finite")
    assert value_at(found, 1.25) == Point(10, 1, "nearest", step=100, gap=0.25)


def test_nan_is_a_value_where_it_was_logged() -> None:
    found = value_at(curve((1, 10), (2, NAN)), 2)

    assert isinstance(found, Point)
    assert found.match == "exact"
    assert math.isnan(found.value)


def test_the_newest_point_is_the_last_at_or_before_the_limit() -> None:
    assert newest_point(EPOCHS_1_TO_5, 3.9) == Point(30, 3, "exact", step=300)
    assert newest_point(EPOCHS_1_TO_5, 3) == Point(30, 3, "exact", step=300)
    assert newest_point(EPOCHS_1_TO_5, 99) == Point(50, 5, "exact", step=500)


def test_rounding_of_the_limit_does_not_hide_a_point() -> None:
    assert newest_point(curve((0.1 + 0.2, 1.0)), 0.3) == Point(
        1, 0.1 + 0.2, "exact", step=30.000000000000004
    )


def test_before_the_first_point_there_is_none() -> None:
    assert newest_point(EPOCHS_1_TO_5, 0.5) == Absent("first logged at 1, after 0.5")


def test_spacing_is_the_median_distance_and_unknown_for_one_point() -> None:
    assert spacing(curve((1, 0), (2, 0), (3, 0), (50, 0))) == 1
    assert spacing(curve((1, 0))) is None


finite = st.floats(-1e6, 1e6)
curves = st.lists(
    st.tuples(st.integers(0, 200).map(lambda tenth: tenth / 10), finite | st.just(NAN)),
    min_size=1,
    max_size=12,
    unique_by=lambda point: point[0],
).map(lambda points: curve(*sorted(points, key=lambda point: point[0])))
places = st.integers(-20, 420).map(lambda twentieth: twentieth / 20)


def naively(found: Curve, x: float) -> tuple[str, float, float] | None:
    """Return match, x and value as plain loops and numpy.interp find them."""
    points = list(zip(found.x.tolist(), found.values.tolist(), strict=True))
    for at, value in points:
        if at == x:
            return "exact", at, value
    gaps = [after[0] - before[0] for before, after in pairwise(points)]
    usual = median(gaps) if gaps else 0.0
    for before, after in pairwise(points):
        is_near = after[0] - before[0] <= 3 * usual
        if before[0] < x < after[0] and is_near and math.isfinite(before[1] + after[1]):
            value = np.interp(x, [before[0], after[0]], [before[1], after[1]])
            return "interpolated", x, float(value)
    gap, at, value = min((abs(at - x), at, value) for at, value in points)
    return ("nearest", at, value) if gap <= usual / 2 else None


@unhurried
@given(found=curves, x=places)
def test_values_are_those_that_plain_loops_find(found: Curve, x: float) -> None:
    # At an equal distance from two points, or a gap of just the limit, rounding decides.
    distances = sorted(abs(found.x - x).tolist())
    assume(len(distances) == 1 or distances[1] - distances[0] > 1e-6)
    usual = spacing(found) or 0.0
    assume(abs(distances[0] - usual / 2) > 1e-6)
    assume(not np.any(np.abs(np.diff(found.x) - 3 * usual) < 1e-6) or len(found) <= 2)
    expected, point = naively(found, x), value_at(found, x)

    if expected is None:
        assert isinstance(point, Absent)
    else:
        assert isinstance(point, Point)
        assert (point.match, point.x) == expected[:2]
        assert math.isclose(point.value, expected[2], rel_tol=1e-9, abs_tol=1e-6) or (
            math.isnan(point.value) and math.isnan(expected[2])
        )


@pytest.mark.parametrize("matching", ["auto", "exact", "interpolated", "nearest"])
@unhurried
@given(found=curves, x=places, tolerance=st.none() | st.floats(0, 50))
def test_no_value_lies_beyond_what_was_logged(
    found: Curve, x: float, tolerance: float | None, *, matching: Matching
) -> None:
    point = value_at(found, x, matching, tolerance)

    if isinstance(point, Point):
        assert found.x[0] <= point.x <= found.x[-1]
        assert matching in {"auto", point.match} or point.match == "exact"
        assert (point.match == "interpolated") == (point.between is not None)
        assert (point.match == "exact") == (point.gap is None)


@unhurried
@given(found=curves, x=places)
def test_an_interpolated_value_lies_between_its_neighbours(found: Curve, x: float) -> None:
    point = value_at(found, x, "interpolated")

    if isinstance(point, Point) and point.between is not None:
        ends = [value_at(found, at, "exact") for at in point.between]
        values = [end.value for end in ends if isinstance(end, Point)]
        assert point.between[0] < x < point.between[1]
        assert min(values) - 1e-6 <= point.value <= max(values) + 1e-6


@unhurried
@given(found=curves, limit=places)
def test_the_newest_point_is_logged_and_not_after_the_limit(found: Curve, limit: float) -> None:
    point = newest_point(found, limit)
    before = [x for x in found.x.tolist() if x <= limit]

    assert (point.x if isinstance(point, Point) else None) == max(before, default=None)


def test_values_near_the_largest_float_are_interpolated_without_a_warning() -> None:
    found = value_at(curve((0, -1.7e308), (1, 1.7e308)), 0.5)

    assert isinstance(found, Point)
    assert found.value == 0
