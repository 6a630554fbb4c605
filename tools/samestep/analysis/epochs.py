"""Which logged counter says the epoch, and what its numbers mean."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.model import EpochCounter, History

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats

    Mask = NDArray[np.bool_]

COUNTER_NAMES = ("epoch", "train/epoch", "trainer/epoch", "epochs")
"""Names under which writers nobody knows log the epoch, in order of preference."""


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
    known = raw[np.isfinite(raw)]
    if counter.base != "unknown" or not len(known):
        return counter
    if np.any(known != np.round(known)):
        return replace(
            counter, base="epochs completed", why=f"{counter.why}, which holds fractions"
        )
    first = int(known.min())
    base = "first is 0" if first <= 0 else "first is 1"
    return replace(counter, base=base, why=f"{counter.why}, which starts at {first}")


def completed(raw: "Floats", counter: EpochCounter) -> "Floats":
    """Return epochs completed at the end of the epoch with each raw number."""
    return raw + 1.0 if counter.base == "first is 0" else raw


def under_way(raw: "Floats") -> "Mask":
    """Return which points of a metric without steps belong to an epoch that may not be over.

    That is the newest epoch, where it has fewer points than the epochs before it usually have; an
    only epoch is over where it has a single point, as writers log one when the epoch is over.
    """
    known = raw[np.isfinite(raw)]
    if not len(known):
        return np.zeros(len(raw), dtype=bool)
    numbers, points = np.unique(known, return_counts=True)
    usual = float(np.median(points[:-1])) if len(points) > 1 else 1.0
    is_over = points[-1] == 1 if len(points) == 1 else points[-1] >= usual
    return np.zeros(len(raw), dtype=bool) if is_over else raw == numbers[-1]
