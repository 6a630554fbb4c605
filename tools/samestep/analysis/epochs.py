"""Epochs completed, from however a writer counts them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.settle import settle
from samestep.model import EpochCounter, History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

COUNTER_NAMES = ("epoch", "train/epoch", "trainer/epoch", "epochs")
"""Names under which writers nobody knows log the epoch, in order of preference."""


@dataclass(frozen=True, slots=True)
class NoEpochs:
    """Why a metric, or a whole run, cannot be placed in epochs."""

    why: str


@dataclass(frozen=True, slots=True, eq=False)
class EpochEnds:
    """The steps at which epochs ended, as far as the history shows them."""

    steps: "Floats"
    """Step at the end of each epoch, ascending, shape (ends,)."""
    completed: "Floats"
    """Epochs completed there, shape (ends,)."""
    ceiling: float
    """Epochs completed when the newest epoch is over: nothing is placed beyond it."""
    steps_per_epoch: float

    def at(self, steps: "Floats") -> "Floats":
        """Return epochs completed at each step, counting the part of an epoch that is done."""
        placed: Floats = np.interp(steps, self.steps, self.completed)
        early, late = steps < self.steps[0], steps > self.steps[-1]
        parts_before = (self.steps[0] - steps[early]) / self.steps_per_epoch
        parts_after = (steps[late] - self.steps[-1]) / self.steps_per_epoch
        placed[early] = np.maximum(self.completed[0] - parts_before, 0.0)
        placed[late] = np.minimum(self.completed[-1] + parts_after, self.ceiling)
        return placed


def counter_of(history: History) -> EpochCounter | None:
    """Return the run's epoch counter: the reader's word, else a column named like one."""
    if history.epochs is not None and history.epochs.metric in history.metrics:
        return history.epochs
    by_name = {name.strip().lower(): name for name in reversed(list(history.metrics))}
    for name in COUNTER_NAMES:
        if name in by_name:
            return EpochCounter(by_name[name], "unknown", f"a column named {by_name[name]!r}")
    return None


def based(counter: EpochCounter, raw: "Floats") -> EpochCounter:
    """Decide what an unknown counter means: fractions count epochs done, else its first number.

    A counter that starts beyond 1 belongs to a run resumed earlier than this history; it is read
    as starting at 1, which never places a point too far.
    """
    if counter.base != "unknown" or not len(raw):
        return counter
    if np.any(raw != np.round(raw)):
        return EpochCounter(
            counter.metric, "epochs completed", f"{counter.why}, which holds fractions"
        )
    first = int(raw.min())
    base = "first is 0" if first <= 0 else "first is 1"
    return EpochCounter(counter.metric, base, f"{counter.why}, which starts at {first}")


def completed(raw: "Floats", counter: EpochCounter) -> "Floats":
    """Return epochs completed at the end of the epoch with each raw number."""
    return raw + 1.0 if counter.base == "first is 0" else raw


def epoch_ends(history: History, counter: EpochCounter) -> EpochEnds | NoEpochs:
    """Find where epochs ended: at the last step logged in each epoch but the newest.

    The newest epoch may still be under way. It counts as over only when as many steps of it are
    logged as an epoch has, so a run's current x is never rounded up.
    """
    counted = settle(history.metrics[counter.metric], history)
    known = ~np.isnan(counted.steps)
    steps, raw = counted.steps[known], counted.values[known]
    if not len(steps):
        return NoEpochs(f"{counter.metric} is logged without a step")
    numbers, first_at = np.unique(raw, return_index=True)
    last_steps = np.append(steps[first_at[1:] - 1], steps[-1])
    ended = completed(numbers, counter)
    if len(numbers) == 1:
        return _first_epoch(history, steps, float(ended[0]))
    per_epoch = history.steps_per_epoch or _steps_per_epoch(last_steps, ended)
    return EpochEnds(last_steps[:-1], ended[:-1], float(ended[-1]), per_epoch)


def _first_epoch(history: History, steps: "Floats", ended: float) -> EpochEnds | NoEpochs:
    """Place a history that shows only one epoch."""
    per_epoch = history.steps_per_epoch
    if per_epoch:
        start = (ended - 1.0) * per_epoch
        return EpochEnds(np.array([start]), np.array([ended - 1.0]), ended, per_epoch)
    if len(steps) == 1:  # one row for the one epoch: writers log it when the epoch is over
        return EpochEnds(steps, np.array([ended]), ended, max(float(steps[0]), 1.0))
    return NoEpochs("only one epoch is logged, and how many steps it has is not known")


def _steps_per_epoch(last_steps: "Floats", ended: "Floats") -> float:
    """Return the usual number of steps between the ends of epochs.

    Where only the first epoch is over, its last step is the length of an epoch, or one less if
    the writer counts steps from 0: the newest epoch is over when it is as long by either count.
    """
    lengths = np.diff(last_steps) / np.diff(ended)
    if len(lengths) > 1:
        return float(np.median(lengths[:-1]))
    first = float(last_steps[0] / max(ended[0], 1.0))
    newest = float(lengths[0])
    return newest if first <= newest <= first + 1.0 else max(first + 1.0, newest)


def raw_epochs(rows: "Integers", counted: Metric) -> "Floats":
    """Return the counter's value in each row, NaN where the row does not log it."""
    order = np.argsort(counted.rows, kind="stable")
    at = np.searchsorted(counted.rows[order], rows, side="right") - 1
    same = (at >= 0) & (counted.rows[order][np.maximum(at, 0)] == rows)
    return np.where(same, counted.values[order][np.maximum(at, 0)], np.nan)
