"""Two sides over many tasks by seeds: interquartile means, how often one is better, intervals.

The estimators are those of Agarwal et al. 2021, https://arxiv.org/abs/2108.13264.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from samestep.analysis.significance.bootstrap import superiority
from samestep.analysis.significance.tested import LEVEL, Interval

if TYPE_CHECKING:
    from samestep.model import Floats

Scores = Mapping[str, Sequence[float]]
"""The values of one side's runs, by task."""
FEWEST_RUNS = 3  # of each task and side
FEWEST_TASKS = 5
RESAMPLES = 2_000
DIVISIONS = 4_999
BATCH = 200  # resamples held at a time
OUTER_QUARTER = 0.25  # cut from either end of an interquartile mean
ROUNDED = 1e-9  # relative, by which equal differences may differ
FARTHEST_SCALES = 10.0  # times that the usual values of two tasks may lie apart


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What two sides come to over all tasks they share."""

    tasks: tuple[str, ...]
    runs: tuple[int, int]
    """The fewest runs of a task, of each side."""
    one: Estimate
    """Interquartile mean of the first side."""
    other: Estimate
    difference: Estimate
    """The first side's interquartile mean minus the second's."""
    improvement: Estimate
    """How likely a run of the first lies above one of the second on a task, all tasks alike."""
    p_value: float
    """How often dividing the runs of each task anew sets the interquartile means as far apart.

    Of three runs a task the bootstrap's interval excludes 0 for 15 % of equal sides, of five for
    8 %, as resampling so few shows too little of their spread; this p-value is right for any.
    """


def aggregate(one: Scores, other: Scores, seed: int = 0) -> Aggregate | str:
    """Return what both sides come to over the tasks they share, or why nothing can be said."""
    tasks = [task for task in one if other.get(task) and one[task]]
    runs = tuple(min((len(side[task]) for task in tasks), default=0) for side in (one, other))
    if len(tasks) < FEWEST_TASKS or min(runs) < FEWEST_RUNS:
        has = f"{len(tasks)} tasks that both sides have, {min(runs)} runs in the smallest"
        return f"{has}; {FEWEST_TASKS} tasks of {FEWEST_RUNS} runs each are needed"
    samples = [np.array(side[task], dtype=np.float64) for side in (one, other) for task in tasks]
    if not all(np.isfinite(sample).all() for sample in samples):
        return "a value is not finite"
    values = _all_of(*samples)
    intervals = _intervals(samples, seed)
    found = [
        Estimate(float(value), bounds) for value, bounds in zip(values, intervals, strict=True)
    ]
    ours, theirs, difference, above = found
    p_value = _division_p(samples, seed)
    return Aggregate(
        tuple(tasks), (runs[0], runs[1]), ours, theirs, difference, above, p_value=p_value
    )


def interquartile_mean(values: Sequence[float]) -> float:
    """Return the mean of the middle half of all values."""
    return float(stats.trim_mean(np.array(values), OUTER_QUARTER))


def improvement(one: Scores, other: Scores) -> float:
    """Return how likely a run of the first side lies above one of the second, over their tasks."""
    return float(np.mean([superiority(one[task], other[task]) for task in one if task in other]))


def scales_apart(scores: Scores) -> bool:
    """Return whether some tasks' values are so much larger that they outweigh the others."""
    usual = [abs(float(np.median(values))) for values in scores.values() if values]
    usual = [size for size in usual if size > 0.0]
    return bool(usual) and max(usual) > FARTHEST_SCALES * min(usual)


def _intervals(samples: "Sequence[Floats]", seed: int) -> list[Interval]:
    """Return the intervals, the runs of each task resampled among themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # equal values: intervals without width
        found = stats.bootstrap(
            tuple(samples),
            _all_of,
            n_resamples=RESAMPLES,
            batch=BATCH,
            vectorized=True,
            axis=-1,
            confidence_level=LEVEL,
            method="percentile",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return [
        (float(low), float(high))
        for low, high in zip(np.array(found.low), np.array(found.high), strict=True)
    ]


def _division_p(samples: "Sequence[Floats]", seed: int) -> float:
    """Return the two-sided p-value over random divisions of each task's runs among both sides."""
    generator = np.random.default_rng(seed)
    half = len(samples) // 2
    sides: tuple[list[Floats], list[Floats]] = ([], [])
    for one, other in zip(samples[:half], samples[half:], strict=True):
        runs = np.tile(np.concatenate([one, other]), (DIVISIONS, 1))
        divided = generator.permuted(runs, axis=1)
        sides[0].append(divided[:, : len(one)])
        sides[1].append(divided[:, len(one) :])
    found = _apart(samples[:half], samples[half:])
    anew = _apart(*sides)
    as_far = np.abs(anew) >= abs(float(found)) * (1.0 - ROUNDED)
    return (1.0 + float(np.count_nonzero(as_far))) / (1.0 + DIVISIONS)


def _apart(ours: "Sequence[Floats]", theirs: "Sequence[Floats]") -> "Floats":
    """Return the difference of both sides' interquartile means over the last axis."""
    one, other = (
        stats.trim_mean(np.concatenate(side, axis=-1), OUTER_QUARTER, axis=-1)
        for side in (ours, theirs)
    )
    return np.asarray(one - other)


def _all_of(*samples: "Floats", axis: int = -1) -> "Floats":
    """Return both interquartile means, their difference and the improvement: (4, ...)."""
    tasks = len(samples) // 2
    ours, theirs = (
        stats.trim_mean(np.concatenate(side, axis=axis), OUTER_QUARTER, axis=axis)
        for side in (samples[:tasks], samples[tasks:])
    )
    above = [
        np.mean((np.sign(one[..., :, None] - other[..., None, :]) + 1.0) / 2.0, axis=(-2, -1))
        for one, other in zip(samples[:tasks], samples[tasks:], strict=True)
    ]
    return np.stack([ours, theirs, ours - theirs, np.mean(above, axis=0)])
