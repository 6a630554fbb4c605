"""How far projections are off, and how often their intervals hold what came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tests.calibration.curves import FAMILIES, Recorded, balanced, bench

from samestep.analysis.calibrated import DEVIATIONS, LEVELS, SMALLEST, Doubt, Kind, Widths
from samestep.analysis.project import FARTHEST, Prospect, prospect

if TYPE_CHECKING:
    from samestep.analysis.calibrated import Level
    from samestep.model import Floats

MEASURED_AT, MEASURED_TIMES = (0.2, 0.4, 0.6), (1.25, 2.0)
FITTED_AT = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.77, 0.85)
FITTED_TIMES = (1.1, 1.25, 1.5, 2.0)
AROUND = 2  # points on either side of the one asked for; their mean is what an error is told from
LAST = 5  # points that the usual line is drawn through
BEYOND_THE_END = 1.01  # the last point may lie this much before the x asked for
MOST_OFF = 2.0  # ranges of the curve; no error counts more


@dataclass(frozen=True, slots=True)
class Forecast:
    """One projection of one prefix, and what came."""

    family: str
    kind: Kind
    part: float
    """The part of the curve it was made at."""
    times: float
    """How far ahead, in stretches so far."""
    doubt: Doubt
    missed: float
    """How far the logged value lay from it, in ranges of the values seen."""
    off: float
    """How far the mean around the logged value lay from it, in ranges of the whole curve."""
    last_off: float
    """The same of the last value."""
    line_off: float
    """The same of the line through the last five points."""
    seen: float
    """The range of the values seen, in ranges of the whole curve."""

    @property
    def is_measured(self) -> bool:
        """Whether it is one of those that figures are told from; the others only fit."""
        return self.part in MEASURED_AT and self.times in MEASURED_TIMES


def forecasts() -> list[Forecast]:
    """Project every curve of the bench from many places."""
    return [found for curve in bench() if curve.range > 0.0 for found in _forecasts(curve)]


def _forecasts(curve: Recorded) -> Iterator[Forecast]:
    for part in FITTED_AT:
        now = int(np.searchsorted(curve.x, part * float(curve.x[-1]), side="right"))
        found = prospect(curve.x[:now], curve.values[:now], curve.direction, curve.kind)
        if isinstance(found, Prospect):
            yield from _from(curve, part, now, found)


def _from(curve: Recorded, part: float, now: int, found: Prospect) -> Iterator[Forecast]:
    newest = float(curve.x[now - 1])
    for times in FITTED_TIMES:
        at = int(np.argmin(np.abs(curve.x - times * newest)))
        if times * newest <= BEYOND_THE_END * curve.x[-1] and at >= now:
            yield _forecast((part, times), curve, (now, at), found)


def _forecast(
    asked: tuple[float, float], curve: Recorded, points: tuple[int, int], found: Prospect
) -> Forecast:
    """Compare what is said at one point with what came at another."""
    now, at = points
    x, values = curve.x, curve.values
    came = float(x[at])
    value = found.value(came)
    around = float(np.mean(values[max(now, at - AROUND) : at + AROUND + 1]))
    return Forecast(
        family=curve.family,
        kind=curve.kind,
        part=asked[0],
        times=asked[1],
        doubt=found.doubt(min(FARTHEST, (came - found.start) / (found.now - found.start))),
        missed=abs(value - float(values[at])) / found.scale.range,
        off=_off(value, around, curve),
        last_off=_off(float(values[now - 1]), around, curve),
        line_off=_off(_line(x[now - LAST : now], values[now - LAST : now], came), around, curve),
        seen=found.scale.range / curve.range,
    )


def _line(x: "Floats", values: "Floats", at: float) -> float:
    """Return where the least-squares line through some points leads."""
    around = x - np.mean(x)
    slope = float(np.sum(around * values) / np.sum(around**2))
    return float(np.mean(values)) + slope * (at - float(np.mean(x)))


def _off(value: float, truth: float, curve: Recorded) -> float:
    return min(MOST_OFF, abs(value - truth) / curve.range)


def fitted_widths(known: Sequence[Forecast]) -> Widths:
    """Fit what the widths of intervals depend on, every family counting the same.

    The logarithm of the error is regressed on the features of the doubt; the quantiles are those
    of what the scale and the noise leave of the errors (split conformal, by kind of metric).
    """
    weight = balanced(one.family for one in known)
    features = np.array([one.doubt.features for one in known])
    missed = np.array([one.missed for one in known])
    root = np.sqrt(weight)
    solved = np.linalg.lstsq(features * root[:, None], np.log(missed + SMALLEST) * root)[0]
    weights = tuple(round(float(one), 3) for one in solved)
    scale = np.exp(features @ np.array(weights))
    noise = np.array([one.doubt.noise for one in known])
    kinds = np.array([one.kind for one in known])
    present: dict[Kind, None] = dict.fromkeys(one.kind for one in known)
    quantiles: dict[Kind, dict[Level, float]] = {
        kind: {
            level: _quantile(missed, noise, scale, weight * (kinds == kind), level)
            for level in LEVELS
        }
        for kind in present
    }
    return Widths(weights, quantiles)


def _quantile(
    missed: "Floats", noise: "Floats", scale: "Floats", weight: "Floats", level: "Level"
) -> float:
    beyond = np.maximum(missed**2 - (DEVIATIONS[level] * noise) ** 2, 0.0)
    score = np.sqrt(beyond) / scale
    order = np.argsort(score)
    held = np.cumsum(weight[order]) / np.sum(weight)
    return round(float(score[order][np.searchsorted(held, level / 100.0)]), 3)


def left_out(known: Sequence[Forecast]) -> dict[str, Widths]:
    """Return, for each family, the widths fitted without it."""
    return {
        family: fitted_widths([one for one in known if one.family != family]) for family in FAMILIES
    }


def held(known: Iterable[Forecast], widths: dict[str, Widths], level: "Level") -> "Floats":
    """Return 1 where an interval held the logged value: (cases,)."""
    return np.array(
        [float(one.missed <= widths[one.family].half(one.doubt, one.kind, level)) for one in known]
    )
