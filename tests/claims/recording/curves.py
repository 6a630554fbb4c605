"""Curves that approach their ends."""

import math
from collections.abc import Callable, Mapping
from random import Random

End = tuple[float, float, float] | tuple[float, float, float, int]
"""The value before training, the one it tends to, the points that takes, its digits else 5."""
Ends = Mapping[str, End]
Noise = Callable[[int, int, float], float]
"""What is added at a point, counted from 1, to a metric, counted from 0, that tends to a value."""
Rows = list[dict[str, float]]


def ends(metrics: str, *each: End) -> Ends:
    """Return the ends of metrics that are named in one string."""
    return dict(zip(metrics.split(), each, strict=True))


def steady(share: float) -> Noise:
    """Return what moves every curve by a share of the value it tends to."""
    return lambda _point, _metric, last: share * last


def offset(*sizes: float) -> Noise:
    """Return what moves each metric's curve by its own size."""
    return lambda _point, metric, _last: sizes[metric]


def gauss(dice: Random, *sizes: float) -> Noise:
    """Return normal noise of each metric's own size."""
    return lambda _point, metric, _last: dice.gauss(0, sizes[metric])


STILL = steady(0.0)


def total(*noises: Noise) -> Noise:
    """Return noises together."""
    return lambda point, metric, last: sum(each(point, metric, last) for each in noises)


def ripple(share: float, angle: Callable[[int, int], float]) -> Noise:
    """Return a wave of a share of the end, by the angle of a point and metric."""
    return lambda point, metric, last: share * last * math.sin(angle(point, metric))


def dice(seed: int) -> Random:
    """Return what noise is drawn from."""
    return Random(seed)  # noqa: S311 # the noise of a curve is no secret


def curve(points: int, ends: Ends, noise: Noise = STILL, **every: int) -> Rows:
    """Return one row per point, its place told on each axis named with the length of a point."""
    return [
        {axis: point * length for axis, length in every.items()}
        | {
            metric: round(
                last + (first - last) * math.exp(-point / pace) + noise(point, number, last),
                own[0] if own else 5,
            )
            for number, (metric, (first, last, pace, *own)) in enumerate(ends.items())
        }
        for point in range(1, points + 1)
    ]
