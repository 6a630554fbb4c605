"""What one optimizer step, and one epoch, takes of the data, where a config says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from samestep.analysis.key_words import words_of
from samestep.analysis.naming import EVALUATED
from samestep.analysis.safe_values import Setting

WHOLE_BATCH = ("global_batch_size", "total_batch_size", "effective_batch_size")
"""Batches that all devices and accumulated steps share."""
SAID_PER_DEVICE = ("per_device_train_batch_size", "train_micro_batch_size_per_gpu")
"""Parts of a batch. Hugging Face logs `train_batch_size` beside the first, and means a process's."""
WHOLE_OR_A_PROCESS = ("train_batch_size", "ims_per_batch")
PART_OF_BATCH = (
    "micro_batch_size",
    "batch_size_per_gpu",
    "batch_size_per_device",
    "samples_per_gpu",
    "batch_size",
    "batchsize",
)
"""Batches of one device and one backward pass."""
FACTORS = (
    (
        "gradient_accumulation_steps",
        "accumulate_grad_batches",
        "grad_accumulation_steps",
        "grad_accum_steps",
        "accum_iter",
        "grad_accum",
    ),
    ("world_size", "num_gpus", "n_gpus", "num_devices", "n_devices", "ngpus"),
)
"""Accumulated passes, then devices: a setting of each multiplies a part of a batch."""
MOST = 1e18  # no step takes more; what is larger is no amount of data
LENGTHS = (
    "seq_len",
    "sequence_length",
    "seq_length",
    "max_seq_len",
    "block_size",
    "context_length",
    "n_ctx",
)
TRAIN_SET_SIZES = (
    "num_train_samples",
    "num_train_examples",
    "num_training_examples",
    "train_samples",
    "train_size",
    "n_train",
    "dataset_size",
)


@dataclass(frozen=True, slots=True)
class Batch:
    """How much data one step takes, and from which settings that is known."""

    size: float
    rule: str
    """The settings multiplied: "batch_size x accum_iter"."""


def batch_of(settings: Mapping[str, Setting]) -> Batch | None:
    """Return the samples of one optimizer step; None where the config does not say."""
    numbers = _numbers(settings)
    said = _first(numbers, SAID_PER_DEVICE)
    whole = _first(numbers, WHOLE_BATCH if said else WHOLE_BATCH + WHOLE_OR_A_PROCESS)
    if whole is not None:
        return Batch(whole[1], whole[0])
    part = said or _first(numbers, PART_OF_BATCH)
    if part is None:
        return None
    factors = [part, *filter(None, (_first(numbers, names) for names in FACTORS))]
    telling = [factors[0], *(factor for factor in factors[1:] if factor[1] != 1.0)]
    return _product(telling)


def tokens_of(settings: Mapping[str, Setting]) -> Batch | None:
    """Return the tokens of one optimizer step; None without a batch size or a sequence length."""
    batch = batch_of(settings)
    length = _first(_numbers(settings), LENGTHS)
    if batch is None or length is None:
        return None
    return _product([(batch.rule, batch.size), length])


def steps_in_an_epoch(settings: Mapping[str, Setting]) -> float | None:
    """Return the steps of an epoch; None without a batch size or the number of training samples."""
    batch, size = batch_of(settings), _first(_numbers(settings), TRAIN_SET_SIZES)
    if batch is None or size is None or size[1] < batch.size:
        return None
    return size[1] / batch.size


def _numbers(settings: Mapping[str, Setting]) -> dict[str, tuple[str, float]]:
    """Return the settings of training that are positive numbers, by their last part, shallow first."""
    found: dict[str, tuple[str, float]] = {}
    of_training = [key for key in settings if not _is_of_evaluation(key)]
    for key in sorted(of_training, key=lambda one: one.count(".")):
        amount = _amount(settings[key])
        if 0.0 < amount < MOST:
            found.setdefault("_".join(words_of(re.split(r"[./]", key)[-1])), (key, amount))
    return found


def _is_of_evaluation(key: str) -> bool:
    """Return whether a setting stands in a table of evaluation: `val_dataloader.batch_size`."""
    above = re.split(r"[./]", key)[:-1]
    return any(not EVALUATED.isdisjoint(words_of(table)) for table in above)


def _amount(value: Setting) -> float:
    return float(value) if isinstance(value, int | float) and value is not True else 0.0


def _first(
    numbers: Mapping[str, tuple[str, float]], names: tuple[str, ...]
) -> tuple[str, float] | None:
    return next((numbers[name] for name in names if name in numbers), None)


def _product(factors: list[tuple[str, float]]) -> Batch:
    size = 1.0
    for _, factor in factors:
        size *= factor
    return Batch(size, " x ".join(key for key, _ in factors))
