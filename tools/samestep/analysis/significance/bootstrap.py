"""Intervals by resampling: of a difference of means, and of how often one side lies above."""

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from samestep.analysis.significance.tested import LEVEL, Interval

if TYPE_CHECKING:
    from samestep.model import Floats

RESAMPLES = 9_999
BATCH = 1_000  # resamples held at a time

Values = Sequence[float]


def mean_difference(one: "Floats", other: "Floats", axis: int = -1) -> "Floats":
    """Return the mean of the first minus that of the second, along an axis."""
    return np.mean(one, axis=axis) - np.mean(other, axis=axis)


def bca_difference(one: Values, other: Values, seed: int = 0) -> Interval | None:
    """Return the 95 % BCa interval of the difference of means; None where there is none."""
    return _interval((np.array(one), np.array(other)), mean_difference, "BCa", seed)


def mean_interval_of(values: "Floats", seed: int = 0) -> Interval | None:
    """Return the 95 % percentile interval of a mean; None where there is none."""
    return _interval((values,), np.mean, "percentile", seed)


def superiority(one: Values, other: Values) -> float:
    """Return how likely a value of the first lies above one of the second, ties half.

    This is the Mann-Whitney U divided by the number of pairs (Vargha and Delaney's A).
    """
    return float(_above(np.array(one), np.array(other)))


def superiority_interval(one: Values, other: Values, seed: int = 0) -> Interval | None:
    """Return its 95 % percentile interval; None where all values of one side lie above.

    There every resample says the same, and an interval without a width would be a lie.
    """
    if superiority(one, other) in {0.0, 1.0}:
        return None
    return _interval((np.array(one), np.array(other)), _above, "percentile", seed)


def _above(one: "Floats", other: "Floats", axis: int = -1) -> "Floats":
    ours, theirs = (np.moveaxis(values, axis, -1) for values in (one, other))
    apart = np.sign(ours[..., :, None] - theirs[..., None, :])
    return np.mean((apart + 1.0) / 2.0, axis=(-2, -1))


def _interval(
    samples: "tuple[Floats, ...]",
    statistic: Callable[..., "Floats"],
    method: Literal["BCa", "percentile"],
    seed: int,
) -> Interval | None:
    """Return the interval of a statistic, every sample resampled by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # equal values: the interval is NaN then
        found = stats.bootstrap(
            samples,
            statistic,
            n_resamples=RESAMPLES,
            batch=BATCH,
            vectorized=True,
            axis=-1,
            confidence_level=LEVEL,
            method=method,
            rng=np.random.default_rng(seed),
        ).confidence_interval
    low, high = float(found.low), float(found.high)
    return (low, high) if np.isfinite([low, high]).all() else None
