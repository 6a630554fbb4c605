"""What "same step" means for one run: each point's place on an x-axis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import epochs
from samestep.analysis.settle import Settled, settle
from samestep.model import EpochCounter, History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats

TOKENS = ("tokens", "tokens_seen", "num_tokens", "total_tokens", "num_input_tokens_seen")
SAMPLES = ("samples", "samples_seen", "num_samples", "examples_seen", "consumed_samples")
COUNTER_WORDS = frozenset((*epochs.COUNTER_NAMES, "step", "global_step", *TOKENS, *SAMPLES))
"""Metrics that say where a point stands and are not compared themselves."""
UNITS = {
    "epoch": "epochs completed",
    "step": "steps",
    "seconds": "seconds since the first record",
    "order": "points in the order logged",
}


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One metric along one axis: arrays of shape (points,), ascending in x."""

    metric: str
    x: "Floats"
    values: "Floats"
    steps: "Floats"
    restarts: int
    voided: int
    duplicates: int
    unplaced: int
    """Points that have no place on this axis."""

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a metric has no place on an axis."""

    why: str


@dataclass(frozen=True, slots=True)
class RunAxis:
    """One axis as one run has it."""

    name: str
    rule: str
    """How this run's points got their x, as a clause."""
    curves: Mapping[str, Curve]
    unplaced: Mapping[str, str]
    """Metrics without a place on this axis, each with its reason."""

    @property
    def newest(self) -> float:
        """The newest x the run has reached."""
        return max(float(curve.x[-1]) for curve in self.curves.values())

    @property
    def oldest(self) -> float:
        """The first x the run has logged anything at."""
        return min(float(curve.x[0]) for curve in self.curves.values())


Placed = tuple[Settled, "Floats"]


def run_axis(history: History, name: str) -> RunAxis | Unplaced:
    """Place every metric of a run on the axis of that name, or say why there is none."""
    place = _placement(history, name)
    if isinstance(place, Unplaced):
        return place
    rule, place_metric = place
    curves: dict[str, Curve] = {}
    unplaced: dict[str, str] = {}
    for metric in history.metrics.values():
        placed = place_metric(metric)
        if isinstance(placed, Unplaced):
            unplaced[metric.name] = placed.why
            continue
        curve = _curve(*placed)
        if len(curve):
            curves[metric.name] = curve
        else:
            unplaced[metric.name] = f"none of its points has a place on the axis {name!r}"
    if not curves:
        why = next(iter(unplaced.values()), "the run logged no metric")
        return Unplaced(why)
    return RunAxis(name, rule, curves, unplaced)


def axis_names(history: History) -> list[str]:
    """Return the axes this run may have, the usual ones first; `run_axis` decides."""
    counters = [name for name, metric in history.metrics.items() if _counts_up(metric)]
    usual = ["epoch", *(name for name in counters if is_seen_counter(name)), "step", "seconds"]
    return list(dict.fromkeys([*usual, *counters]))


def is_seen_counter(name: str) -> bool:
    """Return whether a metric's name says that it counts tokens or samples seen."""
    return name.rsplit("/", 1)[-1].lower() in TOKENS + SAMPLES


def unit_of(axis: str) -> str:
    """Return the unit of an axis in words."""
    return UNITS.get(axis, axis)


Placement = tuple[str, Callable[[Metric], "Placed | Unplaced"]]


def _placement(history: History, name: str) -> Placement | Unplaced:
    if not history.metrics:
        return Unplaced("the run logged no metric")
    match name:
        case "epoch":
            return _by_epoch(history)
        case "step":
            return _by_step(history)
        case "seconds":
            return _by_seconds(history)
        case "order":
            return "points counted in the order they were logged", lambda m: _in_order(m, history)
        case _:
            return _by_counter(history, name)


def _by_step(history: History) -> Placement | Unplaced:
    steps = np.concatenate([metric.steps for metric in history.metrics.values()])
    logged = steps[~np.isnan(steps)]
    if not len(logged):
        return Unplaced("no step is logged")
    if len(logged) > len(history.metrics) and not logged.any():
        return Unplaced('every point is logged at step 0; x="order" counts points instead')

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        return settled, settled.steps

    return "the step as logged", place


def _by_seconds(history: History) -> Placement | Unplaced:
    times = [metric.times for metric in history.metrics.values() if metric.times is not None]
    if not times:
        return Unplaced("the records carry no time")
    start = min(float(np.nanmin(time)) for time in times if len(time))

    def place(metric: Metric) -> Placed | Unplaced:
        settled = settle(metric, history)
        if settled.times is None:
            return Unplaced("its records carry no time")
        return settled, settled.times - start

    return "time of the record since the run's first record", place


def _in_order(metric: Metric, history: History) -> Placed:
    settled = settle(metric, history, counter=np.arange(len(metric.steps), dtype=np.float64))
    return settled, np.arange(1.0, len(settled.values) + 1.0)


def _by_counter(history: History, name: str) -> Placement | Unplaced:
    if name not in history.metrics:
        return Unplaced(f"it logs no metric {name!r}")
    counter = history.metrics[name]
    counted = settle(counter, history)

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        return settled, _joined(settled, counter, counted)

    return f"{name} in the same row, else at the newest step at or before", place


def _joined(points: Settled, counter: Metric, counted: Settled) -> "Floats":
    """Return the counter at each point: from its own row, else from the newest step before it."""
    by_row = epochs.raw_epochs(points.rows, counter)
    at = np.searchsorted(counted.steps, points.steps, side="right") - 1
    known = (at >= 0) & ~np.isnan(points.steps) & ~np.isnan(counted.steps[np.maximum(at, 0)])
    by_step = np.where(known, counted.values[np.maximum(at, 0)], np.nan)
    return np.where(np.isnan(by_row), by_step, by_row)


def _by_epoch(history: History) -> Placement | Unplaced:
    found = epochs.counter_of(history)
    if found is None:
        return _by_known_length(history)
    raw = history.metrics[found.metric].values
    counter = epochs.based(found, raw)
    if counter.base == "epochs completed":
        return _by_fraction(history, counter)
    return _by_whole_epochs(history, counter)


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


def _by_fraction(history: History, counter: EpochCounter) -> Placement:
    """Place points by a counter that holds epochs completed already."""
    per_epoch = history.steps_per_epoch
    counted = settle(history.metrics[counter.metric], history)

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        x = _joined(settled, history.metrics[counter.metric], counted)
        # The rows' own epochs are rounded in many files; steps over steps per epoch are not.
        exact = settled.steps / per_epoch if per_epoch else np.full(len(x), np.nan)
        return settled, np.where(np.isnan(exact), x, exact)

    return f"{counter.metric}, epochs completed ({counter.why})", place


def _by_whole_epochs(history: History, counter: EpochCounter) -> Placement | Unplaced:
    counted = history.metrics[counter.metric]
    rule = f"{counter.metric}, {counter.base} ({counter.why}), as epochs completed"
    if np.isnan(counted.steps).all():

        def place_row(metric: Metric) -> Placed:
            raw = epochs.raw_epochs(metric.rows, counted)
            settled = settle(metric, history, counter=raw)
            return settled, epochs.completed(epochs.raw_epochs(settled.rows, counted), counter)

        return rule, place_row
    ends = epochs.epoch_ends(history, counter)
    if isinstance(ends, epochs.NoEpochs):
        return Unplaced(ends.why)

    def place(metric: Metric) -> Placed:
        settled = settle(metric, history)
        if metric.counts != "steps":
            return settled, _step_as_epoch(metric, settled)
        by_row = epochs.completed(epochs.raw_epochs(settled.rows, counted), counter)
        return settled, np.where(np.isnan(settled.steps), by_row, ends.at(settled.steps))

    return rule, place


def _step_as_epoch(metric: Metric, settled: Settled) -> "Floats":
    """Return epochs completed where the writer counts its steps in epochs."""
    return settled.steps + 1.0 if metric.counts == "epochs, first is 0" else settled.steps


def _curve(settled: Settled, x: "Floats") -> Curve:
    """Return the points that have a place, the last of each x."""
    placed = np.flatnonzero(np.isfinite(x))
    placed = placed[np.argsort(x[placed], kind="stable")]
    last = np.append(np.diff(x[placed]) > 0, True) if len(placed) else np.zeros(0, dtype=bool)
    chosen = placed[last]
    return Curve(
        metric=settled.name,
        x=x[chosen],
        values=settled.values[chosen],
        steps=settled.steps[chosen],
        restarts=settled.restarts,
        voided=settled.voided,
        duplicates=settled.duplicates,
        unplaced=int(np.count_nonzero(~np.isfinite(x))),
    )


def _counts_up(metric: Metric) -> bool:
    """Return whether a metric only ever grows, so that it can serve as an axis."""
    known = metric.values[np.isfinite(metric.values)]
    return len(known) > 1 and bool(np.all(np.diff(known) >= 0)) and bool(known[-1] > known[0])
