import numpy as np

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.compare import Member
from samestep.analysis.copies import without_copies


def member(name: str, *values: float) -> Member:
    x = np.arange(1.0, len(values) + 1.0)
    return Member(name, None, Curve("test/top1", x, np.array(values), 10.0 * x, 0, 0, 0, 0))


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
