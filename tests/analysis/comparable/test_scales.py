import numpy as np
import pytest

from samestep.analysis.axis import Curve
from samestep.analysis.comparable import scale_mismatch, sign_mismatch

NAN = float("nan")


def curve(*values: float) -> Curve:
    x = np.arange(1.0, len(values) + 1.0)
    return Curve("", x, np.array(values, dtype=np.float64), x, 0, 0, 0, 0)


def mismatch(metric: str, student: Curve, baseline: Curve) -> str | None:
    return scale_mismatch(metric, [student], [baseline], 99)


@pytest.mark.parametrize(
    "metric", ["test/top1", "val_accuracy", "metrics/mAP50(B)", "eval/wer", "val/top1_error", "f1"]
)
def test_a_fraction_and_a_percentage_of_one_metric_do_not_match(metric: str) -> None:
    assert mismatch(metric, curve(0.3, 0.7), curve(30, 70)) == "baseline"
    assert mismatch(metric, curve(30, 70), curve(0.3, 0.7)) == "student"


@pytest.mark.parametrize("metric", ["val/loss", "reward", "psnr", "dice_loss", "score/elo", "x"])
def test_a_metric_that_is_no_share_of_anything_may_have_any_scale(metric: str) -> None:
    assert mismatch(metric, curve(0.3, 0.7), curve(30, 70)) is None


def test_equal_scales_match() -> None:
    assert mismatch("acc", curve(0.3, 0.7), curve(0.9, 1.0)) is None
    assert mismatch("acc", curve(30, 70), curve(90, 100)) is None


def test_values_that_are_not_finite_tell_no_scale() -> None:
    assert mismatch("acc", curve(NAN, 0.7), curve(float("inf"), 0.9)) is None
    assert mismatch("acc", curve(NAN), curve(70)) is None


def test_any_member_of_a_side_tells_its_scale() -> None:
    assert scale_mismatch("acc", [curve(0.3), curve(0.4)], [curve(), curve(40)], 99) == "baseline"


def test_a_loss_and_its_negative_do_not_match() -> None:
    assert sign_mismatch("val/mse", [curve(2, 1)], [curve(-2, -1)], 99) == "baseline"
    assert sign_mismatch("val/mse", [curve(-2, -1)], [curve(2, 1)], 99) == "student"


@pytest.mark.parametrize("metric", ["val/loss", "reward", "score"])
def test_metrics_that_may_be_negative_have_any_sign(metric: str) -> None:
    assert sign_mismatch(metric, [curve(2, 1)], [curve(-2, -1)], 99) is None


def test_equal_signs_match() -> None:
    assert sign_mismatch("val/mse", [curve(2, 1)], [curve(4, 0)], 99) is None
    assert sign_mismatch("val/mse", [curve(-2, -1)], [curve(-4, -1)], 99) is None
