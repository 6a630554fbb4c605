"""What was calibrated on recorded curves: how wide intervals are, how likely a student catches up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["supervised", "reward"]
Level = Literal[50, 80, 90]
Evidence = Literal["own curve", "baseline's future"]

LEVELS: tuple[Level, ...] = (50, 80, 90)
DEVIATIONS: Mapping[Level, float] = {50: 0.674, 80: 1.282, 90: 1.645}
"""Half the width, in standard deviations, of the interval that holds so much of normal noise."""
SMALLEST = 1e-3  # part of the range seen; less is no error that could be told from none
MOST_CLEARANCE = 3.0  # half-widths beyond which nothing gets any likelier


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the error of a projection depends on, in ranges of the values seen."""

    past_error: float
    """How far the same method was off on the curve's own past."""
    surprise: float
    """How far the newest points lie from the course that is carried on."""
    horizon: float
    """How far ahead, in stretches so far; above 1."""
    noise: float
    """The deviation of one logged point."""

    @property
    def features(self) -> tuple[float, ...]:
        """What the logarithm of the error is linear in."""
        return (
            1.0,
            math.log(self.past_error + SMALLEST),
            math.log(self.surprise + SMALLEST),
            math.log2(self.horizon),
        )


@dataclass(frozen=True, slots=True)
class Widths:
    """How wide the interval of a projection is: `quantile * exp(weights . features)` and noise."""

    weights: tuple[float, ...]
    quantiles: Mapping[Kind, Mapping[Level, float]]
    """Conformal: the errors, in units of the scale, below which so many percent lie."""

    def scale(self, doubt: Doubt) -> float:
        """Return the usual error of a course, in ranges of the values seen."""
        return math.exp(sum(w * f for w, f in zip(self.weights, doubt.features, strict=True)))

    def half(self, doubt: Doubt, kind: Kind, level: Level) -> float:
        """Return half the interval for a logged value: the course's doubt and the point's noise."""
        course = self.quantiles[kind][level] * self.scale(doubt)
        return math.hypot(course, DEVIATIONS[level] * doubt.noise)


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a student catches up, by how clearly it is projected to."""

    offset: float
    steepness: float

    def of(self, clearance: float) -> float:
        """Return the probability for a clearance in half-widths of the 80 % interval."""
        log_odds = self.offset + self.steepness * rooted(clearance)
        return 1.0 / (1.0 + math.exp(-log_odds))


def rooted(clearance: float) -> float:
    """Return the root of a clearance with its sign: the first bit of it tells most."""
    return math.copysign(math.sqrt(min(abs(clearance), MOST_CLEARANCE)), clearance)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that projections and outlooks were calibrated to."""

    widths: Widths
    chances: Mapping[Evidence, Chance]
