"""Whether a run's learning rate is still to change."""

from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import RunAxis
from samestep.analysis.comparable import SCHEDULE_WORDS
from samestep.analysis.configs import flat
from samestep.model import Run

if TYPE_CHECKING:
    from samestep.model import Floats

RATE_WORDS = frozenset(["lr", "learningrate"])
STEADY = 0.01  # relative; a learning rate that moves less is constant
AT_ITS_END = 0.05  # of its highest value: decay schedules end at or near zero
DONE = 0.999  # part of the plan; the last step is often counted from 0
NEARLY_DONE = 0.95  # part of the plan from which a rate near zero is at its end
CAME_BACK = 0.5  # of its highest value; a rate that rose by as much before may do so again


def schedule_open(run: Run, axis: RunAxis, planned_end: float | None) -> bool | None:
    """Return whether the learning rate is known to change still; None where nothing tells.

    A logged rate that moves is open until the planned end; where no plan is known, while it stands
    well above zero, and for good where it has come back from there before. One that never moved
    tells nothing. Without a logged rate, a schedule in the config is open until the planned end.
    """
    part = axis.newest / planned_end if planned_end else None
    rates = [curve.values for name, curve in axis.curves.items() if is_rate(name)]
    moving = [rate for values in rates if _moves(rate := values[np.isfinite(values)])]
    if moving:
        return any(_is_open(rate, part) for rate in moving)
    scheduled = any(not SCHEDULE_WORDS.isdisjoint(naming.words(key)) for key in flat(run.config))
    return part < DONE if scheduled and part is not None else None


def is_rate(name: str) -> bool:
    """Return whether a metric is a learning rate by its name: `lr-Adam/pg1`, not `lr_loss`."""
    told = not RATE_WORDS.isdisjoint(naming.words(name))
    return told and naming.direction_by_name(name) is None


def _moves(rate: "Floats") -> bool:
    highest = float(np.max(rate, initial=0.0))
    return highest > 0.0 and float(np.ptp(rate)) > STEADY * highest


def _is_open(rate: "Floats", part: float | None) -> bool:
    """Return whether a rate that moves will go on; `part` is how much of the plan is done."""
    highest = float(np.max(rate))
    near_zero = float(rate[-1]) <= AT_ITS_END * highest
    if part is not None:
        return part < (NEARLY_DONE if near_zero else DONE)
    since = rate[int(np.argmax(rate >= (1.0 - AT_ITS_END) * highest)) :]
    rose = float(np.max(since - np.minimum.accumulate(since)))
    return not near_zero or rose > CAME_BACK * highest
