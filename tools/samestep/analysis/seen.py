"""Samples and tokens seen, computed from the step where a config says what one step is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from samestep.analysis.axis import (
    SAMPLES,
    TOKENS,
    Curve,
    RunAxis,
    Unplaced,
    is_seen_counter,
    run_axis,
)
from samestep.analysis.choose import Chosen, common_axis
from samestep.analysis.configs import Setting, typed
from samestep.analysis.redaction import words_of
from samestep.errors import NoSuchAxis
from samestep.model import Run

DATA_SEEN = ("tokens", "samples")
"""The axes that a config may give, the more telling first."""
WHOLE_BATCH = ("global_batch_size", "total_batch_size", "effective_batch_size", "train_batch_size")
"""Batches that all devices and accumulated steps share."""
PART_OF_BATCH = (
    "per_device_train_batch_size",
    "train_micro_batch_size_per_gpu",
    "micro_batch_size",
    "batch_size_per_gpu",
    "batch_size_per_device",
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
    whole = _first(numbers, WHOLE_BATCH)
    if whole is not None:
        return Batch(whole[1], whole[0])
    part = _first(numbers, PART_OF_BATCH)
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


def seen_axis(run: Run, name: str) -> RunAxis | Unplaced:
    """Return the axis of samples or tokens seen as step x what one step takes, by the config."""
    last = name.rsplit("/", 1)[-1].lower()
    settings = typed(run.config)
    amount = tokens_of(settings) if last in TOKENS else batch_of(settings)
    if last not in TOKENS + SAMPLES or amount is None:
        return Unplaced(f"it logs no metric {name!r}, and no setting says what one step takes")
    if run.history.row_counter is not None:
        return Unplaced(f"its steps only count log calls ({run.history.row_counter})")
    by_step = run_axis(run.history, "step")
    if isinstance(by_step, Unplaced):
        return by_step
    curves = {key: _scaled(curve, amount.size) for key, curve in by_step.curves.items()}
    rule = f"step x {amount.size:g} ({amount.rule}, by the config)"
    return RunAxis(name, rule, curves, by_step.unplaced)


def shared_axis(asked: str, students: Sequence[Run], baselines: Sequence[Run]) -> Chosen:
    """Return the axis runs share, as they logged it or as their configs say how to compute it.

    Data seen are computed where they are asked for, where nothing else is shared, and instead of
    steps of different batches.

    Raises:
        NoSuchAxis: A run has no such axis, or "auto" finds none that all have.
    """
    try:
        chosen = common_axis(asked, students, baselines)
    except NoSuchAxis:
        computed = _computed(_seen_names(asked), [*students, *baselines])
        if computed is None:
            raise
        return computed
    runs = [*students, *baselines]
    if asked != "auto" or chosen.name != "step" or len(_batch_sizes(runs)) <= 1:
        return chosen
    computed = _computed(DATA_SEEN, runs)
    if computed is None:
        return chosen
    return replace(computed, passed_over="a step is not the same amount of data in all of them")


def _seen_names(asked: str) -> tuple[str, ...]:
    if asked == "auto":
        return DATA_SEEN
    return (asked,) if is_seen_counter(asked) else ()


def _computed(names: Sequence[str], runs: Sequence[Run]) -> Chosen | None:
    """Return the first axis of data seen that every run logs or its config gives."""
    for name in names:
        placed = {str(run.ref): _seen_or_logged(run, name) for run in runs}
        axes = {ref: axis for ref, axis in placed.items() if not isinstance(axis, Unplaced)}
        if len(axes) == len(runs):
            return Chosen(name, axes)
    return None


def _seen_or_logged(run: Run, name: str) -> RunAxis | Unplaced:
    logged = run_axis(run.history, name)
    return seen_axis(run, name) if isinstance(logged, Unplaced) else logged


def _batch_sizes(runs: Sequence[Run]) -> set[float]:
    batches = (batch_of(typed(run.config)) for run in runs)
    return {batch.size for batch in batches if batch is not None}


def with_epoch_length(run: Run) -> Run:
    """Return the run with its steps per epoch, where its config gives data and batch size.

    A run that logs its epochs, or whose writer says how long they are, knows better.
    """
    if not isinstance(run_axis(run.history, "epoch"), Unplaced):
        return run
    settings = typed(run.config)
    batch, size = batch_of(settings), _first(_numbers(settings), TRAIN_SET_SIZES)
    if batch is None or size is None or size[1] < batch.size:
        return run
    return replace(run, history=replace(run.history, steps_per_epoch=size[1] / batch.size))


def _numbers(settings: Mapping[str, Setting]) -> dict[str, tuple[str, float]]:
    """Return the settings that are positive numbers, by their last part, shallow ones first."""
    found: dict[str, tuple[str, float]] = {}
    for key in sorted(settings, key=lambda one: one.count(".")):
        amount = _amount(settings[key])
        if 0.0 < amount < MOST:
            found.setdefault("_".join(words_of(re.split(r"[./]", key)[-1])), (key, amount))
    return found


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


def _scaled(curve: Curve, amount: float) -> Curve:
    return replace(curve, x=curve.x * amount)
