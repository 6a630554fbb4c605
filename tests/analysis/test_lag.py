import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from samestep.analysis.axis import Curve
from samestep.analysis.lag import Lag, lag
from samestep.model import Direction

Floats = NDArray[np.float64]

EPOCHS = np.arange(1.0, 21.0)
BASELINE = 2.0 + 3.0 * EPOCHS**-0.5


def curve(values: Floats, x: Floats = EPOCHS) -> Curve:
    x = x[: len(values)]
    return Curve("val/loss", x, values, x * 1250.0, 0, 0, 0, 0)


def slower(times: float, epochs: int = 12) -> Floats:
    """Return a student that needs so many times the epochs of the baseline."""
    return 2.0 + 3.0 * (EPOCHS[:epochs] / times) ** -0.5


def rounded(found: Lag) -> list[float | None]:
    shown = (found.x, found.reached, found.lag, found.moved)
    return [None if one is None else round(one, 1) for one in shown]


def test_a_student_is_as_far_behind_as_the_baseline_was_early() -> None:
    found = lag(curve(slower(1.5)), curve(BASELINE), "lower")

    assert rounded(found) == [12.0, 8.0, 4.0, 1.0]  # at epoch 9 it was 3 epochs behind
    assert round(found.value or 0.0, 2) == 3.06  # 2 + 3 / sqrt(8)
    assert found.since == 9.25
    assert found.why is None


@pytest.mark.parametrize("epochs", [10, 12, 20])
def test_a_student_that_started_later_lags_by_as_much(epochs: int) -> None:
    started_later = np.interp(EPOCHS[:epochs] - 1.8, EPOCHS, BASELINE)
    found = lag(curve(started_later), curve(BASELINE), "lower")

    assert found.lag == pytest.approx(1.8, abs=0.1)
    assert found.moved == pytest.approx(0.0, abs=0.1)


def test_a_lag_that_shrinks_has_moved_below_zero() -> None:
    catching_up = np.interp(EPOCHS[:12] - np.linspace(4.0, 1.8, 12), EPOCHS, BASELINE)
    found = lag(curve(catching_up), curve(BASELINE), "lower")

    assert found.lag == pytest.approx(1.8, abs=0.1)
    assert found.moved == pytest.approx(-0.6, abs=0.1)  # 2.4 at epoch 9


def test_a_student_that_is_ahead_has_a_lag_below_zero() -> None:
    found = lag(curve(slower(0.75)), curve(BASELINE), "lower")

    assert rounded(found)[:3] == [12.0, 16.0, -4.0]


def test_the_noise_of_the_newest_point_does_not_decide() -> None:
    noise = np.tile([0.02, -0.02], 6)
    lucky = lag(curve(slower(1.5) + noise), curve(BASELINE), "lower")
    unlucky = lag(curve(slower(1.5) - noise), curve(BASELINE), "lower")

    assert lucky.lag is not None
    assert unlucky.lag is not None
    assert abs(lucky.lag - unlucky.lag) < 1.0  # the newest values alone are 1.7 epochs apart


def test_a_metric_and_its_negative_have_the_same_lag() -> None:
    loss = lag(curve(slower(1.5)), curve(BASELINE), "lower")
    score = lag(curve(-slower(1.5)), curve(-BASELINE), "higher")

    assert (score.lag, score.moved) == (loss.lag, loss.moved)


def test_a_baseline_that_ended_earlier_is_compared_at_its_own_last_x() -> None:
    found = lag(curve(slower(1.5)), curve(BASELINE[:10]), "lower")

    assert rounded(found)[:3] == [10.0, 6.7, 3.3]


@pytest.mark.parametrize(
    ("student", "baseline", "why"),
    [
        (slower(1.0) - 2.0, BASELINE, "never"),
        (slower(1.0) + 9.0, BASELINE, "as good at its first point"),
        (BASELINE[:1], BASELINE, "the student has 1 finite points"),
        (BASELINE, np.full(20, np.nan), "the baseline has 0 finite points"),
        (np.full(9, 2.0), np.full(20, 2.0), "all values of both are equal"),
    ],
)
def test_no_lag_comes_with_the_reason(student: Floats, baseline: Floats, why: str) -> None:
    found = lag(curve(student), curve(baseline), "lower")

    assert (found.lag, found.moved) == (None, None)
    assert found.why is not None
    assert found.why.startswith(why)


def test_without_a_direction_there_is_no_lag() -> None:
    found = lag(curve(slower(1.5)), curve(BASELINE), None)

    assert (found.lag, found.why) == (None, "nobody knows which way is better")


def test_runs_without_a_common_stretch_have_no_lag() -> None:
    later = curve(BASELINE[:5], EPOCHS + 100.0)

    assert lag(later, curve(BASELINE), "lower").why == "the two have no stretch of x in common"


def test_a_student_that_started_worse_than_the_baseline_ever_was_has_moved_nobody_knows() -> None:
    started_late = np.concatenate([np.full(8, 9.0), BASELINE[:4]])
    found = lag(curve(started_late), curve(BASELINE), "lower")

    assert found.lag is not None
    assert found.moved is None
    assert found.why is not None
    assert found.why == "as good at its first point as at 9.25"


ANY_VALUES = st.lists(st.floats(), max_size=20).map(lambda values: np.array(values, dtype=float))


@settings(max_examples=60, deadline=None)
@given(
    student=ANY_VALUES,
    baseline=ANY_VALUES,
    start=st.sampled_from([-10.0, 0.0, 1.0, 15.0, 25.0]),
    direction=st.sampled_from(["lower", "higher", None]),
)
def test_whatever_was_logged_there_is_a_lag_or_a_reason(
    student: Floats, baseline: Floats, start: float, direction: Direction | None
) -> None:
    found = lag(curve(student, start + EPOCHS), curve(baseline), direction)

    assert (found.why is None) == (found.moved is not None)
    assert found.lag is not None or found.why
