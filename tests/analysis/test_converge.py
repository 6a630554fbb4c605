from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from samestep.analysis.axis import Curve
from samestep.analysis.converge import Convergence, State, converge
from samestep.model import Direction

Floats = NDArray[np.float64]

EPOCHS = np.arange(1.0, 101.0)
FINISHED = 2.0 + 3.0 * np.exp(-EPOCHS / 5.0)
UNFINISHED = 2.0 + 3.0 * np.exp(-EPOCHS / 80.0)
OVERFITTING = FINISHED + 0.02 * np.maximum(0.0, EPOCHS - 40.0)


def curve(values: Floats, x: Floats = EPOCHS) -> Curve:
    x = x[: len(values)]
    return Curve("val/loss", x, values, x * 1250.0, 0, 0, 0, 0)


def noisy(values: Floats, deviation: float, seed: int = 0) -> Floats:
    return values + np.random.default_rng(seed).normal(0.0, deviation, len(values))


def state(values: Floats, direction: Direction = "lower", x: Floats = EPOCHS) -> State | None:
    return converge(curve(values, x), direction).state


def test_a_curve_that_still_decays_improves() -> None:
    judged = converge(curve(noisy(UNFINISHED, 0.01)), "lower")

    assert judged.state == "improving"
    assert not judged.converged
    assert judged.rule.startswith("a gain above the tolerance is projected")


def test_a_curve_flat_since_long_has_converged() -> None:
    judged = converge(curve(noisy(FINISHED, 0.005)), "lower", schedule_open=False)

    assert judged.state == "plateaued"
    assert judged.converged
    assert judged.stalled is not None
    assert judged.stalled > 0.6
    assert "33 % of the run without progress" in judged.rule


def test_the_facts_of_a_hand_worked_curve() -> None:
    falling = np.array([10.0, 8.0, 6.0, 5.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0])
    judged = converge(curve(falling), "lower")

    assert judged.improvement == 6.0
    assert judged.tolerated == 0.12
    assert judged.stalled == pytest.approx(7 / 12)  # last improved at epoch 5 of 12
    assert judged.best is not None
    assert (judged.best.value, judged.best.x, judged.best.step) == (4.0, 5.0, 6250.0)
    assert judged.slope is not None
    assert (judged.slope.per_x, judged.slope.interval) == (0.0, (0.0, 0.0))
    assert (judged.slope.since, judged.slope.points) == (8.0, 5)
    assert [gain.x for gain in judged.gains] == [15.0, 24.0]


def test_the_slope_is_in_units_of_the_metric_per_unit_of_x() -> None:
    judged = converge(curve(0.5 * EPOCHS), "higher")

    assert judged.slope is not None
    assert round(judged.slope.per_x, 9) == 0.5
    assert [round(bound, 9) for bound in judged.slope.interval] == [0.5, 0.5]
    assert judged.state == "improving"


def test_gains_are_in_units_of_the_metric_and_inside_their_interval() -> None:
    near, far = converge(curve(noisy(UNFINISHED, 0.01)), "lower").gains

    assert (near.times, near.x, far.times, far.x) == (1.25, 125.0, 2.0, 200.0)
    assert near.value is not None
    assert far.value is not None
    assert far.interval is not None
    assert 0.0 < near.value < far.value < 1.0  # 0.86 is left in all
    assert far.interval[0] < far.value < far.interval[1]


def test_five_equal_points_at_the_end_are_no_plateau() -> None:
    stairs = np.concatenate([UNFINISHED[:60], np.full(5, UNFINISHED[59])])

    assert state(stairs) == "improving"


def test_an_open_schedule_allows_no_more_than_a_plateau_under_the_current_rate() -> None:
    before_the_drop = curve(noisy(FINISHED, 0.005))
    judged = converge(before_the_drop, "lower", schedule_open=True)

    assert judged.state == "plateaued"
    assert not judged.converged
    assert judged.rule.startswith("under the current learning rate: ")
    assert judged.why[-1] == "the learning rate is not at the end of its schedule"


def test_a_drop_of_the_learning_rate_makes_a_plateau_improve_again() -> None:
    dropped = np.concatenate([FINISHED[:60], 1.0 + np.exp(-EPOCHS[:20] / 8.0)])

    assert state(noisy(FINISHED[:60], 0.005)) == "plateaued"
    assert state(noisy(dropped, 0.005)) == "improving"


def test_what_the_plan_says_stands_beside_the_verdict() -> None:
    judged = converge(curve(noisy(FINISHED, 0.005)), "lower", planned_end=300.0)

    assert judged.why[-2:] == (
        "it stands at 100 of 300 planned",
        "whether the learning rate will still change is not known",
    )


@pytest.mark.parametrize("points", [12, 30, 100])
def test_noise_around_a_level_is_nearly_always_unsettled_and_never_converged(points: int) -> None:
    level = np.full(points, 2.0)
    judged = [converge(curve(noisy(level, 0.1, seed)), "lower") for seed in range(20)]

    assert sum(each.state == "unsettled" for each in judged) >= 19
    assert not any(each.converged for each in judged)


def test_a_loss_that_rises_diverges() -> None:
    assert state(noisy(2.0 + 0.02 * EPOCHS, 0.01)) == "diverging"
    assert state(noisy(OVERFITTING, 0.01)) == "diverging"


def test_a_loss_that_rose_once_and_stays_there_is_not_diverging() -> None:
    restarted = np.concatenate([FINISHED[:50], np.full(50, 2.2)])

    assert state(noisy(restarted, 0.01)) != "diverging"


def test_a_nan_tail_diverges_whatever_went_before() -> None:
    judged = converge(curve(np.append(FINISHED[:40], [np.nan, np.nan, np.nan])), "lower")

    assert judged.state == "diverging"
    assert judged.why == ("the newest 3 of 43 values are not finite",)
    assert (judged.points, judged.dropped) == (40, 3)


def test_single_nans_it_always_recovered_from_are_only_left_out() -> None:
    gaps = noisy(UNFINISHED, 0.01)
    gaps[9::10] = np.nan
    judged = converge(curve(gaps), "lower")

    assert (judged.state, judged.dropped) == ("improving", 10)


@pytest.mark.parametrize("points", [0, 1, 2, 9])
def test_fewer_than_ten_points_are_too_short(points: int) -> None:
    judged = converge(curve(UNFINISHED[:points]), "lower")

    assert judged.state == "too_short"
    assert judged.why == (
        f"{points} finite points in {points} stretches of x; a judgement needs at least 10",
    )


def test_a_metric_that_was_never_finite_is_too_short() -> None:
    judged = converge(curve(np.full(50, np.nan)), "lower")

    assert (judged.state, judged.best, judged.slope) == ("too_short", None, None)


def test_equal_values_are_unsettled() -> None:
    judged = converge(curve(np.full(100, 0.1)), "higher")

    assert judged.state == "unsettled"
    assert judged.why == ("all 48 judged values are equal",)
    assert judged.improvement is None


def test_without_a_direction_only_facts_stand() -> None:
    judged = converge(curve(UNFINISHED), None)

    assert (judged.state, judged.converged, judged.best, judged.gains) == (None, False, None, ())
    assert judged.rule == "no rule: which way is better is not known"
    assert judged.slope is not None
    assert judged.slope.per_x < 0.0


@pytest.mark.parametrize("offset", [-500.0, -100.0, 0.0])
def test_returns_around_and_below_zero_are_judged_like_any_other(offset: float) -> None:
    learning = noisy(offset + 2.0 * EPOCHS, 5.0)
    learned = noisy(offset + 200.0 * (1.0 - np.exp(-EPOCHS / 6.0)), 0.5)

    assert state(learning, "higher") == "improving"
    assert state(learned, "higher") == "plateaued"


def course(shape: str, epoch: Floats) -> Floats:
    match shape:
        case "finished":
            return 3.0 * np.exp(-epoch / 5.0)
        case "unfinished":
            return 3.0 * np.exp(-epoch / 80.0)
        case "power law":
            return 3.0 * (epoch + 1.0) ** -0.5
        case _:
            return (0.03 if shape == "rising" else 0.0) * epoch


@pytest.mark.parametrize("points", [100, 1_000, 20_000])
@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("finished", ("plateaued", True)),
        ("unfinished", ("improving", False)),
        ("power law", ("improving", False)),
        ("rising", ("diverging", False)),
        ("flat", ("unsettled", False)),
    ],
)
def test_how_often_a_curve_is_logged_does_not_change_its_state(
    shape: str, expected: tuple[State, bool], points: int
) -> None:
    x = np.arange(1, points + 1) * 100.0 / points
    judged = converge(curve(noisy(course(shape, x), 0.01), x), "lower")

    assert (judged.state, judged.converged) == expected


JUDGED = st.lists(st.integers(-1000, 1000), min_size=8, max_size=70).map(
    lambda values: np.array(values, dtype=np.float64)
)


def verdict(judged: Convergence) -> tuple[State | None, bool, float | None]:
    return judged.state, judged.converged, judged.stalled


@settings(max_examples=40, deadline=None)
@given(values=JUDGED, power=st.integers(-20, 20))
def test_the_unit_of_x_changes_no_state(values: Floats, power: int) -> None:
    scaled = converge(curve(values, EPOCHS * 2.0**power), "lower")

    assert verdict(scaled) == verdict(converge(curve(values), "lower"))


@settings(max_examples=40, deadline=None)
@given(values=JUDGED, power=st.integers(-20, 20), constant=st.integers(-(2**30), 2**30))
def test_the_unit_and_the_zero_of_a_metric_change_no_state(
    values: Floats, power: int, constant: int
) -> None:
    moved = converge(curve((values + constant) * 2.0**power), "lower")

    assert verdict(moved) == verdict(converge(curve(values), "lower"))


@settings(max_examples=40, deadline=None)
@given(values=JUDGED)
def test_a_negated_metric_of_the_other_direction_has_the_same_state(values: Floats) -> None:
    mirrored = converge(curve(-values), "higher")

    assert verdict(mirrored) == verdict(converge(curve(values), "lower"))


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(), max_size=70),
    gaps=st.lists(st.floats(1e-6, 1e6), min_size=70, max_size=70),
    start=st.sampled_from([-10.0, 0.0, 1.0, 1e9]),
    direction=st.sampled_from(["lower", "higher", None]),
)
def test_whatever_was_logged_gets_a_state(
    values: list[float], gaps: list[float], start: float, direction: Direction | None
) -> None:
    x = start + np.cumsum(gaps)
    judged = converge(curve(np.array(values), x), direction)

    assert (judged.state is None) == (direction is None)
    assert judged.state is None or judged.state in get_args(State)
    assert judged.state == "plateaued" or not judged.converged
