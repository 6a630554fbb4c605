import numpy as np
import pytest

from samestep.analysis.epochs import based, completed, counter_of, under_way
from samestep.model import EpochBase, EpochCounter, History, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

NAN = float("nan")
UNKNOWN = EpochCounter("epoch", "unknown", "a column named 'epoch'")


def history(*names: str, counter: EpochCounter | None = None) -> History:
    run = MemoryRun("vit-small/seed0", [dict.fromkeys(names, 1.0)], epochs=counter)
    found = MemoryReader(Source.parse(remember("epochs", [run]))).read(run.full_name)
    forget("epochs")
    return found.history


@pytest.mark.parametrize(
    ("names", "metric"),
    [
        (["loss", "epoch"], "epoch"),
        (["train/epoch", "epoch"], "epoch"),
        (["trainer/epoch", "train/epoch"], "train/epoch"),
        ([" Epoch "], " Epoch "),
        (["epochs"], "epochs"),
        (["Epoch", "epoch"], "Epoch"),
    ],
)
def test_a_column_named_like_an_epoch_counts_epochs(names: list[str], metric: str) -> None:
    found = counter_of(history(*names))

    assert found == EpochCounter(metric, "unknown", f"a column named {metric!r}")


def test_metrics_of_an_epoch_are_no_counter() -> None:
    assert counter_of(history("epoch_loss", "loss_epoch", "val/epoch_accuracy")) is None


def test_the_readers_word_comes_before_the_names_of_columns() -> None:
    known = EpochCounter("train/epoch", "epochs completed", "HF Trainer logs epochs completed")

    assert counter_of(history("epoch", "train/epoch", counter=known)) == known


def test_a_counter_the_run_does_not_log_is_passed_over() -> None:
    known = EpochCounter("train/epoch", "epochs completed", "HF Trainer logs epochs completed")
    found = counter_of(history("epoch", counter=known))

    assert found is not None
    assert found.metric == "epoch"


@pytest.mark.parametrize(
    ("raw", "base", "why"),
    [
        ([0, 0, 1], "first is 0", "which starts at 0"),
        ([1, 2, 3], "first is 1", "which starts at 1"),
        ([7, 8], "first is 1", "which starts at 7"),
        ([3, 0, 1], "first is 0", "which starts at 0"),
        ([0, 0.5, 1], "epochs completed", "which holds fractions"),
        ([1, NAN, 2], "first is 1", "which starts at 1"),
        ([float("inf"), 0], "first is 0", "which starts at 0"),
    ],
)
def test_the_numbers_tell_what_an_unknown_counter_means(
    raw: list[float], base: EpochBase, why: str
) -> None:
    found = based(UNKNOWN, np.array(raw, dtype=np.float64))

    assert found == EpochCounter("epoch", base, f"a column named 'epoch', {why}")


def test_the_readers_word_on_what_a_counter_means_stands() -> None:
    known = EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")

    assert based(known, np.array([1.0, 2.0])) == known


def test_a_counter_without_numbers_stays_unknown() -> None:
    assert based(UNKNOWN, np.array([NAN])).base == "unknown"


@pytest.mark.parametrize(
    ("base", "over"), [("first is 0", [1, 2]), ("first is 1", [0, 1]), ("epochs completed", [0, 1])]
)
def test_epochs_completed_at_the_end_of_an_epoch(base: EpochBase, over: list[float]) -> None:
    counter = EpochCounter("epoch", base, "known")

    assert completed(np.array([0.0, 1.0]), counter).tolist() == over


@pytest.mark.parametrize(
    ("raw", "unsure"),
    [
        ([0, 1, 2], [False, False, False]),
        ([0, 0, 1, 1, 2], [False, False, False, False, True]),
        ([0, 0, 1, 1], [False, False, False, False]),
        ([0], [False]),
        ([0, 0], [True, True]),
        ([0, NAN, 0, 1], [False, False, False, True]),
        ([], []),
    ],
)
def test_an_epoch_with_fewer_points_than_usual_may_be_under_way(
    raw: list[float], unsure: list[bool]
) -> None:
    assert under_way(np.array(raw, dtype=np.float64)).tolist() == unsure
