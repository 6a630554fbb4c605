import numpy as np
import pytest

from samestep.analysis.axis import (
    Curve,
    RunAxis,
    Unplaced,
    axis_names,
    is_seen_counter,
    run_axis,
    unit_of,
)
from samestep.model import History, Metric, ReadReport, Source, StepMeaning
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

NAN = float("nan")

Row = dict[str, float]


def history(
    rows: list[Row],
    *,
    append_only: bool = True,
) -> History:
    run = MemoryRun("vit-small/seed0", rows, append_only=append_only)
    found = MemoryReader(Source.parse(remember("axis", [run]))).read(run.full_name)
    forget("axis")
    return found.history


def axis(logged: History, name: str) -> RunAxis:
    found = run_axis(logged, name)
    assert isinstance(found, RunAxis)
    return found


def curve(logged: History, name: str, metric: str) -> Curve:
    return axis(logged, name).curves[metric]


def x_of(logged: History, metric: str, name: str) -> list[float]:
    return np.round(curve(logged, name, metric).x, 4).tolist()


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


def test_steps_that_are_epochs_are_no_steps() -> None:
    assert why_not(keras("epochs, first is 0"), "step") == (
        "its writer counts epochs where others count steps"
    )


def test_a_run_without_metrics_has_no_axis() -> None:
    assert [why_not(history([]), name) for name in ("epoch", "step", "seconds", "order")] == [
        "the run logged no metric"
    ] * 4


def test_steps_stand_where_they_were_logged() -> None:
    found = curve(history([{"step": s, "loss": 1.0} for s in (10, 20, 20, 30)]), "step", "loss")

    assert found.x.tolist() == [10, 20, 30]
    assert counts(found) == (0, 0, 1, 0)


def test_points_without_a_step_have_no_place_among_steps() -> None:
    found = curve(history([{"step": 1, "loss": 1.0}, {"loss": 2.0}]), "step", "loss")

    assert counts(found) == (0, 0, 0, 1)
    assert why_not(history([{"loss": 2.0}]), "step") == "no step is logged"


def test_a_metric_without_steps_is_named_with_its_reason() -> None:
    found = axis(history([{"step": 1, "loss": 1.0}, {"final": 2.0}]), "step")

    assert found.unplaced == {"final": "none of its points has a place on the axis 'step'"}


def test_steps_that_are_all_0_are_no_axis() -> None:
    logged = history([{"step": 0, "loss": 1.0}, {"step": 0, "loss": 0.5}])

    assert why_not(logged, "step") == (
        'every point is logged at step 0; x="order" counts points instead'
    )
    assert x_of(logged, "loss", "order") == [1, 2]


def test_a_metric_whose_steps_are_all_0_has_no_place_beside_others() -> None:
    rows: list[Row] = [{"step": 0, "loss": 1.0}, {"step": 0, "loss": 0.5}, {"step": 9, "acc": 1.0}]
    found = axis(history(rows), "step")

    assert found.unplaced == {
        "loss": 'all its points are logged at step 0; x="order" counts them instead'
    }
    assert found.newest == 9


def test_a_score_logged_without_a_step_after_training_does_not_stand_at_step_0() -> None:
    rows: list[Row] = [
        {"step": 0, "time": 10.0, "loss": 1.0},
        {"step": 9, "time": 20.0, "loss": 0.5},
        {"step": 0, "time": 30.0, "test/acc": 0.9},
    ]
    sorted_by_step = axis(history(rows, append_only=False), "step")

    assert sorted_by_step.unplaced == {
        "test/acc": "its only point is at step 0 and was logged after training had begun, and 0 "
        'is what is written where no step is given; x="seconds" places it'
    }
    assert x_of(history(rows), "test/acc", "step") == [0]


def test_a_first_point_at_step_0_is_a_point() -> None:
    assert x_of(history([{"step": 0, "loss": 1.0}]), "loss", "step") == [0]


def test_order_counts_points_whatever_their_steps() -> None:
    rows: list[Row] = [{"step": s, "loss": 1.0} for s in (0, 1, 0, 1)]

    assert x_of(history(rows), "loss", "order") == [1, 2, 3, 4]


def test_seconds_count_from_the_first_record_of_the_run() -> None:
    rows: list[Row] = [
        {"time": 1000.0, "loss": 1.0},
        {"time": 1060.0, "val/loss": 1.0},
        {"time": NAN, "val/loss": 0.5},
    ]
    found = axis(history(rows), "seconds")

    assert found.curves["loss"].x.tolist() == [0]
    assert found.curves["val/loss"].x.tolist() == [60]
    assert counts(found.curves["val/loss"]) == (0, 0, 0, 1)


def test_records_without_a_time_have_no_seconds() -> None:
    assert why_not(history([{"step": 1, "loss": 1.0}]), "seconds") == "the records carry no time"
    timeless = Metric("loss", np.ones(1), np.ones(1), np.zeros(1, np.int64), times=np.array([NAN]))
    assert why_not(History({"loss": timeless}, ReadReport("x")), "seconds") == (
        "the records carry no time"
    )


def test_a_metric_without_times_is_named_beside_those_with_times() -> None:
    rows: list[Row] = [{"time": 1000.0, "loss": 1.0}, {"val/loss": 1.0}]

    assert axis(history(rows), "seconds").unplaced == {"val/loss": "its records carry no time"}


def test_a_counter_of_its_own_is_an_axis() -> None:
    rows: list[Row] = [{"step": s, "tokens": 512.0 * s, "loss": 1.0} for s in (1, 2, 3)]
    logged = history([*rows, {"step": 2, "val/loss": 1.0}], append_only=False)

    assert x_of(logged, "loss", "tokens") == [512, 1024, 1536]
    assert x_of(logged, "val/loss", "tokens") == [1024]


def test_points_between_two_rows_of_a_counter_are_placed_by_step() -> None:
    counted: list[Row] = [{"step": s, "tokens": 100.0 * s} for s in (0, 10, 20)]
    measured: list[Row] = [{"step": s, "loss": 1.0} for s in range(0, 25, 4)]
    found = curve(history([*counted, *measured], append_only=False), "tokens", "loss")

    assert found.x.tolist() == [0, 400, 800, 1200, 1600, 2000]
    assert counts(found) == (0, 0, 0, 1)


def test_of_the_points_after_a_counter_only_the_next_one_takes_its_value() -> None:
    counted: list[Row] = [{"step": s, "tokens": 100.0 * s} for s in (0, 10, 20)]
    measured: list[Row] = [{"step": s, "loss": s} for s in (22, 24, 26)]
    found = curve(history([*counted, *measured]), "tokens", "loss")

    assert (found.x.tolist(), found.values.tolist()) == ([2000], [22])
    assert counts(found) == (0, 0, 0, 2)


def test_points_before_a_counter_have_no_place_on_it() -> None:
    rows: list[Row] = [{"step": 1, "loss": 1.0}, {"step": 2, "tokens": 9.0, "loss": 0.5}]

    assert counts(curve(history(rows), "tokens", "loss")) == (0, 0, 0, 1)


def test_a_counter_without_steps_is_joined_by_row() -> None:
    rows: list[Row] = [{"tokens": t, "loss": 1.0} for t in (100, 200)]
    logged = history([*rows, {"loss": 0.5}])

    assert x_of(logged, "loss", "tokens") == [100, 200]
    assert counts(curve(logged, "tokens", "loss")) == (0, 0, 0, 1)


def test_points_at_one_value_of_a_counter_give_way_to_the_last_and_are_counted() -> None:
    rows: list[Row] = [{"step": s, "round": s // 2, "reward": s} for s in range(2, 6)]
    found = curve(history(rows), "round", "reward")

    assert (found.x.tolist(), found.values.tolist()) == ([1, 2], [3, 5])
    assert counts(found) == (0, 0, 2, 0)


def test_a_counter_that_a_resume_rewinds_still_counts() -> None:
    rows: list[Row] = [{"step": s, "tokens": 10.0 * s, "loss": 1.0} for s in (1, 2, 3, 2, 3, 4)]

    assert x_of(history(rows), "loss", "tokens") == [10, 20, 30, 40]


@pytest.mark.parametrize("values", [[1.0, 0.5, 2.0], [3.0, 3.0, 3.0]])
def test_a_metric_that_does_not_count_up_is_no_axis(values: list[float]) -> None:
    rows = [{"step": float(s), "loss": v} for s, v in enumerate(values)]

    assert why_not(history(rows), "loss") == "'loss' does not count up"


def test_a_metric_that_is_not_logged_is_no_axis() -> None:
    assert why_not(history([{"step": 1, "loss": 1.0}]), "tokens") == "it logs no metric 'tokens'"


def test_nan_and_infinite_values_keep_their_places() -> None:
    rows: list[Row] = [{"step": s, "loss": v} for s, v in ((1, NAN), (2, float("inf")), (3, 0.5))]
    found = curve(history(rows), "step", "loss")

    assert found.x.tolist() == [1, 2, 3]
    assert str(found.values.tolist()) == "[nan, inf, 0.5]"


def test_newest_and_oldest_x_are_those_of_all_metrics() -> None:
    rows: list[Row] = [{"step": 5, "val/loss": 1.0}, {"step": 7, "loss": 1.0}]
    found = axis(history(rows), "step")

    assert (found.oldest, found.newest) == (5, 7)


def test_the_axes_of_a_run_are_named_the_usual_ones_first() -> None:
    rows: list[Row] = [{"step": s, "round": s, "train/tokens": s, "loss": 1 / s} for s in (1, 2)]

    assert axis_names(history(rows)) == ["epoch", "train/tokens", "step", "seconds", "round"]


def test_a_counter_that_a_resume_rewinds_is_named_among_the_axes() -> None:
    rows: list[Row] = [{"step": s, "tokens": 10.0 * s} for s in (1, 2, 3, 2, 3, 4)]

    assert "tokens" in axis_names(history(rows))


@pytest.mark.parametrize(
    ("name", "is_counter"),
    [
        *(("tokens", True), ("train/tokens_seen", True), ("consumed_samples", True)),
        *(("tokens_per_second", False), ("num_examples", False), ("sample/loss", False)),
    ],
)
def test_names_tell_which_metrics_count_what_was_seen(name: str, *, is_counter: bool) -> None:
    assert is_seen_counter(name) == is_counter


def test_units_are_said_in_words() -> None:
    assert unit_of("epoch") == "epochs completed"
    assert unit_of("tokens") == "tokens"


def test_a_million_points_are_placed_at_once() -> None:
    steps = np.arange(1_000_000, dtype=np.float64)
    rows = np.arange(1_000_000)
    metrics = {
        "loss": Metric("loss", steps, np.cos(steps), rows),
        "epoch": Metric("epoch", steps, steps // 5000, rows),
    }

    assert axis(History(metrics, ReadReport("memory")), "epoch").newest == 200
