import numpy as np
import pytest

from samestep.analysis.axis import (
    Curve,
    RunAxis,
    Unplaced,
    run_axis,
)
from samestep.model import EpochCounter, History, Metric, ReadReport, Source, StepMeaning
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

LOSS = ("epoch", "loss")
LIGHTNING = EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")
TRAINER = EpochCounter("epoch", "epochs completed", "HF Trainer logs epochs completed")

Row = dict[str, float]


def history(
    rows: list[Row], epochs: EpochCounter | None = None, steps_per_epoch: float | None = None
) -> History:
    run = MemoryRun("vit-small/seed0", rows, epochs=epochs, steps_per_epoch=steps_per_epoch)
    found = MemoryReader(Source.parse(remember("axis", [run]))).read(run.full_name)
    forget("axis")
    return found.history


def axis(logged: History, name: str) -> RunAxis:
    found = run_axis(logged, name)
    assert isinstance(found, RunAxis)
    return found


def curve(logged: History, name: str, metric: str) -> Curve:
    return axis(logged, name).curves[metric]


def x_of(logged: History, metric: str) -> list[float]:
    return np.round(curve(logged, "epoch", metric).x, 4).tolist()


def why_not(logged: History, name: str) -> str:
    found = run_axis(logged, name)
    assert isinstance(found, Unplaced)
    return found.why


def counts(found: Curve) -> tuple[int, int, int, int]:
    """Return restarts, points voided, duplicates and points without a place."""
    return found.restarts, found.voided, found.duplicates, found.unplaced


def keras(counted: StepMeaning, metric: str = "epoch_loss") -> History:
    steps = np.arange(3, dtype=np.float64)
    found = Metric(metric, steps, 1.0 / (steps + 1.0), np.arange(3), counts=counted)
    return History({metric: found}, ReadReport("event files"))


def lightning(until: int) -> list[Row]:
    """Return what Lightning logs every 10 steps and after each epoch of 20, up to a step."""
    rows: list[Row] = []
    for step in range(9, until + 1, 10):
        rows.append({"step": step, "epoch": step // 20, "train/loss": 1.0})
        if step % 20 == 19:
            rows.append({"step": step, "epoch": step // 20, "val/top1": 0.5})
    return rows


def test_epochs_from_0_and_from_1_end_at_the_same_x() -> None:
    from_0 = history([{"epoch": e, "step": 100 * e + 100, "val/top1": 1.0} for e in range(4)])
    from_1 = history([{"epoch": e + 1, "step": 100 * e + 100, "val/top1": 1.0} for e in range(4)])

    assert x_of(from_0, "val/top1") == x_of(from_1, "val/top1") == [1, 2, 3, 4]


def test_lightnings_epochs_are_converted_and_its_validation_stands_at_their_ends() -> None:
    logged = history(lightning(until=59), LIGHTNING)

    assert x_of(logged, "train/loss") == [0.5, 1, 1.5, 2, 2.5, 3]
    assert x_of(logged, "val/top1") == [1, 2, 3]
    assert axis(logged, "epoch").rule == (
        "epoch, first is 0 (Lightning logs `epoch` counted from 0), as epochs completed"
    )


def test_a_student_in_the_middle_of_an_epoch_is_never_rounded_up() -> None:
    assert axis(history(lightning(until=49), LIGHTNING), "epoch").newest == 2.5


def test_a_student_that_logs_every_step_counts_the_part_done() -> None:
    logged = history([{"step": s, "epoch": s // 100, "loss": 1.0} for s in range(1130)])

    assert axis(logged, "epoch").newest == 11.3


def test_a_student_that_logs_one_row_so_far_has_no_epoch_yet() -> None:
    logged = history([{"step": 49, "epoch": 0, "train/loss": 2.0}], LIGHTNING)

    assert why_not(logged, "epoch") == (
        "only one epoch is logged, and how many steps it has is not known"
    )


def test_trainer_epochs_are_placed_by_step_where_its_rows_are_rounded() -> None:
    rows = [{"step": s, "epoch": round(s / 365, 2), "loss": 1.0} for s in (1, 2, 365, 730)]

    assert x_of(history(rows, TRAINER, steps_per_epoch=365.0), "loss") == [0.0027, 0.0055, 1, 2]
    assert x_of(history(rows, TRAINER), "loss") == [0, 0.01, 1, 2]


def test_trainer_evaluations_in_rows_of_their_own_take_the_epoch_of_their_step() -> None:
    rows: list[Row] = [
        *({"step": 50, "epoch": 0.5}, {"step": 50, "loss": 2.0}, {"step": 50, "eval/loss": 2.1}),
        *({"step": 100, "epoch": 1.0}, {"step": 100, "loss": 1.0}, {"step": 100, "eval/loss": 1.1}),
    ]

    assert x_of(history(rows, TRAINER), "eval/loss") == [0.5, 1]


def test_a_metric_between_two_rows_of_a_fraction_is_placed_between_them() -> None:
    rows: list[Row] = [{"step": 50, "epoch": 0.5}, {"step": 75, "eval/loss": 2.0}]

    assert x_of(history([*rows, {"step": 100, "epoch": 1.0}], TRAINER), "eval/loss") == [0.75]


def test_keras_steps_are_epochs_counted_from_0() -> None:
    logged = keras("epochs, first is 0")

    assert x_of(logged, "epoch_loss") == [1, 2, 3]
    assert curve(logged, "epoch", "epoch_loss").steps.tolist() == [0, 1, 2]


def test_steps_that_are_epochs_counted_from_1_are_epochs_completed() -> None:
    assert x_of(keras("epochs, first is 1"), "epoch_loss") == [0, 1, 2]


def test_keras_batches_have_no_epoch_beside_its_epochs() -> None:
    both = {
        **keras("epochs, first is 0").metrics,
        **keras("steps", "batch_loss").metrics,
    }
    found = axis(History(both, ReadReport("event files")), "epoch")

    assert list(found.curves) == ["epoch_loss"]
    assert found.unplaced == {
        "batch_loss": "it is logged by step, and how many steps an epoch has is not known"
    }


@pytest.mark.parametrize("fraction", [1.0, 0.5])
def test_steps_that_are_epochs_stay_epochs_beside_a_logged_epoch(fraction: float) -> None:
    counted = history([{"step": s, "epoch": fraction * s} for s in (1, 2, 3)])
    both = {**counted.metrics, **keras("epochs, first is 0").metrics}

    assert x_of(History(both, ReadReport("event files")), "epoch_loss") == [1, 2, 3]


def test_an_epoch_counter_without_points_places_nothing() -> None:
    none = np.zeros(0)
    empty = Metric("epoch", none, none, np.zeros(0, np.int64))
    logged = history([{"step": 1, "loss": 1.0}])

    assert why_not(History({**logged.metrics, "epoch": empty}, ReadReport("x")), "epoch") == (
        "none of its points has a place on the axis 'epoch'"
    )


def test_a_table_of_epochs_without_steps_is_placed_by_row() -> None:
    logged = history([{"epoch": e, "val_loss": 1.0 / (e + 1)} for e in range(3)])

    assert x_of(logged, "val_loss") == [1, 2, 3]
    assert why_not(logged, "step") == "no step is logged"


def test_a_table_of_epochs_of_a_resumed_run_keeps_the_later_rows() -> None:
    rows = [{"epoch": e, "val_loss": v} for e, v in ((1, 0.9), (2, 0.8), (3, 0.7), (2, 0.6))]
    found = curve(history(rows), "epoch", "val_loss")

    assert (found.x.tolist(), found.values.tolist()) == ([1, 2], [0.9, 0.6])
    assert counts(found) == (1, 2, 0, 0)


def test_a_table_with_several_rows_an_epoch_leaves_out_the_epoch_under_way() -> None:
    rows = [{"epoch": e, "loss": v} for e, v in ((0, 0.9), (0, 0.8), (1, 0.7), (1, 0.6), (2, 0.5))]
    found = curve(history(rows), "epoch", "loss")

    assert (found.x.tolist(), found.values.tolist()) == ([1, 2], [0.8, 0.6])
    assert counts(found) == (0, 0, 2, 1)


def test_rows_that_name_no_epoch_and_no_step_have_no_place_and_are_counted() -> None:
    rows: list[Row] = [{"epoch": 0, "loss": 2.0}, {"loss": 1.5}, {"epoch": 1, "loss": 1.0}]

    assert counts(curve(history(rows), "epoch", "loss")) == (0, 0, 0, 1)


def test_epochs_logged_at_step_0_only_are_placed_by_row() -> None:
    rows: list[Row] = [{"step": 0, "epoch": e, "loss": 1.0} for e in range(3)]

    assert x_of(history(rows), "loss") == [1, 2, 3]


def test_a_metric_in_another_row_takes_the_epoch_of_its_step() -> None:
    rows: list[Row] = [{"step": s, "epoch": s // 10} for s in range(30)]
    others: list[Row] = [{"step": s, "val/loss": 1.0} for s in (9, 14, 29)]

    assert x_of(history([*rows, *others]), "val/loss") == [1, 1.5, 3]


def test_validation_every_five_epochs_stands_at_the_ends_of_those_epochs() -> None:
    rows: list[Row] = [{"step": 20 * e + 19, "epoch": e, "loss": 1.0} for e in range(12)]
    for row in rows[4::5]:
        row["val/top1"] = 0.5

    assert x_of(history(rows), "val/top1") == [5, 10]


def test_a_validation_logged_one_step_late_stays_in_the_epoch_its_row_names() -> None:
    rows: list[Row] = [{"step": s, "epoch": s // 10, "loss": 1.0} for s in range(10)]
    rows += [{"step": 10, "epoch": 0, "val/loss": 1.0}]
    rows += [{"step": s, "epoch": 1, "loss": 1.0} for s in range(11, 20)]

    assert x_of(history(rows), "val/loss") == [1]


def test_the_last_validation_after_the_last_epoch_logged_stands_at_its_end() -> None:
    rows: list[Row] = [{"step": s, "epoch": s // 10, "loss": 1.0} for s in range(30)]

    assert x_of(history([*rows, {"step": 30, "val/loss": 1.0}]), "val/loss") == [3]


def test_points_far_beyond_the_last_epoch_logged_have_no_place() -> None:
    rows: list[Row] = [{"step": s, "epoch": s // 10, "loss": 1.0} for s in range(30)]
    found = curve(history([*rows, *({"step": s, "loss": 0.5} for s in range(30, 90))]), *LOSS)

    assert found.x[-1] == 3
    assert found.values[-1] == 1.0
    assert counts(found) == (0, 0, 0, 60)


def test_a_run_resumed_at_epoch_7_is_never_placed_too_far() -> None:
    rows = [{"epoch": e, "step": 100 * e + 99, "val/loss": 1.0} for e in (7, 8, 9)]

    assert x_of(history(rows, LIGHTNING), "val/loss") == [8, 9, 10]
    assert x_of(history(rows), "val/loss") == [7, 8, 9]


def test_a_restart_voids_what_it_writes_again_and_keeps_the_place_of_the_rest() -> None:
    first: list[Row] = [{"step": s, "epoch": s // 10, "loss": 1.0} for s in range(35)]
    again: list[Row] = [{"step": s, "epoch": s // 10, "loss": 0.5} for s in range(20, 26)]
    found = curve(history([*first, *again]), *LOSS)

    assert found.x[-1] == 2.6
    assert counts(found) == (1, 15, 0, 0)


def test_a_metric_not_logged_since_a_restart_keeps_its_points_in_their_epochs() -> None:
    first: list[Row] = [{"step": s, "epoch": s // 10} for s in range(40)]
    measured: list[Row] = [{"step": s, "val/loss": 1.0 / s} for s in (9, 19, 29, 39)]
    again: list[Row] = [{"step": s, "epoch": s // 10} for s in range(20, 26)]

    assert x_of(history([*first, *measured, *again]), "val/loss") == [1, 2, 3, 4]


def test_points_of_an_older_run_with_other_epochs_are_not_placed_by_the_newer_ones() -> None:
    first: list[Row] = [{"step": s, "epoch": s // 10} for s in range(40)]
    measured: list[Row] = [{"step": s, "val/loss": 1.0} for s in (9, 39)]
    again: list[Row] = [{"step": s, "epoch": s // 20} for s in range(25)]
    found = curve(history([*first, *measured, *again]), "epoch", "val/loss")

    assert found.x.tolist() == [0.5]
    assert counts(found) == (0, 0, 0, 1)


def test_two_full_runs_in_one_directory_are_the_later_one() -> None:
    first: list[Row] = [{"step": s, "epoch": s // 10, "loss": 1.0} for s in range(40)]
    second: list[Row] = [{"step": s, "epoch": s // 10, "loss": 0.5} for s in range(30)]
    found = curve(history([*first, *second]), *LOSS)

    assert found.x[-1] == 3
    assert set(found.values.tolist()) == {0.5}
    assert counts(found) == (1, 40, 0, 0)


def test_steps_that_start_again_every_epoch_are_joined_on_the_epoch() -> None:
    rows: list[Row] = [{"epoch": e, "step": i, "loss": e} for e in (1, 2, 3) for i in (50, 100)]
    logged = history(rows)
    found = curve(logged, *LOSS)

    assert found.x.tolist() == [0.5, 1, 1.5, 2, 2.5, 3]
    assert found.steps.tolist() == [50, 100, 50, 100, 50, 100]
    assert counts(found) == (0, 0, 0, 0)
    assert axis(logged, "epoch").rule.endswith("; the step starts again and is counted on")
    assert why_not(logged, "step") == "the step starts again while the epoch goes on (2 times)"


def test_an_epoch_that_starts_again_while_the_step_goes_on_is_no_axis() -> None:
    rows: list[Row] = [{"step": s, "epoch": e, "loss": 1.0} for s, e in ((1, 5), (2, 6), (3, 0))]

    assert why_not(history(rows), "epoch") == "epoch goes back while the step goes on"
    assert x_of(history(rows, steps_per_epoch=2.0), "loss") == [0.5, 1, 1.5]
    fractions = [{"step": s, "epoch": e, "loss": 1.0} for s, e in ((1, 0.5), (2, 1.0), (3, 0.5))]
    assert why_not(history(fractions), "epoch") == "epoch goes back while the step goes on"


def test_without_an_epoch_steps_are_placed_by_a_known_epoch_length() -> None:
    logged = history([{"step": s, "loss": 1.0} for s in (10, 20, 30)], steps_per_epoch=20.0)

    assert x_of(logged, "loss") == [0.5, 1, 1.5]
    assert axis(logged, "epoch").rule == "step / 20 steps per epoch"


def test_without_an_epoch_or_its_length_there_is_no_epoch_axis() -> None:
    assert why_not(history([{"step": 1, "loss": 1.0}]), "epoch") == (
        "no epoch is logged and the steps of an epoch are not known"
    )


@pytest.mark.parametrize("second", [1.0, 1.5])
def test_a_point_without_step_and_epoch_has_no_place_where_one_step_is_known(second: float) -> None:
    rows: list[Row] = [
        {"epoch": 0, "step": 3, "loss": 3.0},
        {"epoch": second, "loss": 2.0},
        {"loss": 1.0},
    ]

    found = curve(history(rows, steps_per_epoch=3), "epoch", "loss")
    assert 1.0 not in found.values.tolist()
    assert found.unplaced == 1
