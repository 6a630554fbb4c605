import numpy as np
import pytest

from samestep.readers.wandb.names import full_names
from samestep.readers.wandb.writers import (
    counts_epochs,
    counts_log_calls,
    epoch_counter,
    step_name,
)

NOTHING: set[str] = set()


@pytest.mark.parametrize(
    ("names", "declared", "step"),
    [
        (["loss", "epoch"], NOTHING, None),
        (["loss", "global_step", "train/global_step"], NOTHING, "global_step"),
        (["loss", "trainer/global_step"], {"trainer/global_step"}, "trainer/global_step"),
        (["train/loss", "train/global_step"], NOTHING, "train/global_step"),
        (["loss", "batch/batch_step"], {"batch/batch_step"}, "batch/batch_step"),
        (["loss", "train_iter"], {"train_iter"}, "train_iter"),
        (["loss", "train/step"], NOTHING, None),
        (["loss", "epoch"], {"epoch"}, None),
        (["loss"], {"train/step"}, None),
        (["loss", "train/step", "val/step"], {"train/step", "val/step"}, None),
        (["loss", "_step"], {"_step"}, None),
    ],
)
def test_one_counter_is_the_step_of_a_run(names: list[str], declared: set[str], step: str | None):
    assert step_name(names, declared) == step


@pytest.mark.parametrize(
    ("names", "declared", "metric", "base"),
    [
        (["epoch", "trainer/global_step", "val_loss"], NOTHING, "epoch", "first is 0"),
        (["train/epoch", "train/global_step"], NOTHING, "train/epoch", "epochs completed"),
        (["epoch/epoch", "epoch/loss"], {"epoch/epoch"}, "epoch/epoch", "first is 0"),
        (["epoch", "train_loss", "eval_loss", "eval_top1", "lr"], NOTHING, "epoch", "first is 0"),
        (["val/loss", "val/epoch"], {"val/epoch"}, "val/epoch", "unknown"),
    ],
)
def test_a_writer_is_known_by_its_keys(
    names: list[str], declared: set[str], metric: str, base: str
):
    counter = epoch_counter(names, declared)

    assert counter is not None
    assert (counter.metric, counter.base) == (metric, base)


@pytest.mark.parametrize(
    ("names", "declared"),
    [(["epoch", "loss"], NOTHING), (["loss"], {"epoch"}), (["tokens", "loss"], {"tokens"})],
)
def test_of_other_writers_nothing_is_said(names: list[str], declared: set[str]):
    assert epoch_counter(names, declared) is None


def test_only_ultralytics_counts_epochs_with_its_step():
    assert counts_epochs(["lr/pg0", "metrics/mAP50(B)", "train/box_loss"])
    assert not counts_epochs(["lr/pg0", "loss"])
    assert not counts_epochs(["metrics/mAP50(B)", "loss"])


@pytest.mark.parametrize(
    ("steps", "is_counted"),
    [
        ([0, 1, 2, 3, 4], True),
        ([0, 1, 2, 40, 41, 42], True),
        ([0, 50, 100, 150], False),
        ([0, 1, 100, 200, 300], False),
        ([0, 500], True),
        ([], True),
    ],
)
def test_a_counter_of_log_calls_goes_up_by_one(steps: list[int], *, is_counted: bool):
    assert counts_log_calls(np.array(steps, dtype=np.float64)) is is_counted


def test_full_names_are_unique_and_none_is_shortened():
    names = {"a1": "cosine", "b2": "cosine", "c3": "step", "d4": "", "e5": "cosine a1"}

    assert full_names(names) == {
        "a1": "cosine a1",
        "b2": "cosine b2",
        "c3": "step",
        "d4": "d4",
        "e5": "cosine a1 e5",
    }
