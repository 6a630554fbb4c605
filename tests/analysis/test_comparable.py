import numpy as np
import pytest

from samestep.analysis.axis import Curve
from samestep.analysis.comparable import planned_difference, scale_mismatch
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

NAN = float("nan")


def curve(*values: float) -> Curve:
    x = np.arange(1.0, len(values) + 1.0)
    return Curve("", x, np.array(values, dtype=np.float64), x, 0, 0, 0, 0)


def mismatch(metric: str, student: Curve, baseline: Curve) -> str | None:
    return scale_mismatch(metric, [student], [baseline], 99)


def run(full_name: str, config: dict[str, object]) -> Run:
    source = remember("comparable", [MemoryRun(full_name, config=config)])
    found = MemoryReader(Source.parse(source)).read(full_name)
    forget("comparable")
    return found


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


def test_planned_lengths_that_differ_are_named_with_their_settings() -> None:
    told = planned_difference([run("short", {"max_epochs": 30})], [run("long", {"epochs": 100})])

    assert told is not None
    assert told.endswith("short 30 epochs (max_epochs), long 100 epochs (epochs).")


def test_equal_planned_lengths_do_not_differ() -> None:
    assert planned_difference([run("one", {"epochs": 90})], [run("other", {"epochs": 90})]) is None


def test_a_run_that_names_no_plan_differs_from_none() -> None:
    assert planned_difference([run("one", {"epochs": 90})], [run("other", {})]) is None
