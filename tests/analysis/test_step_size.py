from collections.abc import Mapping

import pytest

from samestep.analysis.configs import typed
from samestep.analysis.step_size import batch_of, steps_in_an_epoch, tokens_of


@pytest.mark.parametrize(
    ("settings", "size", "rule"),
    [
        ({"batch_size": 32}, 32, "batch_size"),
        ({"train": {"batch_size": 32}}, 32, "train.batch_size"),
        ({"global_batch_size": 256, "batch_size": 32}, 256, "global_batch_size"),
        ({"batch_size": 32, "accum_iter": 4}, 128, "batch_size x accum_iter"),
        ({"batch_size": 32, "world_size": 1}, 32, "batch_size"),
        ({"train_batch_size": 256, "batch_size": 32}, 256, "train_batch_size"),
        ({"SOLVER": {"IMS_PER_BATCH": 16}}, 16, "SOLVER.IMS_PER_BATCH"),
        (
            {"val_dataloader": {"batch_size": 1}, "train_dataloader": {"batch_size": 32}},
            32,
            "train_dataloader.batch_size",
        ),
        (
            {
                "train_batch_size": 8,
                "per_device_train_batch_size": 8,
                "gradient_accumulation_steps": 4,
            },
            32,
            "per_device_train_batch_size x gradient_accumulation_steps",
        ),
        (
            {
                "per_device_train_batch_size": 8,
                "gradient_accumulation_steps": 2,
                "world_size": 4,
            },
            64,
            "per_device_train_batch_size x gradient_accumulation_steps x world_size",
        ),
    ],
)
def test_a_batch_is_all_that_one_step_takes(
    settings: Mapping[str, object], size: float, rule: str
) -> None:
    batch = batch_of(typed(settings))

    assert batch is not None
    assert (batch.size, batch.rule) == (size, rule)


def test_a_config_without_a_batch_size_tells_none() -> None:
    assert batch_of({"lr": 0.1, "accum_iter": 4}) is None
    assert tokens_of({"batch_size": 12}) is None


def test_an_epoch_has_as_many_steps_as_batches_of_its_samples() -> None:
    assert steps_in_an_epoch({"batch_size": 32, "num_train_samples": 320}) == 10
    assert steps_in_an_epoch({"batch_size": 32}) is None
    assert steps_in_an_epoch({"batch_size": 32, "n_train": 8}) is None
