import numpy as np

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.compare import Member
from samestep.analysis.copies import once_a_seed, without_copies


def member(name: str, *values: float, seed: str | None = None, every: float = 1.0) -> Member:
    x = every * np.arange(1.0, len(values) + 1.0)
    return Member(name, seed, Curve("test/top1", x, np.array(values), 10.0 * x, 0, 0, 0, 0))


def why(one: Member) -> str:
    return one.curve.why if isinstance(one.curve, Absent) else ""


def test_a_curve_that_another_run_logged_point_for_point_is_left_out() -> None:
    kept = without_copies([member("first", 1, 2), member("other", 1, 3), member("again", 1, 2)])

    assert list(map(why, kept)) == ["", "", "logged exactly what first did: a copy is no seed"]


def test_one_equal_point_is_no_copy() -> None:
    kept = without_copies([member("first", 1), member("second", 1)])

    assert list(map(why, kept)) == ["", ""]


def test_what_is_absent_already_stays_so() -> None:
    absent = Member("gone", None, Absent("not logged"))

    assert without_copies([absent, absent]) == [absent, absent]


def single(*values: float) -> list[float]:
    """Return what an event file holds of values: single precision."""
    return [float(np.float32(value)) for value in values]


def test_what_an_event_file_rounds_is_a_copy() -> None:
    values = (0.123456789, 0.234567891, 0.345678912)

    kept = without_copies([member("csv", *values), member("tb", *single(*values))])

    assert list(map(why, kept)) == ["", "logged exactly what csv did: a copy is no seed"]


def test_of_copies_the_one_that_got_farther_stays() -> None:
    values = (0.1, 0.2, 0.3)

    kept = without_copies([member("tb", *single(*values)), member("csv", *values, 0.4)])

    assert list(map(why, kept)) == ["logged exactly what csv did: a copy is no seed", ""]


def test_a_copy_may_have_logged_fewer_points() -> None:
    kept = without_copies([member("csv", *range(1, 9)), member("tb", 2, 4, 6, 8, every=2)])

    assert list(map(why, kept)) == ["", "logged exactly what csv did: a copy is no seed"]


def test_curves_that_agree_where_nothing_happens_are_two_runs() -> None:
    kept = without_copies([member("first", 0, 0, 0, 1, 2), member("second", 0, 0, 0)])

    assert list(map(why, kept)) == ["", ""]


def test_a_difference_beyond_single_precision_is_no_copy() -> None:
    kept = without_copies([member("first", 0.1, 0.2, 0.3), member("second", 0.1, 0.2, 0.30001)])

    assert list(map(why, kept)) == ["", ""]


def test_one_point_is_enough_where_name_or_seed_are_the_same() -> None:
    named = without_copies([member("good", 0.1), member("good", *single(0.1))])
    seeded = without_copies([member("csv", 0.1, seed="0"), member("tb", 0.1, seed="0")])

    assert why(named[1]) == "logged exactly what good did: a copy is no seed"
    assert why(seeded[1]) == "logged exactly what csv did: a copy is no seed"


def test_a_recorded_seed_counts_once() -> None:
    kept = once_a_seed(
        [member("a", 1, 2, seed="0"), member("b", 3, 4, seed="0"), member("c", 5, 6, seed="1")]
    )

    assert list(map(why, kept)) == ["", "of seed 0 as a is: a seed counts once", ""]


def test_of_one_seed_the_run_that_got_farther_counts_and_unknown_seeds_all_do() -> None:
    stopped, again = member("stopped", 1, seed="0"), member("again", 1, 2, seed="0")

    kept = once_a_seed([stopped, again, member("x", 1), member("y", 2)])

    assert list(map(why, kept)) == ["of seed 0 as again is: a seed counts once", "", "", ""]
