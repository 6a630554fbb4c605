"""How much a curve can still improve before its metric leaves what it can be."""

import numpy as np
import pytest

from samestep.analysis.axis import Curve
from samestep.analysis.ranges import room_left
from samestep.model import Direction


def curve(*values: float) -> Curve:
    x = np.arange(1.0, len(values) + 1.0)
    return Curve("metric", x, np.array(values), x, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("metric", "direction", "values", "room"),
    [
        ("test/accuracy", "higher", (0.5, 0.9), 0.1),
        ("test/top1", "higher", (50.0, 90.0), 10.0),
        ("val/wer", "lower", (0.5, 0.2), 0.2),
        ("val/loss", "lower", (2.0, 0.5), 0.5),
    ],
)
def test_a_share_ends_at_the_whole_and_an_error_at_0(
    metric: str, direction: Direction, values: tuple[float, ...], room: float
) -> None:
    assert room_left(metric, direction, curve(*values)) == pytest.approx(room)


@pytest.mark.parametrize(
    ("metric", "direction", "values"),
    [
        ("eval/return", "higher", (0.5, 0.9)),
        ("policy_loss", "lower", (0.5, -0.2)),
        ("test/accuracy", "higher", (90.0, 140.0)),
        ("val/nll", "lower", (2.0, 0.5)),
        ("test/accuracy", "higher", (float("nan"),)),
    ],
)
def test_a_metric_of_any_other_kind_has_no_end(
    metric: str, direction: Direction, values: tuple[float, ...]
) -> None:
    assert room_left(metric, direction, curve(*values)) is None
