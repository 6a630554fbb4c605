"""What "same step" means for one run: each point's place on an x-axis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import epochs
from samestep.analysis.carried import with_carried_steps
from samestep.analysis.epoch_placement import by_epoch
from samestep.analysis.laps import laps_of
from samestep.analysis.placement import (
    Placed,
    Placement,
    Unplaced,
    by_counter,
    by_seconds,
    by_step,
    in_order,
)
from samestep.analysis.settle import Settled, settle
from samestep.model import History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats

__all__ = [
    "COUNTER_WORDS",
    "SAMPLES",
    "TOKENS",
    "UNITS",
    "Curve",
    "RunAxis",
    "Unplaced",
    "axis_names",
    "is_seen_counter",
    "run_axis",
    "unit_of",
]

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
    """Points overwritten by a later one at the same place, without a restart."""
    unplaced: int
    """Points that have no place on this axis."""

    def __len__(self) -> int:
        return len(self.x)


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


def run_axis(history: History, name: str) -> RunAxis | Unplaced:
    """Place every metric of a run on the axis of that name, or say why there is none."""
    history = with_carried_steps(history)
    laps = laps_of(history)
    if laps is not None and name == "step":
        return Unplaced(f"the step starts again while the epoch goes on ({len(laps.laps)} times)")
    counted_on = history if laps is None else laps.counted_on(history)
    found = _placement(counted_on, name)
    if isinstance(found, Unplaced):
        return found
    rule, place = found
    curves: dict[str, Curve] = {}
    unplaced: dict[str, str] = {}
    for metric in counted_on.metrics.values():
        placed = place(metric)
        if isinstance(placed, Unplaced):
            unplaced[metric.name] = placed.why
            continue
        curve = _curve(placed, history.metrics[metric.name])
        if len(curve):
            curves[metric.name] = curve
        else:
            unplaced[metric.name] = f"none of its points has a place on the axis {name!r}"
    if not curves:
        return Unplaced(next(iter(unplaced.values()), "the run logged no metric"))
    said = "; the step starts again and is counted on" if laps is not None else ""
    return RunAxis(name, f"{rule}{said}", curves, unplaced)


def axis_names(history: History) -> list[str]:
    """Return the axes this run may have, the usual ones first; `run_axis` decides."""
    metrics = history.metrics.items()
    counters = [name for name, metric in metrics if _counts_up(metric, history)]
    usual = ["epoch", *filter(is_seen_counter, history.metrics), "step", "seconds"]
    return list(dict.fromkeys([*usual, *counters]))


def is_seen_counter(name: str) -> bool:
    """Return whether a metric's name says that it counts tokens or samples seen."""
    return name.rsplit("/", 1)[-1].lower() in TOKENS + SAMPLES


def unit_of(axis: str) -> str:
    """Return the unit of an axis in words."""
    return UNITS.get(axis, axis)


def _placement(history: History, name: str) -> Placement | Unplaced:
    if not history.metrics:
        return Unplaced("the run logged no metric")
    match name:
        case "epoch":
            return by_epoch(history)
        case "step":
            return by_step(history)
        case "seconds":
            return by_seconds(history)
        case "order":
            return in_order(history)
        case _:
            return by_counter(history, name)


def _curve(placed: Placed, logged: Metric) -> Curve:
    """Return the points that have a place, the last of each x, with their steps as logged."""
    settled, x = placed
    known = np.flatnonzero(np.isfinite(x))
    known = known[np.argsort(x[known], kind="stable")]
    last = np.append(np.diff(x[known]) > 0, np.ones(min(len(known), 1), dtype=bool))
    chosen = known[last]
    return Curve(
        metric=settled.name,
        x=x[chosen],
        values=settled.values[chosen],
        steps=_logged_steps(settled, logged)[chosen],
        restarts=settled.restarts,
        voided=settled.voided,
        duplicates=settled.duplicates + len(known) - len(chosen),
        unplaced=len(x) - len(known),
    )


def _logged_steps(settled: Settled, logged: Metric) -> "Floats":
    """Return the steps of points as their rows log them."""
    order = np.argsort(logged.rows, kind="stable")
    return logged.steps[order][np.searchsorted(logged.rows[order], settled.rows)]


def _counts_up(metric: Metric, history: History) -> bool:
    """Return whether a metric only ever grows but for restarts, so that it can serve as an axis."""
    known = metric.values[np.isfinite(metric.values)]
    if len(known) <= 1 or known[-1] <= known[0]:
        return False
    settled = settle(metric, history).values
    counted = settled[np.isfinite(settled)]
    return bool(np.all(counted[1:] >= counted[:-1]))
