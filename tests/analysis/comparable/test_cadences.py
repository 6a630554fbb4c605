import numpy as np

from samestep.analysis.axis import Curve
from samestep.analysis.comparable.cadences import DIFFERENT, FAR_APART, cadence, ratio


def every(distance: float, points: int = 10) -> Curve:
    x = np.arange(1.0, points + 1.0) * distance
    return Curve("", x, x, x, 0, 0, 0, 0)


def test_grids_are_compared_by_their_usual_spacing() -> None:
    assert ratio({"wide": cadence([every(100)]), "deep": cadence([every(100)])}) == 1.0
    assert ratio({"wide": cadence([every(100)]), "deep": cadence([every(200)])}) >= DIFFERENT
    assert ratio({"wide": cadence([every(1)]), "deep": cadence([every(200)])}) >= FAR_APART


def test_a_single_point_has_no_grid() -> None:
    assert cadence([every(100, 1)]) is None
    assert ratio({"wide": None, "deep": 100.0}) == 1.0


def test_seeds_share_the_median_of_their_grids() -> None:
    assert cadence([every(100), every(100), every(900)]) == 100.0
