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
HALF_STEP = 0.5
TELLING_EPOCHS = 2  # epochs over; as many may end on a turn by chance
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
        placed[np.isnan(steps)] = np.nan  # one known step would stand for every point
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
    if bool(np.all(shown.first[1:] - shown.last[:-1] <= ONE_STEP)):
        return True
    if bool(np.isnan(shown.before_last).all()):
        return _rows_close_epochs(shown)
    return _has_closing_steps(shown) or _turns_close_epochs(shown)


def _rows_close_epochs(shown: _Shown) -> bool:
    """Return the same for a log of one row an epoch: its writer logs it when the epoch is over."""
    even = _are_even(shown.last, shown.ended)
    length = _length(shown.last, shown.ended)
    if bool(np.all(np.diff(shown.ended) == 1.0)):
        is_late = _done_of_first_epoch(shown, length) >= length / 2
        return is_late or not even or float(shown.last[0]) == 0.0
    return even and _reach_an_end(shown, length)


def _turns_close_epochs(shown: _Shown) -> bool:
    """Return the same for a log of every so many steps, where an epoch is a number of turns."""
    last, ended = shown.last[:-1], shown.ended[:-1]
    if not _are_even(last, ended) or _outgrows(shown):
        return False
    # A log from step 0 counts from 1 where it starts with an evaluation: seldom, and hard to tell.
    if len(last) > (TELLING_EPOCHS if shown.counts_from_zero else 1):
        return _reach_an_end(shown, _length(last, ended))
    return float(shown.steps[0]) > ONE_STEP


def _has_closing_steps(shown: _Shown) -> bool:
    """Return whether epochs end on a step out of the usual turn, as evaluations make them do."""
    gaps = np.diff(shown.steps)
    closing = (shown.last - shown.before_last)[:-1]
    closing = closing[~np.isnan(closing)]
    within = gaps[~np.isin(shown.steps[1:], np.append(shown.first, shown.last))]
    return bool(len(closing) and len(within)) and bool(np.median(closing) < np.median(within))


def _reach_an_end(shown: _Shown, length: float) -> bool:
    """Return whether epochs of this length, counted from step 0, end where the first one does."""
    done = float(shown.last[0]) + ONE_STEP
    beyond = done - length * round(done / length)
    is_end = -HALF_STEP <= beyond <= ONE_STEP + HALF_STEP
    return is_end and _done_of_first_epoch(shown, length) >= length - ROUNDING


def _done_of_first_epoch(shown: _Shown, length: float) -> float:
    """Return the steps done of the first epoch shown; one less, where the writer counts from 1.

    A resume that starts the step again counts from its own first epoch.
    """
    begun = length * (float(shown.ended[0]) - 1.0)
    counts_on = float(shown.steps[0]) + ONE_STEP >= begun
    return float(shown.last[0]) + ONE_STEP - (begun if counts_on else 0.0)


def _outgrows(shown: _Shown) -> bool:
    """Return whether the newest epoch has more steps than an epoch would then have."""
    last, ended = shown.last, shown.ended
    several = len(ended[:-1]) > 1
    length = _length(last[:-1], ended[:-1]) if several else last[0] / max(ended[0], 1.0)
    return bool(last[-1] - last[-2] > length * (ended[-1] - ended[-2]) + ONE_STEP)


def _are_even(steps: "Floats", ended: "Floats") -> bool:
    """Return whether these steps lie on a line over the epochs they end."""
    if len(steps) <= 1:
        return True
    line = steps[0] + _length(steps, ended) * (ended - ended[0])
    return bool(np.all(np.abs(steps - line) <= HALF_STEP))


def _length(steps: "Floats", ended: "Floats") -> float:
    """Return the mean number of steps of an epoch between the first and the last of these."""
    return float((steps[-1] - steps[0]) / (ended[-1] - ended[0]))


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
