"""The forms a learning curve is carried on with from its smoothed present.

A curve's change from now on is predicted better than its value: every form is anchored, so only
its change counts, starting at the present level.
"""

from collections.abc import Callable, Mapping
from statistics import fmean
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.noise import MAD_TO_SD
from samestep.analysis.unitless import Prefix

if TYPE_CHECKING:
    from samestep.model import Floats

EARLIEST = 1e-4  # part of the run below which x counts as this: power laws have a pole at 0
SAME_U = 1e-9  # points closer than this part of the run have no slope between them
HUBER = 2.5  # residuals beyond this many deviations weigh less
TRIM = 4.0  # residuals beyond this many deviations all count the same when forms are ranked
TINY = 1e-12


Form = Callable[[Prefix, float], float]
"""Predicts z at u = h; h is above 1."""
Basis = Callable[["Floats"], "Floats"]
"""Functions that fall with u, one row for each shape: (points,) to (shapes, points)."""


def _grid(*shapes: float) -> "Floats":
    return np.array(shapes, dtype=np.float64)[:, np.newaxis]


POWERS = _grid(0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5)
RATES = _grid(0.5, 1, 2, 3, 5, 8, 14)
MMF_POWERS = _grid(1, 1, 1, 2, 2, 2, 3, 3, 3)
MMF_SCALES = _grid(0.15, 0.4, 0.8, 0.15, 0.4, 0.8, 0.15, 0.4, 0.8)
WEIBULL_POWERS = _grid(0.5, 0.5, 0.5, 1.5, 1.5, 1.5, 2.5, 2.5, 2.5)
WEIBULL_SCALES = _grid(0.2, 0.5, 1, 0.2, 0.5, 1, 0.2, 0.5, 1)


def _power(u: "Floats") -> "Floats":
    return np.maximum(u, EARLIEST) ** -POWERS


def _exponential(u: "Floats") -> "Floats":
    return np.exp(-RATES * u)


def _logarithm(u: "Floats") -> "Floats":
    return -np.log(np.maximum(u, EARLIEST))[np.newaxis]


def _mmf(u: "Floats") -> "Floats":
    """Morgan-Mercer-Flodin."""
    return 1.0 / (1.0 + (u / MMF_SCALES) ** MMF_POWERS)


def _weibull(u: "Floats") -> "Floats":
    return np.exp(-((u / WEIBULL_SCALES) ** WEIBULL_POWERS))


def _anchored(basis: Basis, since: float = 0.0) -> Form:
    """Return the form z = c + a g(u), a >= 0, fitted from `since` on and started at the present."""

    def carried_on(prefix: Prefix, h: float) -> float:
        scale, shape = _fitted(basis, prefix.since(since))
        falling = basis(np.append(prefix.u[-prefix.newest :], h))[shape].tolist()
        return prefix.level + scale * (falling[-1] - fmean(falling[:-1]))

    return carried_on


def _fitted(basis: Basis, prefix: Prefix) -> tuple[float, int]:
    """Return the scale a and the row of the shape that fits best, outliers weighing less."""
    shapes = basis(prefix.u)
    offset, scale = _least_squares(shapes, prefix.z, np.ones_like(shapes))
    residuals = np.abs(prefix.z - offset - scale * shapes)
    deviation = MAD_TO_SD * np.median(residuals, axis=1, keepdims=True) + TINY
    weights = np.minimum(1.0, HUBER * deviation / np.maximum(residuals, TINY**2))
    offset, scale = _least_squares(shapes, prefix.z, weights)
    residuals = np.abs(prefix.z - offset - scale * shapes)
    trimmed = np.minimum(residuals, TRIM * np.min(deviation))
    best = int(np.argmin(np.sum(trimmed**2, axis=1)))
    return float(scale[best, 0]), best


def _least_squares(shapes: "Floats", z: "Floats", weights: "Floats") -> tuple["Floats", "Floats"]:
    """Return offset and scale of z = offset + scale * shape for each row, no scale below 0."""
    total = np.sum(weights, axis=1, keepdims=True)
    centre = np.sum(weights * shapes, axis=1, keepdims=True) / total
    mean = np.sum(weights * z, axis=1, keepdims=True) / total
    around = shapes - centre
    variance = np.sum(weights * around**2, axis=1, keepdims=True)
    covariance = np.sum(weights * around * (z - mean), axis=1, keepdims=True)
    scale = np.where(variance > TINY, covariance / np.maximum(variance, TINY), 0.0)
    scale = np.maximum(scale, 0.0)
    return mean - scale * centre, scale


def _damped(reach: float) -> Form:
    """Return Holt's damped trend: the recent slope, fading over `reach` times the run so far."""

    def carried_on(prefix: Prefix, h: float) -> float:
        return prefix.level + _slope(prefix.recent()) * reach * -float(np.expm1((1.0 - h) / reach))

    return carried_on


def _slope(recent: Prefix) -> float:
    around = recent.u - np.mean(recent.u)
    variance = float(np.sum(around**2))
    return float(np.sum(around * recent.z)) / variance if variance > SAME_U**2 else 0.0


def _theil_sen(prefix: Prefix, h: float) -> float:
    """Continue the recent straight trend: the median slope through the median point."""
    recent = prefix.recent()
    one, other = np.triu_indices(len(recent), 1)
    run, rise = recent.u[other] - recent.u[one], recent.z[other] - recent.z[one]
    apart = run > SAME_U
    slope = float(np.median(rise[apart] / run[apart])) if apart.any() else 0.0
    return float(np.median(recent.z - slope * recent.u)) + slope * h


def _unchanged(prefix: Prefix, h: float) -> float:  # noqa: ARG001 # it is the same at every h
    return prefix.level


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "unchanged": _unchanged,
        "straight": _theil_sen,
        "damped": _damped(0.3),
        "damped slowly": _damped(1.0),
        "power law": _anchored(_power),
        "late power law": _anchored(_power, since=0.25),
        "exponential": _anchored(_exponential),
        "late exponential": _anchored(_exponential, since=0.25),
        "logarithm": _anchored(_logarithm, since=0.2),
        "MMF": _anchored(_mmf),
        "Weibull": _anchored(_weibull),
    }
)
MOST_GAIN, MOST_LOSS = 2.0, 0.25  # how far a prediction may leave the present, in ranges seen


def predictions(prefix: Prefix, h: float) -> "Floats":
    """Return what each form says for u = h, held within reach of what was seen: (forms,)."""
    said = np.array([form(prefix, h) for form in FORMS.values()], dtype=np.float64)
    gain = MOST_GAIN * min(1.0, float(np.log2(h)) + 0.25)
    return np.clip(
        said, prefix.level - gain * prefix.range, prefix.level + MOST_LOSS * prefix.range
    )
