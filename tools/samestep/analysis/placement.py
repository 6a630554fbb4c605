"""How one run's points get their place on an axis."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.lookup import Counter
from samestep.analysis.settle import Settled, settle
from samestep.model import History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a metric, or a whole run, has no place on an axis."""

    why: str


LATE_FIRST = (
    "its only point is at step 0 and was logged after training had begun, and 0 is what is "
    'written where no step is given; x="seconds" places it'
)
Placed = tuple[Settled, "Floats"]
Placement = tuple[str, Callable[[Metric], "Placed | Unplaced"]]


def by_step(history: History) -> Placement | Unplaced:
    """Place points by the step as logged."""
    steps = np.concatenate([metric.steps for metric in history.metrics.values()])
    logged = steps[~np.isnan(steps)]
    if not len(logged):
        return Unplaced(history.stepless or "no step is logged")
    if len(logged) > len(history.metrics) and not logged.any():
        return Unplaced('every point is logged at step 0; x="order" counts points instead')
    begun = _begun(history)

    def place(metric: Metric) -> Placed | Unplaced:
        if metric.counts != "steps":
            return Unplaced("its writer counts epochs where others count steps")
        if len(metric.steps) > 1 and not metric.steps.any():
            return Unplaced('all its points are logged at step 0; x="order" counts them instead')
        if _is_late_first(metric, begun):
            return Unplaced(LATE_FIRST)
        settled = settle(metric, history)
        return settled, settled.steps

    carried = "the step in the same row, else the newest before it" if history.steps_carry else ""
    return history.row_counter or carried, place


def _begun(history: History) -> float:
    """Return when the first point beyond step 0 was written; infinity where nothing tells.

    In the order of writing a step of 0 is where a run starts again; elsewhere it stands for none.
    """
    if history.append_only:
        return np.inf
    times = [
        metric.times[(metric.steps > 0) & np.isfinite(metric.times)]
        for metric in history.metrics.values()
        if metric.times is not None
    ]
    return min((float(time.min()) for time in times if len(time)), default=np.inf)


def _is_late_first(metric: Metric, begun: float) -> bool:
    """Return whether a lone point at step 0 may be a score logged without a step: MLflow writes 0.

    Nothing tells it from one that was given step 0 late.
    """
    if len(metric.steps) != 1 or metric.steps[0] != 0 or metric.times is None:
        return False
    return bool(metric.times[0] > begun)


def by_seconds(history: History) -> Placement | Unplaced:
    """Place points by the time of their record."""
    times = [metric.times for metric in history.metrics.values() if metric.times is not None]
    known = np.concatenate([time[np.isfinite(time)] for time in times]) if times else np.zeros(0)
    if not len(known):
        return Unplaced("the records carry no time")
    start = float(known.min())

    def place(metric: Metric) -> Placed | Unplaced:
        settled = settle(metric, history)
        if settled.times is None:
            return Unplaced("its records carry no time")
        return settled, settled.times - start

    return "time of the record since the run's first record", place


def in_order(history: History) -> Placement:
    """Place points by counting them."""

    def place(metric: Metric) -> Placed:
        number = np.arange(len(metric.steps), dtype=np.float64)
        settled = settle(metric, history, counter=number)
        return settled, np.arange(1.0, len(settled.values) + 1.0)

    return "points counted in the order they were logged", place


def by_counter(history: History, name: str) -> Placement | Unplaced:
    """Place points by a metric that counts, such as tokens seen."""
    if name not in history.metrics:
        return Unplaced(f"it logs no metric {name!r}")
    counter = Counter.of(history.metrics[name], history)
    values = counter.values if len(counter.values) else counter.logged
    if len(values) > 1 and (not np.all(values[1:] >= values[:-1]) or values[-1] == values[0]):
        return Unplaced(f"{name!r} does not count up")

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        return settled, counter.at(settled)

    return f"{name} in the same row, else by step between the rows that log it", place
