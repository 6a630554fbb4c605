"""How often "converged" and "plateaued" are said of curves that go on improving."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats
from tests.calibration.curves import Recorded, bench

from samestep.analysis.converge import converge
from samestep.analysis.smoothing import moving_mean

if TYPE_CHECKING:
    from samestep.model import Floats

JUDGED_AT = (0.25, 0.4, 0.55, 0.7, 0.8)  # parts of the points
FEWEST, FEWEST_BEFORE, FEWEST_AFTER = 25, 10, 5  # points of the curve, before and after
TOLERANCE = 0.02  # of the improvement so far
SMOOTHING, MOST_REACH = 0.025, 2  # part of the points on either side of a mean; points at most
FIRST_PART = 0.05  # of the points: their median is where the curve started


@dataclass(frozen=True, slots=True)
class Judged:
    """One prefix of a curve, what was said of it and what became of it."""

    family: str
    is_done: bool
    """Whether the rest brought less than the tolerance."""
    plateaued: bool
    converged: bool
    flat: bool
    """Whether the slope of the last five points is not significant, the usual rule."""


def judgements() -> list[Judged]:
    """Judge every curve of the bench at five places."""
    return [judged for curve in bench() for judged in _judgements(curve)]


def _judgements(curve: Recorded) -> Iterator[Judged]:
    points = len(curve.x)
    reach = min(MOST_REACH, round(SMOOTHING * points))
    z = curve.sign * curve.values
    for part in JUDGED_AT:
        now = round(part * points)
        if points < FEWEST or now < FEWEST_BEFORE or points - now < FEWEST_AFTER:
            continue
        best = float(np.min(moving_mean(z[:now], reach)))
        improvement = float(np.median(z[: max(1, int(FIRST_PART * now))])) - best
        if improvement <= 0.0:
            continue
        to_come = best - float(np.min(moving_mean(z[now:], reach)))
        said = converge(
            curve.until(float(curve.x[now - 1])).placed(), curve.direction, kind=curve.kind
        )
        yield Judged(
            family=curve.family,
            is_done=to_come < TOLERANCE * improvement,
            plateaued=said.state == "plateaued",
            converged=said.converged,
            flat=_is_flat(curve.x[now - 5 : now], z[now - 5 : now]),
        )


def _is_flat(x: "Floats", z: "Floats") -> bool:
    if float(np.ptp(z)) == 0.0:
        return True
    return float(stats.linregress(x / x[-1], z).pvalue) > 0.05
