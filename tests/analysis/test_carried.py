from dataclasses import replace

import numpy as np

from samestep.analysis.axis import RunAxis, run_axis
from samestep.model import History, Metric, ReadReport

NAN = float("nan")


def metric(name: str, rows: list[int], values: list[float], steps: list[float]) -> Metric:
    return Metric(name, np.array(steps), np.array(values), np.array(rows, dtype=np.int64))


def logged_by_epoch() -> History:
    """Return what a loop logs: the step in its training rows, the epoch in its validation rows."""
    metrics = [
        metric("train/loss", [0, 1, 3, 4], [4.0, 3.0, 2.0, 1.0], [10.0, 20.0, 30.0, 40.0]),
        metric("val/acc", [2, 5], [0.5, 0.7], [NAN, NAN]),
        metric("epoch", [2, 5], [1.0, 2.0], [NAN, NAN]),
        metric("system.cpu", [2], [50.0], [NAN]),
    ]
    return History(
        {one.name: one for one in metrics}, ReadReport("rows"), append_only=True, steps_carry=True
    )


def x_of(history: History, axis: str, name: str) -> list[float]:
    placed = run_axis(history, axis)
    assert isinstance(placed, RunAxis)
    return placed.curves[name].x.tolist() if name in placed.curves else []


def test_a_row_without_a_step_stands_at_the_newest_step_before_it() -> None:
    assert x_of(logged_by_epoch(), "step", "val/acc") == [20.0, 40.0]
    assert x_of(replace(logged_by_epoch(), steps_carry=False), "step", "val/acc") == []


def test_training_rows_get_their_part_of_the_epoch_that_validation_rows_end() -> None:
    assert x_of(logged_by_epoch(), "epoch", "train/loss") == [0.5, 1.0, 1.5, 2.0]
    assert x_of(logged_by_epoch(), "epoch", "val/acc") == [1.0, 2.0]


def test_what_is_measured_of_the_machine_keeps_its_own_clock() -> None:
    assert x_of(logged_by_epoch(), "step", "system.cpu") == []
