import math

import numpy as np
import pytest

from samestep.analysis.align import Absent, Point
from samestep.analysis.axis import Curve
from samestep.analysis.compare import Matched, Member, Pair, SideValue, compare_at

NAN = float("nan")
INF = float("inf")
NOT_LOGGED = Absent("not logged")


def curve(x: list[float], values: list[float]) -> Curve:
    place = np.array(x, dtype=np.float64)
    measured = np.array(values, dtype=np.float64)
    return Curve("val/top1", place, measured, place * 100.0, 0, 0, 0, 0)


def member(name: str, found: Curve | Absent, seed: str | None = None) -> Member:
    return Member(name, seed, found)


def epochs(first: int, last: int, slope: float = 1.0, every: int = 1) -> Curve:
    """Return a curve that rises by `slope` an epoch."""
    x = [float(epoch) for epoch in range(first, last + 1, every)]
    return curve(x, [slope * epoch for epoch in x])


def compare(
    student: Curve | Absent, baseline: Curve | Absent, limit: float, matched: Matched | None = None
) -> Pair:
    return compare_at(
        [member("resnet50-cosine/seed0", student)],
        [member("resnet50-step/seed0", baseline)],
        limit,
        matched or Matched(),
    )


def there(side: SideValue | Absent) -> SideValue:
    assert isinstance(side, SideValue)
    return side


def point(side: SideValue | Absent) -> Point:
    [found] = there(side).points.values()
    return found


def why(side: SideValue | Absent) -> str:
    assert isinstance(side, Absent)
    return side.why


def test_both_sides_stand_at_the_students_newest_point() -> None:
    pair = compare(epochs(1, 11), epochs(1, 100, slope=1.5), limit=11)

    assert (pair.x, pair.student_newest, pair.baseline_ended) == (11, 11, None)
    assert point(pair.student) == Point(11, 11, "exact", step=1100)
    assert point(pair.baseline) == Point(16.5, 11, "exact", step=1100)
    assert pair.delta == -5.5


def test_a_finished_baseline_is_never_taken_at_its_end() -> None:
    pair = compare(epochs(1, 11), epochs(1, 100), limit=11)

    assert there(pair.baseline).value == 11


def test_the_limit_holds_the_student_back() -> None:
    pair = compare(epochs(1, 11), epochs(1, 100), limit=5.9)

    assert (pair.x, pair.student_newest) == (5, 5)


def test_a_metric_that_lags_stands_where_it_was_last_logged() -> None:
    pair = compare(epochs(5, 10, every=5), epochs(1, 100), limit=11.3)

    assert (pair.x, pair.student_newest) == (10, 10)


def test_a_baseline_between_two_points_is_interpolated() -> None:
    pair = compare(epochs(1, 7), epochs(5, 100, every=5), limit=7)

    assert point(pair.baseline) == Point(7, 7, "interpolated", gap=2, between=(5, 10))
    assert there(pair.baseline).match == "interpolated"


def test_a_baseline_that_ended_earlier_is_met_at_its_own_end() -> None:
    pair = compare(epochs(1, 50), epochs(1, 20, slope=2.0), limit=50)

    assert (pair.x, pair.student_newest, pair.baseline_ended) == (20, 50, 20)
    assert point(pair.student) == Point(20, 20, "exact", step=2000)
    assert point(pair.baseline) == Point(40, 20, "exact", step=2000)
    assert pair.delta == -20


def test_a_student_between_two_points_where_the_baseline_ended_is_interpolated() -> None:
    pair = compare(epochs(5, 50, every=5), epochs(1, 21), limit=50)

    assert point(pair.student) == Point(21, 21, "interpolated", gap=1, between=(20, 25))


def test_a_baseline_that_ended_within_half_its_spacing_is_near_enough() -> None:
    pair = compare(epochs(1, 10), curve([2.6, 5.6, 8.6], [1, 2, 3]), limit=10)

    assert (pair.x, pair.baseline_ended) == (10, None)
    assert point(pair.baseline).match == "nearest"


@pytest.mark.parametrize(
    "matched", [Matched("exact"), Matched("interpolated"), Matched("auto", tolerance=0.5)]
)
def test_a_baseline_that_ended_just_before_is_met_at_its_end_where_nearest_is_not_allowed(
    matched: Matched,
) -> None:
    pair = compare(
        epochs(1, 10), curve([1, 3, 5, 7, 9], [1, 2, 3, 4, 5]), limit=10, matched=matched
    )

    assert pair.baseline_ended == 9
    assert point(pair.student) == Point(9, 9, "exact", step=900)
    assert point(pair.baseline) == Point(5, 9, "exact", step=900)


def test_rounding_does_not_make_a_baseline_end_before_the_student() -> None:
    pair = compare(curve([0.3], [1.0]), curve([0.1 + 0.2 - 1e-16], [2.0]), limit=0.3)

    assert pair.baseline_ended is None
    assert pair.delta == -1


def test_a_baseline_that_starts_later_has_no_value_yet() -> None:
    pair = compare(epochs(1, 5), epochs(10, 20), limit=5)

    assert (pair.x, pair.delta, pair.noise) == (5, None, None)
    assert why(pair.baseline) == "not logged within 0.5 of 5; its nearest point is at 10"


def test_a_metric_the_baseline_lacks_leaves_the_student_alone() -> None:
    pair = compare(epochs(1, 5), NOT_LOGGED, limit=5)

    assert (pair.x, why(pair.baseline), pair.delta) == (5, "not logged", None)
    assert there(pair.student).value == 5


def test_a_metric_the_student_lacks_leaves_the_baseline_at_the_limit() -> None:
    pair = compare(NOT_LOGGED, epochs(1, 100), limit=11)

    assert (pair.x, pair.student_newest) == (11, None)
    assert why(pair.student) == "not logged"
    assert there(pair.baseline).value == 11


def test_a_metric_nobody_has_stands_nowhere() -> None:
    pair = compare(NOT_LOGGED, NOT_LOGGED, limit=11)

    assert (pair.x, why(pair.student), why(pair.baseline)) == (None, "not logged", "not logged")


def test_a_student_that_logged_the_metric_only_after_the_limit_says_when() -> None:
    pair = compare(epochs(8, 10), epochs(1, 100), limit=5)

    assert why(pair.student) == "first logged at 8, after 5"


def test_only_the_way_of_matching_asked_for_is_used() -> None:
    pair = compare(epochs(1, 7), epochs(5, 100, every=5), limit=7, matched=Matched("exact"))

    assert why(pair.baseline) == 'not logged at exactly 7, and match="exact" was asked for'


def test_values_that_are_not_finite_have_no_difference() -> None:
    assert compare(curve([1], [NAN]), curve([1], [2.0]), limit=1).delta is None
    assert compare(curve([1], [INF]), curve([1], [-INF]), limit=1).delta is None


def test_noise_of_single_runs_is_that_of_their_curves_together() -> None:
    steady = compare(epochs(1, 11), epochs(1, 100), limit=11)
    bumpy = curve([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])
    short = compare(epochs(1, 4), epochs(1, 100), limit=4)

    assert steady.noise == 0
    # Second differences of -2 and 2: 1.4826 * 2 / sqrt(6) a side, times sqrt(2) for both.
    assert math.isclose(compare(bumpy, bumpy, limit=6).noise or 0.0, 1.71196, rel_tol=1e-5)
    assert short.noise is None


def seeds(*values: float) -> list[Member]:
    return [
        member(f"vit-small/seed{seed}", curve([1, 2, 3], [0.0, 0.0, value]), str(seed))
        for seed, value in enumerate(values)
    ]


def test_a_group_has_its_mean_spread_seeds_and_the_noise_of_its_mean() -> None:
    pair = compare_at(seeds(70, 72, 74), seeds(60, 60, 63), limit=3, matched=Matched())
    group = there(pair.student)

    assert (group.value, group.spread, group.seeds) == (72, 2, ("0", "1", "2"))
    assert math.isclose(group.noise or 0.0, 2 / 3**0.5)
    assert math.isclose(pair.noise or 0.0, (4 / 3 + 3 / 3) ** 0.5)
    assert pair.delta == 11


def test_a_single_run_has_no_spread() -> None:
    assert there(compare(epochs(1, 5), epochs(1, 5), limit=5).student).spread is None


def test_members_without_a_seed_go_by_their_names() -> None:
    group = [member("vit-small/a", epochs(1, 3)), member("vit-small/b", epochs(1, 3), "7")]
    pair = compare_at(group, seeds(1), limit=3, matched=Matched())

    assert there(pair.student).seeds == ("vit-small/a", "7")


def test_only_members_that_reached_x_count_and_the_others_are_named() -> None:
    group = [
        member("vit-small/seed0", epochs(1, 20), "0"),
        member("vit-small/seed1", epochs(1, 12, slope=2.0), "1"),
        member("vit-small/seed2", epochs(1, 4), "2"),
        member("vit-small/seed3", NOT_LOGGED, "3"),
    ]
    pair = compare_at([member("student", epochs(1, 11))], group, limit=11, matched=Matched())
    baseline = there(pair.baseline)

    assert (list(baseline.points), baseline.seeds) == (
        ["vit-small/seed0", "vit-small/seed1"],
        ("0", "1"),
    )
    assert baseline.value == 16.5
    assert baseline.missing == {
        "vit-small/seed2": "ended at 4, before 11",
        "vit-small/seed3": "not logged",
    }


def test_a_group_of_which_no_member_reached_x_is_met_where_the_longest_ended() -> None:
    group = [member("seed0", epochs(1, 4), "0"), member("seed1", epochs(1, 6), "1")]
    pair = compare_at([member("student", epochs(1, 11))], group, limit=11, matched=Matched())

    assert (pair.x, pair.baseline_ended) == (6, 6)
    assert list(there(pair.baseline).points) == ["seed1"]
    assert list(there(pair.baseline).missing) == ["seed0"]


def test_a_group_whose_members_all_lack_the_metric_says_why_of_each() -> None:
    group = [member("seed0", NOT_LOGGED), member("seed1", Absent("logged once, without a step"))]
    pair = compare_at([member("student", epochs(1, 5))], group, limit=5, matched=Matched())

    assert why(pair.baseline) == "seed0: not logged; seed1: logged once, without a step"


def test_a_student_group_stands_at_its_least_advanced_member() -> None:
    students = [
        member("student/seed0", epochs(1, 11), "0"),
        member("student/seed1", epochs(1, 10), "1"),
        member("student/seed2", NOT_LOGGED, "2"),
    ]
    pair = compare_at(students, seeds(1, 2), limit=10, matched=Matched())

    assert (pair.student_newest, pair.baseline_ended, pair.x) == (10, 3, 3)
    assert there(pair.student).seeds == ("0", "1")
    assert dict(there(pair.student).missing) == {"student/seed2": "not logged"}


def test_a_student_whose_log_stopped_does_not_hold_its_group_back() -> None:
    students = [member("seed0", epochs(1, 20), "0"), member("seed1", epochs(1, 4), "1")]
    pair = compare_at(students, [member("base", epochs(1, 50))], limit=20, matched=Matched())

    assert (pair.x, there(pair.student).seeds) == (20, ("0",))
    assert list(there(pair.student).missing) == ["seed1"]


def test_the_least_direct_match_of_a_group_stands_for_it() -> None:
    group = [
        member("seed0", epochs(1, 20)),
        member("seed1", epochs(1, 21, every=4)),
        member("seed2", curve([1, 2, 3, 6.8, 30], [1, 1, 1, 2, 2])),
    ]
    pair = compare_at([member("student", epochs(1, 7))], group, limit=7, matched=Matched())

    assert [found.match for found in there(pair.baseline).points.values()] == [
        *("exact", "interpolated", "nearest")
    ]
    assert there(pair.baseline).match == "nearest"


def test_two_members_of_one_name_both_count() -> None:
    group = [member("seed0", epochs(1, 5), "0"), member("seed0", epochs(1, 5, slope=3.0), "1")]
    pair = compare_at([member("student", epochs(1, 5))], group, limit=5, matched=Matched())

    assert there(pair.baseline).value == 10
    assert list(there(pair.baseline).points) == ["seed0", "seed0 (2)"]


@pytest.mark.parametrize(
    ("values", "mean"), [((1.0, NAN), NAN), ((INF, 1.0), INF), ((INF, -INF), NAN)]
)
def test_a_group_with_a_value_that_is_not_finite_has_no_spread(
    values: tuple[float, float], mean: float
) -> None:
    group = there(compare_at(seeds(*values), seeds(1, 2), 3, Matched()).student)

    assert str(group.value) == str(mean)
    assert (group.spread, group.noise) == (None, None)
