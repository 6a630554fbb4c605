from collections.abc import Mapping

import pytest

from samestep.analysis.axis import RunAxis, Unplaced, run_axis
from samestep.analysis.seen import (
    seen_axis,
    shared_axis,
    with_epoch_length,
)
from samestep.errors import NoSuchAxis
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember


def run(name: str, config: Mapping[str, object], column: str = "step", count: int = 5) -> Run:
    rows = [{column: 10.0 * n, "loss": 1.0 / n} for n in range(1, count + 1)]
    source = remember("seen", [MemoryRun(name, rows, config)])
    found = MemoryReader(Source.parse(source)).read(name)
    forget("seen")
    return found


def test_tokens_are_samples_times_the_sequence_length() -> None:
    axis = seen_axis(
        run("gpt", {"batch_size": 12, "gradient_accumulation_steps": 5, "block_size": 1024}),
        "tokens",
    )

    assert isinstance(axis, RunAxis)
    assert axis.curves["loss"].x.tolist() == [614400.0 * n for n in range(1, 6)]
    assert axis.curves["loss"].steps.tolist() == [10.0, 20.0, 30.0, 40.0, 50.0]
    assert axis.rule == (
        "step x 61440 (batch_size x gradient_accumulation_steps x block_size, by the config)"
    )


def test_steps_that_count_log_calls_are_no_data() -> None:
    from dataclasses import replace

    counting = run("wandb", {"batch_size": 12})
    history = replace(counting.history, row_counter="W&B's row counter `_step`")

    assert isinstance(seen_axis(replace(counting, history=history), "samples"), Unplaced)


def test_samples_are_the_axis_where_steps_take_other_batches() -> None:
    wide, deep = run("wide", {"batch_size": 32}), run("deep", {"batch_size": 64})

    chosen = shared_axis("auto", [wide], [deep])
    assert chosen.name == "samples"
    assert [axis.newest for axis in chosen.axes.values()] == [1600.0, 3200.0]
    assert chosen.passed_over == "a step is not the same amount of data in all of them"


@pytest.mark.parametrize("other", [{"batch_size": 32}, {}], ids=["equal", "unknown"])
def test_steps_stay_the_axis_otherwise(other: dict[str, object]) -> None:
    wide, deep = run("wide", {"batch_size": 32}), run("deep", other)

    assert shared_axis("auto", [wide], [deep]).name == "step"


def test_what_is_asked_for_is_computed_where_it_is_not_logged() -> None:
    logged = run("logs", {}, column="tokens", count=3)
    computed = run("computes", {"batch_size": 2, "block_size": 4})

    chosen = shared_axis("tokens", [computed], [logged])
    rules = [axis.rule for axis in chosen.axes.values()]
    assert rules[0] == "step x 8 (batch_size x block_size, by the config)"
    assert rules[1].startswith("tokens in the same row")


def test_an_axis_that_nothing_tells_is_refused() -> None:
    with pytest.raises(NoSuchAxis, match="'samples'"):
        shared_axis("samples", [run("wide", {})], [run("deep", {"batch_size": 64})])


def test_steps_of_an_epoch_follow_from_the_data_and_the_batch() -> None:
    told = with_epoch_length(run("wide", {"num_train_samples": 1000, "batch_size": 100}))
    silent = with_epoch_length(run("wide", {"batch_size": 100}))

    placed = run_axis(told.history, "epoch")
    assert isinstance(placed, RunAxis)
    assert placed.curves["loss"].x.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert placed.rule == "step / 10 steps per epoch"
    assert silent.history.steps_per_epoch is None


def test_a_run_that_logs_its_epochs_knows_better() -> None:
    logged = run("wide", {"num_train_samples": 1000, "batch_size": 100}, column="epoch")

    assert with_epoch_length(logged).history.steps_per_epoch is None
