"""Runs that were asked for by a checkpoint: where it was saved, and the `at` that leads there."""

from collections.abc import Iterator, Sequence
from math import isclose

from samestep.analysis.axis import RunAxis
from samestep.analysis.choose import Chosen
from samestep.analysis.comparable.shown import shown
from samestep.analysis.saved import NotPlaced, Saved, saved_at
from samestep.answers.answer import Caveat
from samestep.answers.comparison import At
from samestep.formats.checkpoints import Count, digits
from samestep.model import Run
from samestep.phrases import number
from samestep.questions.caveats.words import LONGEST_NAME, Said, listed, said
from samestep.questions.sides import KnownSide
from samestep.resolve import SavedBy, Side

LONGEST_HOW = 200  # characters
CLOSE = 1e-6  # relative; `at` is given to six digits


def checkpoint_caveats(sides: Sequence[KnownSide], chosen: Chosen, stands: At) -> Iterator[Said]:
    """Say of every checkpoint where its run stood when it was saved, and how to compare there."""
    for side in sides:
        for run, saved in side.side.checkpoints:
            yield _stood(run, saved, chosen, stands)
            yield from said_of_reading(saved)


def caveats_of_one(side: Side, axis: RunAxis | None) -> list[Caveat]:
    """Say the same where one run is asked about alone.

    Args:
        side: The run, as it was asked for.
        axis: The axis of the answer; None where the run logged nothing over time.
    """
    found = [
        [_of_one(run, saved, axis), *said_of_reading(saved)] for run, saved in side.checkpoints
    ]
    return [one.caveat for of_checkpoint in found for one in of_checkpoint]


def said_of_reading(saved: SavedBy) -> Iterator[Said]:
    """Say what of a checkpoint was not looked at, and what it would have run."""
    checkpoint, path = saved.checkpoint, shown(saved.written, LONGEST_NAME)
    for loss in checkpoint.losses:
        yield said("partial-said", "notes", f"({path}) {loss}")
    if checkpoint.calls:
        called = listed([shown(name) for name in checkpoint.calls])
        text = f"Loading the checkpoint ({path}) would call {called}; none of it was run here."
        yield said("partial-said", "warns", text, needed=True)


def place_of(run: Run, saved: SavedBy, axis: RunAxis) -> Saved | NotPlaced:
    """Return where on a run's axis its checkpoint was saved, or why nobody knows."""
    epoch, step = saved.checkpoint.epoch, saved.checkpoint.step
    return saved_at(axis, run.history, _value(epoch), _value(step))


def _stood(run: Run, saved: SavedBy, chosen: Chosen, stands: At) -> Said:
    """Say where a run stood when a checkpoint was saved."""
    asked, about = _asked(run, saved)
    found = place_of(run, saved, chosen.axes[str(run.ref)])
    if isinstance(found, NotPlaced):
        return _unplaced(asked, about, found)
    at = _given(found.x, stands)
    about = f"{about}; {found.how}"
    if isclose(float(at), stands.value, rel_tol=CLOSE):
        return said("same-x", "notes", f"{asked} and stands where that was saved ({about}).")
    reached = found.x <= stands.student_current
    there = f"at={at} compares there" if reached else "the student has not reached that"
    here = f"this answer stands at {chosen.name} {number(stands.value)}"
    text = f"{asked} saved at {chosen.name} {at} ({about}): {there}, {here}."
    return said("same-x", "warns", text, needed=True)


def _of_one(run: Run, saved: SavedBy, axis: RunAxis | None) -> Said:
    """Say where a run that is asked about alone stood when a checkpoint was saved."""
    asked, about = _asked(run, saved)
    if axis is None:
        return said("same-x", "notes", f"{asked} ({about}).")
    found = place_of(run, saved, axis)
    if isinstance(found, NotPlaced):
        return _unplaced(asked, about, found)
    text = f"{asked} saved at {axis.name} {digits(found.x)} ({about}; {found.how})."
    return said("same-x", "notes", text)


def _asked(run: Run, saved: SavedBy) -> tuple[str, str]:
    """Return which run was asked for, and in other people's words by what and how that is known."""
    about = f"{shown(saved.written, LONGEST_NAME)}: {shown(saved.how, LONGEST_HOW)}"
    return f"{run.full_name} was asked for by a checkpoint", about


def _unplaced(asked: str, about: str, found: NotPlaced) -> Said:
    text = f"{asked} ({about}), and where it was saved is not known: {found.why}."
    return said("same-x", "notes", text)


def _given(x: float, stands: At) -> str:
    """Return an x that may be passed as `at`: rounded, unless that leads beyond the student."""
    rounded = digits(x)
    return rounded if float(rounded) <= stands.student_current or x > float(rounded) else repr(x)


def _value(count: Count | None) -> float | None:
    return None if count is None else count.value
