"""Whether a run's learning rate is still to change."""

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import RunAxis
from samestep.analysis.comparable import SCHEDULE_WORDS
from samestep.analysis.configs import flat
from samestep.model import Run

RATE_NAMES = frozenset(["lr", "learning_rate"])
STEADY = 0.01  # relative; a learning rate that moves less is constant
AT_ITS_END = 0.05  # of its highest value: decay schedules end at or near zero


def schedule_open(run: Run, axis: RunAxis, planned_end: float | None) -> bool | None:
    """Return whether the learning rate is known to change still; None where nothing tells.

    A logged rate that moves and stands well above zero has not ended; one that never moved tells
    nothing. Without a logged rate, a schedule in the config is open until the planned end.
    """
    rates = next((c.values for name, c in axis.curves.items() if _is_rate(name)), None)
    if rates is not None and np.isfinite(rates).all() and len(rates) > 1:
        highest, newest = float(np.max(rates)), float(rates[-1])
        if highest > 0 and float(np.ptp(rates)) > STEADY * highest:
            return newest > AT_ITS_END * highest
    scheduled = any(not SCHEDULE_WORDS.isdisjoint(naming.words(key)) for key in flat(run.config))
    if scheduled and planned_end is not None:
        return axis.newest < planned_end
    return None


def _is_rate(name: str) -> bool:
    return "_".join(naming.words(name.rsplit("/", 1)[-1])) in RATE_NAMES
