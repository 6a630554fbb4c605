"""How one run's points get their place in epochs completed."""

from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import epochs
from samestep.analysis.epoch_ends import EpochEnds, NoEpochs, epoch_ends
from samestep.analysis.lookup import Counter
from samestep.analysis.placement import Placed, Placement, Unplaced
from samestep.analysis.settle import Settled, settle
from samestep.model import EpochCounter, History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats


def by_epoch(history: History) -> Placement | Unplaced:
    """Place points in epochs: by the logged epoch, else by steps that are known to be epochs."""
    found = epochs.counter_of(history)
    if found is None:
        return _by_known_length(history)
    counted = history.metrics[found.metric]
    meaning = epochs.based(found, counted.values)
    if _tells_no_step(counted):
        return _by_row(history, counted, meaning)
    counter = Counter.of(counted, history)
    if meaning.base == "epochs completed":
        placement = _by_fraction(history, counter, meaning)
    else:
        placement = _by_whole_epochs(history, counter, meaning)
    if not isinstance(placement, Unplaced):
        return placement
    known = _by_known_length(history)
    return placement if isinstance(known, Unplaced) else known


def _tells_no_step(counted: Metric) -> bool:
    """Return whether the rows of the epoch counter name no step, or all the same one."""
    logged = counted.steps[~np.isnan(counted.steps)]
    several = np.unique(counted.values[np.isfinite(counted.values)])[1:]
    return not len(logged) or (bool(np.all(logged == logged[0])) and len(several) > 0)


def _by_known_length(history: History) -> Placement | Unplaced:
    """Place points in epochs by their own step: as an epoch, or with a known epoch length."""
    per_epoch = history.steps_per_epoch
    if not per_epoch and all(metric.counts == "steps" for metric in history.metrics.values()):
        return Unplaced("no epoch is logged and the steps of an epoch are not known")

    def place(metric: Metric) -> Placed | Unplaced:
        settled = settle(metric, history)
        if metric.counts != "steps":
            return settled, _step_as_epoch(metric, settled)
        if per_epoch:
            return settled, settled.steps / per_epoch
        return Unplaced("it is logged by step, and how many steps an epoch has is not known")

    if per_epoch:
        return f"step / {per_epoch:g} steps per epoch", place
    return "the step, which its writer counts in epochs, the first ending at 1", place


def _by_row(history: History, counted: Metric, meaning: EpochCounter) -> Placement:
    """Place points by the epoch in their own row, where rows name no step."""
    counter = Counter.of(counted, history)

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history, counter=counter.in_row(metric.rows))
        x = epochs.completed(counter.in_row(settled.rows), meaning)
        if meaning.base != "epochs completed":
            newest = metric.rows[metric.rows >= (settled.resumed_row or 0)]
            unsure = epochs.under_way(epochs.completed(counter.in_row(newest), meaning))
            x[np.isin(settled.rows, newest[unsure])] = np.nan
        return settled, x

    return _rule(meaning), place


def _by_fraction(history: History, counter: Counter, meaning: EpochCounter) -> Placement | Unplaced:
    """Place points by a counter that holds epochs completed already."""
    per_epoch = history.steps_per_epoch
    if not counter.counts_up:
        return Unplaced(f"{counter.name} goes back while the step goes on")

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        if metric.counts != "steps":
            return settled, _step_as_epoch(metric, settled)
        x = counter.at(settled)
        # The rows' own epochs are rounded in many files; steps over steps per epoch are not.
        exact = settled.steps / per_epoch if per_epoch else np.full(len(x), np.nan)
        return settled, np.where(np.isnan(exact), x, exact)

    return _rule(meaning), place


def _by_whole_epochs(
    history: History, counter: Counter, meaning: EpochCounter
) -> Placement | Unplaced:
    """Place points by step between the ends of epochs, each within the epoch its row names."""
    ends = epoch_ends(counter, meaning, history.steps_per_epoch)
    if isinstance(ends, NoEpochs):
        return Unplaced(ends.why)

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        if metric.counts != "steps":
            return settled, _step_as_epoch(metric, settled)
        x = _between(settled, counter, ends)
        over = epochs.completed(counter.in_row(settled.rows), meaning)
        within = np.where(np.isnan(settled.steps), over, np.clip(x, over - 1.0, over))
        return settled, np.where(np.isnan(over), x, within)

    return _rule(meaning), place


def _between(points: Settled, counter: Counter, ends: EpochEnds) -> "Floats":
    """Return epochs completed by step; NaN for a point that names none."""
    x = ends.at(points.steps)
    after = counter.next_after(points, ends.steps_per_epoch)
    x[after] = np.where(np.isnan(x[after]), ends.ceiling, x[after])
    x[counter.left_behind(points)] = np.nan
    return x


def _rule(meaning: EpochCounter) -> str:
    if meaning.base == "epochs completed":
        return f"{meaning.metric}, epochs completed ({meaning.why})"
    return f"{meaning.metric}, {meaning.base} ({meaning.why}), as epochs completed"


def _step_as_epoch(metric: Metric, settled: Settled) -> "Floats":
    """Return epochs completed where the writer counts its steps in epochs."""
    return settled.steps + 1.0 if metric.counts == "epochs, first is 0" else settled.steps
