"""One quantity reduced in two ways: the last batch's value, the mean of an epoch or of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from samestep.analysis import naming
from samestep.analysis.align import spacing
from samestep.analysis.axis import Curve
from samestep.analysis.comparable.finding import Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics
from samestep.analysis.key_words import words_of
from samestep.analysis.noise import point_noise

REDUCTIONS = frozenset(
    "step epoch batch iter iteration mean avg average median last min max best ema smooth smoothed"
    " sum running moving".split()
)
EXTREMES = frozenset("max min best median sum".split())
"""Reductions that nobody takes for the plain value: `reward_max` beside `reward`."""
TRAINING = frozenset(["train", "training", "trainer"])
SAME_VALUE = 1e-6  # relative
NEXT_TO = 1.5  # usual spacings: values closer than this were logged one after the other
BEYOND_NOISE = 4.0  # deviations from point to point


def reductions(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find settings by which a metric or a loss is averaged or summed in different ways."""
    apart = [one for one in of_topics(differences, "reduction") if one.named_by_all]
    return found("metric reduction", [one.fact(parties) for one in apart])


def reduction_of(metric: str) -> str:
    """Return the words of a name that say how it is reduced: `loss_epoch` is by epoch."""
    return " ".join(word for word in words_of(metric) if word in REDUCTIONS)


def quantity_of(metric: str) -> frozenset[str]:
    """Return what a metric measures, without how it is reduced and that it is of training."""
    return frozenset(words_of(metric)) - REDUCTIONS - TRAINING


@dataclass(frozen=True, slots=True)
class Beside:
    """Another reduction of a metric's quantity, where the two were last logged together."""

    metric: str
    x: float
    value: float
    """The metric's own value there."""
    other: float
    """The value of the other reduction there."""


def beside(metric: str, curves: Mapping[str, Curve]) -> Beside | None:
    """Return a metric of the same run that measures the same under another name, and differs.

    `loss` of the last batch beside `train/loss` of the whole run: where the two were last logged
    together, or one right after the other, they are further apart than noise. A name that says
    how it is reduced needs no such word.
    """
    if metric not in curves or naming.is_evaluation(metric) or not quantity_of(metric):
        return None
    if reduction_of(metric):
        return None
    alike = (
        _met(curves[metric], other)
        for name, other in curves.items()
        if name != metric and _same_quantity(metric, name)
    )
    return next((met for met in alike if met is not None), None)


def _same_quantity(metric: str, other: str) -> bool:
    plain = EXTREMES.isdisjoint(words_of(other))
    return plain and quantity_of(other) == quantity_of(metric)


def _met(curve: Curve, other: Curve) -> Beside | None:
    """Return both values at the other's last point that has one of the curve right before it."""
    reach = NEXT_TO * (spacing(curve) or 0.0)
    at = np.searchsorted(curve.x, other.x, side="right") - 1
    near = np.flatnonzero((at >= 0) & (other.x - curve.x[np.maximum(at, 0)] <= reach))
    if not len(near):
        return None
    place = int(near[-1])
    value, another = float(curve.values[at[place]]), float(other.values[place])
    x = float(other.x[place])
    noise = 0.0 if curve.x[at[place]] == x else BEYOND_NOISE * (point_noise(curve, x) or 0.0)
    apart = abs(value - another) > max(noise, SAME_VALUE * max(abs(value), abs(another)))
    return Beside(other.metric, x, value, another) if apart else None
