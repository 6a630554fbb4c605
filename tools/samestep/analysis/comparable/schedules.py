"""Learning-rate schedules that are not the same, by the config and by the rate that was logged."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.align import Point, value_at
from samestep.analysis.axis import Curve
from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics
from samestep.analysis.comparable.stand import Stand
from samestep.analysis.key_words import words_of

if TYPE_CHECKING:
    from samestep.model import Floats

RATE = re.compile(
    r"(.*[/.])?(?i:lr|learning_?rate)([-_/](pg|group|param_group)?_?\d+|-[A-Z]\w*(-\d+)?(/pg\d+)?)?"
)
"""A logged rate: `train/learning_rate`, Ultralytics' `lr/pg0`, Lightning's `lr-AdamW`."""
RATE_SETTING = re.compile(r"(.*_)?(lr|learning_?rate)(_.*)?|lr\d")
"""The last name of a setting of the rate: `lr0`, `base_lr`, `learning_rate`."""
SAME_PHASE = 0.05  # of the highest rate so far: schedules closer than this are taken for one
SAME_RATE = 0.01  # relative


def schedules(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find settings of the schedule that differ."""
    apart = of_topics(differences, "schedule")
    return found("schedule", [one.fact(parties) for one in apart])


def logged_rates(
    parties: Sequence[Party], stand: Stand, differences: Sequence[Difference]
) -> list[Finding]:
    """Find logged learning rates that differ at x, or on the way there, unless a setting says why.

    A rate that is a constant multiple of the other's all the way follows the same schedule from
    another start; where a config names the rate, that setting is the difference.
    """
    known = _rates(parties, stand)
    x = _apart_at(list(known.values()), stand.x) if len(known) > 1 else None
    if x is None:
        return []
    if any(_sets_rate(one.key) for one in differences) and _same_shape(list(known.values()), x):
        return []
    points = {name: value_at(curve, x) for name, curve in known.items()}
    told = {name: f"{p.value:.6g}" for name, p in points.items() if isinstance(p, Point)}
    metric = next(iter(known.values())).metric
    return found("learning rate", [Fact(metric, f"logged at {stand.axis} {x:.6g}", told)])


def _sets_rate(key: str) -> bool:
    last = "_".join(words_of(re.split(r"[./]", key)[-1]))
    return RATE_SETTING.fullmatch(last) is not None


def _rates(parties: Sequence[Party], stand: Stand) -> dict[str, Curve]:
    """Return the logged rate of each side that has one, by one name where all log it by that."""
    logged = {party.name: _logged_rates(party, stand) for party in parties}
    known = {name: curves for name, curves in logged.items() if curves}
    metrics = dict.fromkeys(metric for curves in known.values() for metric in curves)
    shared = [one for one in metrics if all(one in curves for curves in known.values())]
    return {name: curves[(shared or list(curves))[0]] for name, curves in known.items()}


def _logged_rates(party: Party, stand: Stand) -> Mapping[str, Curve]:
    """Return the rates that a side's first run logged; the runs of a side share their settings."""
    curves = stand.axes[str(party.runs[0].ref)].curves
    return {
        name: curve
        for name, curve in curves.items()
        if len(curve) > 1 and RATE.fullmatch(name) and np.isfinite(curve.values).all()
    }


def _apart_at(curves: Sequence[Curve], limit: float) -> float | None:
    """Return the newest x at which all have a rate, if it differs there; else one before."""
    newest = min(limit, *(float(curve.x[-1]) for curve in curves))
    there = [value_at(curve, newest) for curve in curves]
    values = [point.value for point in there if isinstance(point, Point)]
    if len(values) == len(curves) and max(values) - min(values) > SAME_RATE * max(map(abs, values)):
        return newest
    x, rates = _shared(curves, newest)
    apart = np.flatnonzero(np.ptp(rates, axis=0) > SAME_RATE * np.max(np.abs(rates), axis=0))
    return float(x[apart[-1]]) if len(apart) else None


def _shared(curves: Sequence[Curve], until: float) -> tuple["Floats", "Floats"]:
    """Return the x at which all logged a rate, and their rates there: (points,), (curves, points)."""
    x = reduce(np.intersect1d, [curve.x[curve.x <= until] for curve in curves])
    return x, np.array([curve.values[np.searchsorted(curve.x, x)] for curve in curves])


def _same_shape(curves: Sequence[Curve], until: float) -> bool:
    """Return whether rates are constant multiples of each other wherever all were logged."""
    _, rates = _shared(curves, until)
    if not rates.size:
        return False
    highest = np.max(np.abs(rates), axis=1, keepdims=True)
    phases = rates / np.where(highest > 0.0, highest, 1.0)
    return bool(np.all(np.ptp(phases, axis=0) <= SAME_PHASE))
