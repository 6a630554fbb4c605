"""What samestep.toml says of a metric's numbers: its noise, and the smallest difference that matters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.align import Absent
from samestep.analysis.compare import Pair, SideValue
from samestep.analysis.roles import SETTINGS, Wanted
from samestep.answers.record import derived

DECLARED = f"declared in {SETTINGS}"


@dataclass(frozen=True, slots=True)
class Noise:
    """The standard deviation of a difference for no reason, and who gives it."""

    value: float | None
    source: str | None = None
    """Who declares it; None where it was taken from the curves or over seeds."""


def number_for(
    metric: str, numbers: Mapping[str, float], names: Sequence[str] = ()
) -> float | None:
    """Return the number declared for a metric: under its own name, else by the first pattern.

    Args:
        metric: The metric.
        numbers: Pattern to number.
        names: Every metric there is: a pattern that is one of them stands for no other.
    """
    if metric in numbers:
        return numbers[metric]
    entries = ((Wanted(pattern, None, SETTINGS), number) for pattern, number in numbers.items())
    return next((number for entry, number in entries if entry.stands_for(metric, names)), None)


def noise_of(pair: Pair, deviation: float | None) -> Noise:
    """Return a row's noise: what was measured, or what a single seed is declared to vary by.

    The larger of the two counts: a curve shows what it moves by from point to point, and not how
    far another seed lies away. Two groups have their own spreads.

    Args:
        pair: Both sides.
        deviation: The standard deviation from seed to seed that is declared.
    """
    measured, ours, theirs = pair.noise, pair.student, pair.baseline
    if deviation is None or isinstance(ours, Absent) or isinstance(theirs, Absent):
        return Noise(measured)
    if min(len(ours.points), len(theirs.points)) > 1:
        return Noise(measured)
    declared = math.hypot(_side_noise(ours, deviation), _side_noise(theirs, deviation))
    if measured is not None and measured >= declared:
        return Noise(measured)
    return Noise(declared, DECLARED)


def _side_noise(side: SideValue, deviation: float) -> float:
    """Return the noise of a side's value: of a mean over its own seeds where it has several."""
    n = len(side.points)
    if n > 1 and side.noise is not None:
        return side.noise
    return deviation / n**0.5


def told(noise: Noise, minimum_effect: float | None, delta: float | None) -> dict[str, object]:
    """Return the fields of a row with a difference that say what is declared about it."""
    if delta is None:
        return {}
    found: dict[str, object] = {}
    if noise.source is not None:
        found["noise_from"] = noise.source
    if minimum_effect:
        found["minimum_effect"] = derived(minimum_effect)
    return found
