"""A learning curve's value at a later x, with an interval, or the reason for saying none.

Power laws are fitted to the curve, the newest points weighing most, and carried on from where the
fit stands now. How wide an interval is was calibrated on public learning curves: it grows with the
error of the same method on the curve's own past, with how far the newest points lie from the fit
and with the distance. `tests/calibration` refits the constants and measures the method on
families of curves that were left out of the fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.calibrated import LEVELS, Doubt, Kind, Level, Widths
from samestep.analysis.constants import CALIBRATION
from samestep.analysis.forms import Carried
from samestep.analysis.unitless import (
    FEWEST,
    MOST_POINTS,
    Prefix,
    Scale,
    noise_sd,
    ordered,
    origin,
    places,
    resampled,
)

if TYPE_CHECKING:
    from samestep.model import Direction, Floats

METHOD = "power laws fitted to the newest part of the curve, intervals calibrated on public curves"
FARTHEST = 2.0  # times the stretch so far; at four times, intervals are wider than the curve
LITTLE_EVIDENCE = 8  # points below which a projection is labelled
ROUNDING = 1e-6
ORIGINS = (0.5, 0.65, 0.8)  # parts of the run from which the method is tried on its own past
NEVER_TRIED = 0.3  # part of the range that the past error counts as where there was no past
LEAST_STRETCH = 0.1  # doublings; past errors over less are not scaled up any further


@dataclass(frozen=True, slots=True)
class TooShort:
    """No projection, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Projection:
    """A value expected at a later x, in units of the metric."""

    value: float
    x: float
    now: float
    """The newest x of the points it rests on."""
    cautious: float
    """The value by the law that levels off last, which a plateau is judged by."""
    level: float
    """The present value, free of the newest point's noise, from which the projection starts."""
    half_widths: Mapping[Level, float]
    """Half the width of the interval for each level in percent."""
    points: int
    """Finite points it rests on."""
    dropped: int
    """Points left out because their value is not finite."""
    low_evidence: bool
    """Whether it rests on fewer than eight points."""
    kind: Kind

    def interval(self, level: Level) -> tuple[float, float]:
        """Return the interval that holds the logged value in `level` percent of cases."""
        half = self.half_widths[level]
        return self.value - half, self.value + half


def project(
    x: "Floats",
    values: "Floats",
    target_x: float,
    direction: "Direction",
    kind: Kind = "supervised",
) -> Projection | TooShort:
    """Project a curve to `target_x`, at most twice the stretch it has been logged over.

    Args:
        x: Where each point stands, shape (points,), in any order; of equal x the last counts.
        values: The value of each point, shape (points,); those that are not finite are left out.
        target_x: Where to, in units of x.
        direction: Which way is better.
        kind: "reward" for returns of reinforcement learning, else "supervised"; it decides how
            wide the intervals are.
    """
    found = prospect(x, values, direction, kind)
    return found if isinstance(found, TooShort) else found.projection(target_x)


def prospect(
    x: "Floats",
    values: "Floats",
    direction: "Direction",
    kind: Kind = "supervised",
    widths: Widths = CALIBRATION.widths,
) -> "Prospect | TooShort":
    """Return what a curve can be projected with to any later x, or why it cannot.

    Args:
        x: As `project` takes them, like `values`, `direction` and `kind`.
        values: See x.
        direction: See x.
        kind: See x.
        widths: What the widths of intervals depend on.
    """
    known = np.isfinite(x) & np.isfinite(values)
    x, values = ordered(x[known], values[known])
    if len(x) < FEWEST:
        return TooShort(f"{len(x)} finite points; a projection needs at least {FEWEST}")
    scale = Scale.of(values, direction)
    if scale.range == 0.0:
        return TooShort(f"all {len(x)} values are equal, so there is no course to carry on")
    z = scale.unitless(values)
    prefix = Prefix(*resampled(places(x), z))
    if len(prefix) < FEWEST:
        return TooShort(f"{len(x)} points stand in only {len(prefix)} of {MOST_POINTS} stretches")
    return Prospect(
        scale=scale,
        start=origin(x),
        now=float(x[-1]),
        course=Carried.on(prefix),
        past=tuple(past for part in ORIGINS if (past := Past.of(prefix, part)) is not None),
        noise=noise_sd(z),
        points=len(x),
        dropped=int(np.count_nonzero(~known)),
        kind=kind,
        widths=widths,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The same method at an earlier point of a curve, and what came then."""

    course: Carried
    u: "Floats"
    """What came, counted in the stretch until then: above 1."""
    z: "Floats"

    @classmethod
    def of(cls, prefix: Prefix, part: float) -> "Past | None":
        """Stand at `part` of the run; None where nothing could have been projected from there."""
        until = int(np.searchsorted(prefix.u, part, side="right"))
        if until < FEWEST or until == len(prefix) or prefix.u[until - 1] <= ROUNDING:
            return None
        u = prefix.u / prefix.u[until - 1]
        then = Prefix(u[:until], prefix.z[:until])
        return cls(Carried.on(then), u[until:], prefix.z[until:]) if then.range > 0.0 else None

    def error(self, h: float) -> float:
        """Return how far off it was for as far ahead as h, scaled up where less has been seen."""
        at = int(np.argmin(np.abs(self.u - min(h, float(self.u[-1])))))
        seen = float(np.mean(self.z[max(0, at - 1) : at + 2]))
        asked = float(self.u[at])
        error = abs(self.course.at(asked) - seen)
        return error * max(1.0, float(np.log2(h) / max(np.log2(asked), LEAST_STRETCH)))


@dataclass(frozen=True, slots=True, eq=False)
class Prospect:
    """A curve whose course has been fitted and tried on its own past."""

    scale: Scale
    start: float
    """The x that the run is counted from."""
    now: float
    """The newest x."""
    course: Carried
    past: tuple[Past, ...]
    noise: float
    """The deviation of one logged point, in ranges seen."""
    points: int
    dropped: int
    kind: Kind
    widths: Widths

    @property
    def level(self) -> float:
        """The present value, free of the newest point's noise, in units of the metric."""
        return self.scale.value(self.course.now)

    @property
    def deviation(self) -> float:
        """The deviation of one logged point, in units of the metric."""
        return self.noise * self.scale.range

    def value(self, x: float) -> float:
        """Return the value that the course has at an x from the newest on, however far."""
        return self.scale.value(self.course.at(max(1.0, self._horizon(x))))

    def projection(self, target_x: float) -> Projection | TooShort:
        """Project to an x at most twice as far as the curve has been logged."""
        h = self._horizon(target_x)
        if not h > 1.0:
            return TooShort(
                f"{target_x:.6g} does not lie beyond the newest point at {self.now:.6g}"
            )
        if h > FARTHEST * (1.0 + ROUNDING):
            return TooShort(
                f"{target_x:.6g} lies {h:.4g} times as far as the curve has been logged "
                f"({self.start:.6g} to {self.now:.6g}); nothing is projected beyond "
                f"{FARTHEST:g} times"
            )
        return Projection(
            value=self.scale.value(self.course.at(h)),
            x=target_x,
            now=self.now,
            cautious=self.scale.value(self.course.slowest(h)),
            level=self.level,
            half_widths=MappingProxyType({level: self.half(h, level) for level in LEVELS}),
            points=self.points,
            dropped=self.dropped,
            low_evidence=self.points < LITTLE_EVIDENCE,
            kind=self.kind,
        )

    def half(self, h: float, level: Level) -> float:
        """Return half the interval at h times the stretch so far, in units of the metric."""
        return self.widths.half(self.doubt(h), self.kind, level) * self.scale.range

    def doubt(self, h: float) -> Doubt:
        """Return what the error at h times the stretch so far depends on."""
        errors = [past.error(h) for past in self.past]
        past_error = float(np.mean(errors)) if errors else NEVER_TRIED
        return Doubt(past_error, self.course.surprise, h, self.noise)

    def _horizon(self, x: float) -> float:
        return (x - self.start) / (self.now - self.start)
