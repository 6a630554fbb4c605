"""The steps at which epochs ended, as an epoch counter shows them: never before they did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.epochs import completed
from samestep.analysis.lookup import Counter
from samestep.model import EpochCounter

if TYPE_CHECKING:
    from samestep.model import Floats

ONE_STEP = 1.0
ROUNDING = 1e-9  # relative; x is a quotient


@dataclass(frozen=True, slots=True)
class NoEpochs:
    """Why a run cannot be placed in epochs by its counter."""

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
    newest_step: float
    """The newest step of the counter: what comes after may lie in an epoch not yet counted."""
    steps_per_epoch: float

    def at(self, steps: "Floats") -> "Floats":
        """Return epochs completed at each step, counting the part of an epoch that is done.

        The result is NaN for a step after the newest one whose epoch must be a later one.
        """
        placed: Floats = np.interp(steps, self.steps, self.completed)
        early, late = steps < self.steps[0], steps > self.steps[-1]
        parts_before = (self.steps[0] - steps[early]) / self.steps_per_epoch
        parts_after = (steps[late] - self.steps[-1]) / self.steps_per_epoch
        placed[early] = np.maximum(self.completed[0] - parts_before, 0.0)
        placed[late] = self.completed[-1] + parts_after
        uncounted = (steps > self.newest_step) & (placed > self.ceiling * (1.0 + ROUNDING))
        return np.where(uncounted, np.nan, np.minimum(placed, self.ceiling))


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """The epochs that a counter shows, in order; all arrays but `steps` have shape (epochs,)."""

    steps: "Floats"
    """Every step that logs the counter, shape (points,)."""
    first: "Floats"
    """The first step logged in each epoch."""
    last: "Floats"
    """The last step logged in each epoch."""
    before_last: "Floats"
    """The step logged before the last one; NaN in an epoch with one step."""
    ended: "Floats"
    """Epochs completed when each epoch is over."""

    @property
    def counts_from_zero(self) -> bool:
        """Whether step 0 is logged, so that one more step is done than the number says."""
        return float(self.steps[0]) == 0.0


def epoch_ends(
    counter: Counter, meaning: EpochCounter, steps_per_epoch: float | None
) -> EpochEnds | NoEpochs:
    """Find where epochs ended.

    The newest epoch may still be under way. It counts as over only when as many steps of it are
    logged as an epoch has, so a run's current x is never rounded up. Where the last step logged
    in an epoch is the epoch's last step, epochs end there; else they are taken as equally long,
    with the greatest length that fits; else an epoch ends just before the next one's first step.
    """
    if not len(counter.steps):
        return NoEpochs(f"{counter.name} is logged without a step")
    if not counter.counts_up:
        return NoEpochs(f"{counter.name} goes back while the step goes on")
    shown = _shown(counter, meaning)
    if len(shown.ended) == 1:
        return _only_epoch(shown, steps_per_epoch)
    if _last_steps_close_epochs(shown):
        length = steps_per_epoch or _usual_length(shown)
        return _ends(shown.last[:-1], shown.ended[:-1], shown, length)
    even = steps_per_epoch or _even_length(shown)
    if even is not None:
        return _evenly(shown, even)
    begun = shown.first[1:] - ONE_STEP
    length = max(float(np.median(np.diff(shown.first) / np.diff(shown.ended))), ONE_STEP)
    return _ends(begun, shown.ended[1:] - 1.0, shown, length)


def _shown(counter: Counter, meaning: EpochCounter) -> _Shown:
    numbers, first_at = np.unique(counter.values, return_index=True)
    last_at = np.append(first_at[1:], len(counter.values)) - 1
    before = counter.steps[np.maximum(last_at - 1, 0)]
    return _Shown(
        steps=counter.steps,
        first=counter.steps[first_at],
        last=counter.steps[last_at],
        before_last=np.where(last_at > first_at, before, np.nan),
        ended=completed(numbers, meaning),
    )


def _ends(steps: "Floats", ended: "Floats", shown: _Shown, steps_per_epoch: float) -> EpochEnds:
    return EpochEnds(steps, ended, float(shown.ended[-1]), float(shown.last[-1]), steps_per_epoch)


def _evenly(shown: _Shown, steps_per_epoch: float) -> EpochEnds:
    """Place every step by one length of all epochs, counted from the first step."""
    start = -ONE_STEP if shown.counts_from_zero else 0.0
    return _ends(np.array([start]), np.zeros(1), shown, steps_per_epoch)


def _only_epoch(shown: _Shown, steps_per_epoch: float | None) -> EpochEnds | NoEpochs:
    """Place a history that shows one epoch, which may have just begun."""
    if not steps_per_epoch:
        return NoEpochs("only one epoch is logged, and how many steps it has is not known")
    begun = shown.ended - 1.0
    return _ends(begun * steps_per_epoch, begun, shown, steps_per_epoch)


def _last_steps_close_epochs(shown: _Shown) -> bool:
    """Return whether the last step logged in an epoch is the last step of the epoch."""
    first, last = shown.first, shown.last
    if bool(np.all(first[1:] - last[:-1] <= ONE_STEP)):
        return True
    if bool(np.isnan(shown.before_last).all()):
        return bool(np.all(np.diff(shown.ended) == 1.0)) or _reaches_its_ends(last, shown.ended)
    if _has_closing_steps(shown):
        return True
    if shown.counts_from_zero:
        return _reaches_its_ends(last[:-1], shown.ended[:-1])
    return _is_even(last[:-1], shown.ended[:-1])


def _has_closing_steps(shown: _Shown) -> bool:
    """Return whether epochs end on a step out of the usual turn, as evaluations make them do."""
    gaps = np.diff(shown.steps)
    closing = (shown.last - shown.before_last)[:-1]
    closing = closing[~np.isnan(closing)]
    within = gaps[~np.isin(shown.steps[1:], np.append(shown.first, shown.last))]
    return bool(len(closing) and len(within)) and bool(np.median(closing) < np.median(within))


def _reaches_its_ends(last: "Floats", ended: "Floats") -> bool:
    """Return whether equally long epochs, counted from step 0, are over at these steps."""
    if len(last) <= 1 or not _is_even(last, ended):
        return False
    length = (last[-1] - last[0]) / (ended[-1] - ended[0])
    return bool(length * ended[0] <= last[0] + 1.5 * ONE_STEP)


def _is_even(last: "Floats", ended: "Floats") -> bool:
    """Return whether these steps lie on a line over the epochs they end, to a step."""
    if len(last) <= 1:
        return True
    length = (last[-1] - last[0]) / (ended[-1] - ended[0])
    line = last[0] + length * (ended - ended[0])
    return bool(np.all(np.abs(last - line) <= ONE_STEP))


def _even_length(shown: _Shown) -> float | None:
    """Return the greatest number of steps that all epochs can have; None where none fits all."""
    later, over = shown.ended > 1.0, shown.ended > 0.0
    if not later.any():
        return None
    done = shown.last + (ONE_STEP if shown.counts_from_zero else 0.0)
    shortest = float(np.max(done[over] / shown.ended[over]))
    longest = float(np.min(shown.first[later] / (shown.ended[later] - 1.0)))
    whole = float(np.floor(longest))
    return whole if whole >= shortest else longest if longest >= shortest else None


def _usual_length(shown: _Shown) -> float:
    """Return the usual number of steps between the ends of epochs.

    Where only one epoch is over, its last step is the length of an epoch, or one less if the
    writer counts steps from 0: the newest epoch is over when it is as long by either count.
    """
    lengths = np.diff(shown.last) / np.diff(shown.ended)
    if len(lengths) > 1:
        return float(np.median(lengths[:-1]))
    counted = float(shown.last[0] / max(shown.ended[0], 1.0))
    logged = float(shown.last[0] - shown.steps[0])  # more, where the step restarted with a resume
    first, newest = max(counted, logged), float(lengths[0])
    shortest = first + ONE_STEP if shown.counts_from_zero else first
    return newest if shortest <= newest <= first + ONE_STEP else max(first + ONE_STEP, newest)
