"""Steps for rows that name none, where the writer logs the step like any other value."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import naming
from samestep.model import History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers


def with_carried_steps(history: History) -> History:
    """Return the history with rows without a step at the newest step logged before them.

    What is measured of the machine keeps its own clock.
    """
    if not history.steps_carry:
        return history
    rows, steps = _logged(history)
    if not len(rows):
        return history
    metrics = {
        name: metric
        if name.startswith(naming.SYSTEM)
        else replace(metric, steps=_carried(metric, rows, steps))
        for name, metric in history.metrics.items()
    }
    return replace(history, metrics=metrics)


def _logged(history: History) -> "tuple[Integers, Floats]":
    """Return the rows that name a step, ascending, and the step of each."""
    named = [(metric, np.isfinite(metric.steps)) for metric in history.metrics.values()]
    rows = np.concatenate([np.zeros(0, np.int64), *(m.rows[known] for m, known in named)])
    steps = np.concatenate([np.zeros(0), *(m.steps[known] for m, known in named)])
    rows, first = np.unique(rows, return_index=True)
    return rows, steps[first]


def _carried(metric: Metric, rows: "Integers", steps: "Floats") -> "Floats":
    newest = np.searchsorted(rows, metric.rows, side="right") - 1
    before = np.where(newest >= 0, steps[np.maximum(newest, 0)], np.nan)
    return np.where(np.isfinite(metric.steps), metric.steps, before)
