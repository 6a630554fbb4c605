"""What the keys a run logs say of its writer: where its steps and its epochs stand."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from samestep.model import EpochCounter

if TYPE_CHECKING:
    from samestep.model import Floats

STEP, TIME = "_step", "_timestamp"
"""What W&B itself writes into every row: a counter of its own and the time."""
STEP_NAMES = ("global_step", "trainer/global_step", "train/global_step")
ROW_COUNTER = "W&B's row counter `_step`"

_STEP_WORDS = ("step", "steps", "iter", "iters", "iteration", "iterations", "num_updates")
_TELLING_ROWS = 3  # with fewer, a gap may be chance
_LIGHTNING = {"trainer/global_step", "epoch"}
_TRAINER = {"train/global_step", "train/epoch"}
_KERAS = "epoch/epoch"
_TIMM = {"epoch", "train_loss", "eval_loss", "eval_top1"}
_ULTRALYTICS = "lr/pg0"


def step_name(names: Collection[str], declared: Collection[str]) -> str | None:
    """Return the key that holds the step of a row; None where only W&B's own counter does.

    Args:
        names: The keys the run logs.
        declared: The keys that the run's definitions make the x-axis of others.
    """
    for name in STEP_NAMES:
        if name in names:
            return name
    steps = {name for name in declared if name in names and _counts_steps(name)}
    # Two of them count different things, and a run has one step axis.
    return steps.pop() if len(steps) == 1 else None


def epoch_counter(names: Collection[str], declared: Collection[str]) -> EpochCounter | None:
    """Return the epoch counter of a writer that is known by its keys, or of the run's own word.

    Args:
        names: The keys the run logs.
        declared: The keys that the run's definitions make the x-axis of others.
    """
    logged = set(names)
    if logged >= _LIGHTNING:
        return EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")
    if logged >= _TRAINER:
        why = "Hugging Face's Trainer logs `train/epoch` as epochs completed"
        return EpochCounter("train/epoch", "epochs completed", why)
    if _KERAS in logged:
        return EpochCounter(_KERAS, "first is 0", "Keras logs `epoch/epoch` counted from 0")
    if logged >= _TIMM:
        return EpochCounter("epoch", "first is 0", "timm logs `epoch` counted from 0")
    for name in sorted(logged.intersection(declared)):
        if _last(name) in {"epoch", "epochs"}:
            why = f"define_metric makes {name!r} the x-axis of other metrics"
            return EpochCounter(name, "unknown", why)
    return None


def counts_epochs(names: Collection[str]) -> bool:
    """Return whether the writer logs with `_step` as the epoch, the first being 1: Ultralytics."""
    return _ULTRALYTICS in names and any(name.startswith("metrics/") for name in names)


def counts_log_calls(steps: "Floats") -> bool:
    """Return whether `_step` goes up by one from row to row, as where no step is passed to `log`.

    Args:
        steps: The `_step` of every row in the order of writing, shape (rows,).
    """
    return len(steps) < _TELLING_ROWS or float(np.median(np.diff(steps))) <= 1.0


def _counts_steps(name: str) -> bool:
    last = _last(name)
    return not name.startswith("_") and any(
        last == word or last.endswith(f"_{word}") for word in _STEP_WORDS
    )


def _last(name: str) -> str:
    return name.replace(".", "/").rpartition("/")[2].lower()
