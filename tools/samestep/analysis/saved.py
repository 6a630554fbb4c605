"""Where on a run's axis one of its checkpoints was saved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import RunAxis
from samestep.analysis.epochs import based, counter_of
from samestep.formats.checkpoints import digits
from samestep.model import History

if TYPE_CHECKING:
    from samestep.model import Floats

JUST_BEFORE = 1.0  # steps: a trainer counts a step before it saves and after it logs


@dataclass(frozen=True, slots=True)
class Saved:
    """The x at which a checkpoint was saved, and how it was found, as a clause."""

    x: float
    how: str


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """Why a checkpoint has no place on an axis, as a clause."""

    why: str


def saved_at(
    axis: RunAxis, history: History, epoch: float | None, step: float | None
) -> Saved | NotPlaced:
    """Return the x at which a checkpoint was saved: by its step, else by its epoch.

    Args:
        axis: The run's axis.
        history: The run's history, which says what its epochs count from.
        epoch: The checkpoint's epoch as written; None where it says none.
        step: Its step; None where it says none.
    """
    by_step = _by_step(axis, history, step)
    if isinstance(by_step, Saved) or axis.name != "epoch" or epoch is None:
        return by_step
    return _by_epoch(axis, history, epoch)


def _by_step(axis: RunAxis, history: History, step: float | None) -> Saved | NotPlaced:
    if step is None:
        return NotPlaced("it gives no step")
    if history.row_counter is not None:
        return NotPlaced(f"its step {digits(step)} is none of {history.row_counter}")
    steps, x = _places(axis)
    if not len(steps):
        return NotPlaced("the run logs no step")
    within = min(step, float(steps[-1])) if step - steps[-1] <= _slack(steps) else step
    if not steps[0] <= within <= steps[-1]:
        logged = f"{digits(float(steps[0]))} to {digits(float(steps[-1]))}"
        return NotPlaced(f"it was saved at step {digits(step)}, and the run logged steps {logged}")
    newest = int(np.searchsorted(steps, within, side="right")) - 1
    near = within - steps[newest] <= JUST_BEFORE
    at = float(x[newest] if near else np.interp(within, steps, x))
    return Saved(at, f"placed by its step {digits(step)}")


def _slack(steps: "Floats") -> float:
    """Return how many steps after the newest one logged a checkpoint may still be of it."""
    return max(JUST_BEFORE, float(np.median(np.diff(steps)))) if len(steps) > 1 else JUST_BEFORE


def _places(axis: RunAxis) -> "tuple[Floats, Floats]":
    """Return the steps of all points and their largest x, ascending in steps."""
    steps = np.concatenate([curve.steps for curve in axis.curves.values()])
    x = np.concatenate([curve.x for curve in axis.curves.values()])
    known = np.isfinite(steps) & np.isfinite(x)
    steps, x = steps[known], np.maximum.accumulate(x[known][np.argsort(steps[known])])
    steps = np.sort(steps)
    last = np.append(np.diff(steps) > 0, np.ones(min(len(steps), 1), dtype=bool))
    return steps[last], x[last]


def _by_epoch(axis: RunAxis, history: History, epoch: float) -> Saved | NotPlaced:
    counter = counter_of(history)
    meaning = based(counter, history.metrics[counter.metric].values) if counter else None
    from_0 = meaning is not None and meaning.base == "first is 0" and epoch.is_integer()
    x = epoch + 1.0 if from_0 else epoch
    if not axis.oldest <= x <= axis.newest:
        logged = f"{digits(axis.oldest)} to {digits(axis.newest)}"
        return NotPlaced(f"its epoch {digits(epoch)} is not among the epochs logged, {logged}")
    return Saved(x, f"placed by its epoch {digits(epoch)}{', the first being 0' if from_0 else ''}")
