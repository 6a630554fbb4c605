"""Where on a run's axis a checkpoint was saved."""

from dataclasses import replace

import numpy as np
import pytest

from samestep.analysis.axis import RunAxis, run_axis
from samestep.analysis.saved import NotPlaced, Saved, saved_at
from samestep.model import EpochBase, EpochCounter, History, Metric, ReadReport


def history(epochs: list[float], base: EpochBase, every: int = 400) -> History:
    """Return a loss and an epoch, logged together at the end of each epoch of some steps."""
    rows = np.arange(len(epochs))
    steps = np.array([every * (row + 1.0) for row in range(len(epochs))])
    metrics = {
        name: Metric(name, steps, np.array(values), rows)
        for name, values in (("epoch", epochs), ("loss", [1.0 / (n + 1) for n in rows]))
    }
    return History(metrics, ReadReport("rows"), EpochCounter("epoch", base, "known"))


FROM_1 = history([1.0, 2.0, 3.0, 4.0], "first is 1")
FROM_0 = history([0.0, 1.0, 2.0, 3.0], "first is 0")


def placed(
    logged: History, name: str, epoch: float | None, step: float | None
) -> Saved | NotPlaced:
    axis = run_axis(logged, name)
    assert isinstance(axis, RunAxis)
    return saved_at(axis, logged, epoch, step)


@pytest.mark.parametrize(
    ("step", "x"),
    [(800.0, 2.0), (801.0, 2.0), (1000.0, 2.5), (400.0, 1.0), (1601.0, 4.0), (1900.0, 4.0)],
)
def test_a_step_leads_to_the_epochs_completed_by_then(step: float, x: float) -> None:
    assert placed(FROM_0, "epoch", 99.0, step) == Saved(x, f"placed by its step {step:g}")


def test_on_an_axis_of_steps_it_is_the_step_itself() -> None:
    assert placed(FROM_1, "step", 1.0, 900.0) == Saved(900.0, "placed by its step 900")


@pytest.mark.parametrize("step", [399.0, 2001.0])
def test_a_step_that_was_not_logged_by_far_has_no_place(step: float) -> None:
    found = placed(FROM_1, "step", None, step)

    assert found == NotPlaced(
        f"it was saved at step {step:g}, and the run logged steps 400 to 1600"
    )


def test_an_epoch_counts_as_the_run_counts_its_own() -> None:
    assert placed(FROM_1, "epoch", 3.0, None) == Saved(3.0, "placed by its epoch 3")
    assert placed(FROM_0, "epoch", 2.0, None) == Saved(
        3.0, "placed by its epoch 2, the first being 0"
    )


def test_the_epoch_places_what_its_step_cannot() -> None:
    assert placed(FROM_1, "epoch", 3.0, 90_000.0) == Saved(3.0, "placed by its epoch 3")


def test_an_epoch_that_the_run_has_not_logged_has_no_place() -> None:
    found = placed(FROM_1, "epoch", 7.0, None)

    assert found == NotPlaced("its epoch 7 is not among the epochs logged, 1 to 4")


def test_an_epoch_alone_has_no_place_on_an_axis_of_steps() -> None:
    assert placed(FROM_1, "step", 3.0, None) == NotPlaced("it gives no step")


def test_a_step_is_no_number_of_a_row_counter() -> None:
    counted = replace(FROM_1, row_counter="W&B's row counter `_step`")
    found = placed(counted, "step", None, 800.0)

    assert found == NotPlaced("its step 800 is none of W&B's row counter `_step`")


def test_large_steps_keep_all_their_digits() -> None:
    large = history([1.0, 2.0], "first is 1", every=12_345_678)

    assert placed(large, "step", None, 12_345_678.0) == Saved(
        12_345_678.0, "placed by its step 12345678"
    )
