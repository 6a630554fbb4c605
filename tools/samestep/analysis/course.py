"""A learning curve's course so far: what the rules of convergence ask of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.analysis.calibrated import Kind, Widths
from samestep.analysis.constants import CALIBRATION
from samestep.analysis.project import Prospect, TooShort, prospect
from samestep.analysis.smoothing import moving_mean
from samestep.analysis.unitless import Prefix, noise_sd

if TYPE_CHECKING:
    from samestep.model import Floats

HORIZONS = (1.25, 2.0)  # in stretches so far
FIRST_PART = 0.05  # part of the points whose median is where the curve started
SMOOTHING = 0.04  # part of the points on either side that a smoothed value averages
WORSE = 0.2  # part of the improvement so far that is lost when a curve diverges
FEW_POINTS = 10  # with so many, noise measured from them is counted twice
BEYOND_NOISE = 3.0  # deviations of one point that chance alone hardly reaches


@dataclass(frozen=True, slots=True)
class Ahead:
    """A gain projected at one horizon, in ranges of the values seen."""

    times: float
    gain: float
    cautious: float
    """The gain by the law that levels off last."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NotAhead:
    """No gain projected at one horizon, and why."""

    times: float
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """What a curve did so far, in ranges of the values seen."""

    tolerance: float
    """What counts as no gain, as a part of `improvement`."""
    improvement: float
    """From the median of the first points to the smoothed best; may be 0."""
    stalled: float
    """The part of the run since the smoothed best last improved by the tolerance."""
    worse: float
    """How far the present is from the smoothed best."""
    together: float
    """The range of the newest points."""
    noise: float
    """The deviation of one point, more where it was measured from few."""
    ahead: tuple[Ahead | NotAhead, ...]
    """The gain at each of `HORIZONS`."""

    @classmethod
    def of(
        cls,
        prefix: Prefix,
        tolerance: float,
        last: int,
        kind: Kind,
        widths: Widths = CALIBRATION.widths,
    ) -> Self:
        """Measure a curve that has been resampled."""
        smooth = moving_mean(prefix.z, round(SMOOTHING * len(prefix)))
        best = float(np.min(smooth))
        first = max(1, round(FIRST_PART * len(prefix)))
        improvement = max(0.0, float(np.median(prefix.z[:first])) - best)
        return cls(
            tolerance=tolerance,
            improvement=improvement,
            stalled=_stalled(prefix.u, smooth, tolerance * improvement),
            worse=prefix.level - best,
            together=float(np.ptp(prefix.z[-last:])),
            noise=noise_sd(prefix.z) * (1.0 + FEW_POINTS / len(prefix)),
            ahead=_ahead(prospect(prefix.u, prefix.z, "lower", kind, widths)),
        )

    @property
    def tolerated(self) -> float:
        """The tolerance in ranges of the values seen."""
        return self.tolerance * self.improvement

    @property
    def within_noise(self) -> bool:
        """Whether the improvement so far is no more than chance makes of a flat curve."""
        return self.improvement <= BEYOND_NOISE * self.noise

    @property
    def fallen_back(self) -> bool:
        """Whether a good part of the improvement is lost, more than chance makes of it."""
        return self.worse > max(WORSE * self.improvement, BEYOND_NOISE * self.noise)

    @property
    def gaining(self) -> bool:
        """Whether a gain above the tolerance is projected whose 80 % interval is above 0."""
        known = [ahead for ahead in self.ahead if isinstance(ahead, Ahead)]
        return any(ahead.gain > self.tolerated and ahead.low > 0.0 for ahead in known)

    def plateaued(self, stalled: float) -> bool:
        """Return whether less than the tolerance is to come, after such a standstill (rule A).

        The gain is halfway between what is expected and what the law that levels off last says.
        """
        farthest = self.ahead[-1]
        if isinstance(farthest, NotAhead) or self.stalled < stalled:
            return False
        return (farthest.gain + farthest.cautious) / 2 < self.tolerated

    def levelled(self, stalled: float) -> bool:
        """Return whether less than half of it is to come, by either gain, and little moves (S)."""
        farthest = self.ahead[-1]
        if isinstance(farthest, NotAhead) or self.stalled < stalled:
            return False
        gain = max(farthest.gain, farthest.cautious)
        return gain < 0.5 * self.tolerated and self.together < 2.0 * self.tolerated


def _stalled(u: "Floats", smooth: "Floats", least: float) -> float:
    """Return the part of the run since the smoothed best last improved by `least`."""
    best, at = float(smooth[0]), 0
    for point, value in enumerate(smooth.tolist()):
        if value < best - least:
            best, at = value, point
    return 1.0 - float(u[at])


def _ahead(found: Prospect | TooShort) -> tuple[Ahead | NotAhead, ...]:
    if isinstance(found, TooShort):
        return tuple(NotAhead(times, found.why) for times in HORIZONS)
    return tuple(_gain(found, times) for times in HORIZONS)


def _gain(found: Prospect, times: float) -> Ahead | NotAhead:
    ahead = found.projection(times)
    if isinstance(ahead, TooShort):
        return NotAhead(times, ahead.why)
    gain, half = ahead.level - ahead.value, ahead.half_widths[80]
    return Ahead(times, gain, ahead.level - ahead.cautious, gain - half, gain + half)
