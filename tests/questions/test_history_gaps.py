"""What a history leaves out is said with counts, and no row gets a step that is not its own."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from samestep import MemoryRun, fetch_history, forget, remember
from samestep.answers import FetchedHistory

Row = Mapping[str, float]
EPOCHS: list[Row] = [{"epoch": epoch, "val/loss": 10.0 - epoch} for epoch in (1, 2, 3)]
EVALUATED_LATER: list[Row] = [*EPOCHS, {"val/loss": 6.5}, {"val/loss": 6.4}, {"test/top1": 70.0}]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Let go of what a test holds in memory."""
    yield
    forget("gaps")


def history(
    rows: Sequence[Row], metrics: list[str] | None = None, x: str = "auto"
) -> FetchedHistory:
    remember("gaps", [MemoryRun("resnet50/seed0", rows)])
    return fetch_history("memory:gaps#resnet50/seed0", metrics, x=x)


def said(answer: FetchedHistory) -> list[str]:
    return [caveat.text for caveat in answer.caveats]


def test_points_after_the_last_epoch_are_counted_beside_the_rows() -> None:
    answer = history(EVALUATED_LATER, ["val/loss"])

    assert answer.history is not None
    assert [row[-1] for row in answer.history.rows] == [9.0, 8.0, 7.0]
    assert said(answer) == ["Points without a place on this axis, not used: 2 of val/loss."]


def test_the_schema_says_which_of_the_points_it_counts_have_no_place() -> None:
    answer = history(EVALUATED_LATER)

    assert [(row.metric, row.points, row.last_x) for row in answer.metrics or []] == [
        ("epoch", 3, 3.0),
        ("val/loss", 5, 3.0),
        ("test/top1", 1, None),
    ]
    assert said(answer) == [
        "Points without a place on this axis, not used: 2 of val/loss.",
        (
            "1 metric has no place on this axis (test/top1): "
            "none of its points has a place on the axis 'epoch'."
        ),
    ]


def test_rows_of_all_metrics_say_which_are_missing_from_them() -> None:
    remember("gaps", [MemoryRun("resnet50/seed0", EVALUATED_LATER)])
    answer = fetch_history("memory:gaps#resnet50/seed0", include=["history"])

    assert "1 metric has no place on this axis (test/top1): " in said(answer)[1]


def test_a_metric_asked_for_by_name_is_told_once_where_it_has_no_place() -> None:
    answer = history(EVALUATED_LATER, ["test/top1"])

    assert said(answer) == [
        "test/top1 has no place on this axis: none of its points has a place on the axis 'epoch'."
    ]


def test_points_written_again_after_a_restart_are_counted() -> None:
    rows = [{"step": step, "loss": 1.0} for step in (1, 2, 3, 4, 3, 4, 5)]
    answer = history(rows, ["loss"])

    assert said(answer) == [
        (
            "Resumed or started again, with points logged a second time: 2 of loss. "
            "The later ones are used."
        )
    ]


def test_points_logged_twice_at_one_step_are_counted() -> None:
    rows = [{"step": step, "loss": float(step)} for step in (1, 2, 2, 3)]
    answer = history(rows, ["loss"])

    assert said(answer) == ["Points logged again at one place, the last written used: 1 of loss."]


def test_a_row_whose_metrics_were_logged_at_different_steps_has_no_step() -> None:
    epochs = [
        {"epoch": epoch, "step": 10.0 * epoch, "val/loss": 10.0 - epoch} for epoch in (1, 2, 3)
    ]
    answer = history([*epochs, {"step": 35, "test/top1": 70.0}], ["val/loss", "test/top1"])

    assert answer.history is not None
    assert answer.history.rows[-1] == [3.0, None, 7.0, 70.0]
    assert said(answer) == [
        (
            "1 row has no step, of 3: their points were logged at different steps, or some without "
            "one. One metric at a time keeps its steps."
        )
    ]


def test_a_metric_not_shown_lends_its_step_to_no_row() -> None:
    epochs = [
        {"epoch": epoch, "step": 10.0 * epoch, "val/loss": 10.0 - epoch} for epoch in (1, 2, 3)
    ]
    answer = history([*epochs, {"step": 35, "test/top1": 70.0}], ["val/loss"])

    assert answer.history is not None
    assert answer.history.rows[-1] == [3.0, 30.0, 7.0]
    assert said(answer) == []


def test_measurements_of_the_machine_are_counted_apart() -> None:
    answer = history([{"step": 1, "loss": 1.0, "system.cpu": 5.0}, {"step": 2, "loss": 0.5}])

    assert answer.reading == (
        "resnet50/seed0 logged 1 metrics (1 more measure the machine) and has reached step 2."
    )
