import numpy as np
import pytest

from samestep.analysis.axis import Curve
from samestep.analysis.comparable.directions import moves_against
from samestep.model import Direction


def curve(values: "list[float]") -> Curve:
    x = np.arange(1.0, len(values) + 1.0)
    return Curve("", x, np.array(values, dtype=np.float64), x, 0, 0, 0, 0)


FALLING = [1.0 - 0.02 * n + 0.001 * (n % 3) for n in range(40)]
RISING = FALLING[::-1]


@pytest.mark.parametrize(
    ("metric", "direction", "values"),
    [
        ("train/accuracy", "higher", FALLING),
        ("val/accuracy", "higher", FALLING),
        ("train/loss", "lower", RISING),
    ],
)
def test_a_metric_that_gets_steadily_worse_contradicts_its_name(
    metric: str, direction: Direction, values: list[float]
) -> None:
    assert moves_against(metric, direction, curve(values), 99)


@pytest.mark.parametrize(
    ("metric", "direction", "values"),
    [
        ("train/accuracy", "higher", RISING),
        ("train/accuracy", "lower", FALLING),
        ("val/loss", "lower", RISING),
        ("train/accuracy", "higher", FALLING[:5]),
        ("train/accuracy", "higher", [0.5 + 0.1 * (n % 5) for n in range(40)]),
        ("mystery", None, FALLING),
        ("train/accuracy", "higher", [0.5] * 40),
    ],
    ids=["better", "declared", "overfitting", "too short", "noise", "unknown", "constant"],
)
def test_any_other_course_does_not(
    metric: str, direction: Direction | None, values: list[float]
) -> None:
    assert not moves_against(metric, direction, curve(values), 99)


def test_what_comes_after_x_says_nothing() -> None:
    assert not moves_against("train/accuracy", "higher", curve([*RISING, *FALLING * 3]), 40)
