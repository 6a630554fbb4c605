"""Whether a student that is behind a baseline will catch up with it, and by when.

The slope of the last few points says yes far more often than it comes true. Here a student is on
track only where its own course, carried on, meets the baseline's recorded future and stays ahead
for a while; how clearly it does so is turned into a probability that was calibrated on pairs of
public learning curves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from samestep.analysis import futures
from samestep.analysis.axis import Curve
from samestep.analysis.calibrated import Calibration, Evidence
from samestep.analysis.constants import CALIBRATION
from samestep.analysis.project import FARTHEST
from samestep.analysis.side_by_side import SideBySide
from samestep.analysis.view import Terms, View

if TYPE_CHECKING:
    from samestep.model import Direction

__all__ = ["CatchUp", "Naive", "Outlook", "Terms", "catch_up"]

Outlook = Literal["on_track", "not_on_track", "already_ahead", "undecided", "refused"]

METHODS: Mapping[Evidence, str] = {
    "own curve": "own course",
    "baseline's future": "own course and the baseline's future",
}
"""What is carried on: the student's own course by power laws; where schedules agree, also the
baseline's recorded values at the student's gap and lag. The later of the two counts."""
LIKELY, UNLIKELY = 0.6, 0.15  # probabilities from and up to which an outlook is told
DIGITS = 2  # of a probability; what is told is what decides
CERTAIN = 0.99  # no more is told: no figure of the calibration rests on enough cases
FEWEST = 8  # points of either side until now; with fewer, probabilities are not calibrated
LAST = 5  # points that a naive slope is taken from
CLEARLY = 2.0  # standard errors of the student's present by which it must be ahead
NOWHERE = 1000.0  # stretches so far; a line that crosses beyond leads nowhere
ROUNDING = 1e-9  # relative; x is often a quotient of whole numbers


@dataclass(frozen=True, slots=True)
class Naive:
    """What the straight line through the last five differences says: shown, never used."""

    at: float | None
    """Where it reaches 0; None where it does not lead there."""
    used: Literal[False] = False


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Whether a student will catch up with a baseline."""

    outlook: Outlook
    why: str
    """Why it is that outlook, as a clause."""
    points: tuple[int, int]
    """Finite points of the student and of the baseline that it rests on."""
    gap: float | None = None
    """How far behind the student is now, free of noise, in units of the metric; below 0 ahead."""
    at: float | None = None
    """The x at which it is expected to catch up; None where it is not."""
    interval: tuple[float, float | None] | None = None
    """The 80 % interval of that x, its end None for maybe never; None where not even its start
    lies within `until`."""
    probability: float | None = None
    """How likely it gets ahead, and stays so for a tenth of what is left, by `until`."""
    until: float | None = None
    """The x up to which it was looked."""
    expected: float | None = None
    """The student's value expected there, in units of the metric."""
    behind_then: tuple[float, float] | None = None
    """The 80 % interval of how far behind the student is there, in units of the metric."""
    method: str | None = None
    """How it was projected; None where nothing was."""
    naive: Naive | None = None
    """What the slope of the last points says, which is not used; None without five points."""

    @property
    def earliest(self) -> float | None:
        """The earliest x at which it may catch up; None where even that is not within `until`."""
        return None if self.interval is None else self.interval[0]


def catch_up(
    student: Curve,
    baseline: Curve,
    direction: "Direction | None",
    terms: Terms,
    calibration: Calibration = CALIBRATION,
) -> CatchUp:
    """Tell whether a student catches up with a baseline that has gone farther.

    It is looked up to the baseline's last point or the student's planned end, and where the
    baseline's future may not be used, no farther than twice the stretch the student has logged.

    Args:
        student: The student's curve along the axis compared on.
        baseline: The baseline's curve along the same axis.
        direction: Which way is better; None is refused.
        terms: What is known of the runs beyond their curves.
        calibration: What widths and probabilities were calibrated to.
    """
    points = _finite(student), _finite(baseline)
    if direction is None:
        return CatchUp("refused", "nobody knows which way is better", points)
    both = SideBySide.of(student, baseline, direction)
    view = both if isinstance(both, str) else View.of(both, terms, calibration.widths)
    if isinstance(view, str):
        return CatchUp("refused", view, points)
    gap = view.behind * view.both.scale.range
    found = CatchUp("undecided", "", points, gap=gap, naive=_naive(view))
    if view.is_alike:
        return replace(found, why="the newest values of both are the same", naive=None)
    if view.behind <= 0.0:
        return _not_behind(found, view)
    if view.until <= view.now * (1.0 + ROUNDING):
        why = f"nothing is left to look at after {view.now:.6g}"
        return replace(found, outlook="refused", why=why)
    return _looked_ahead(found, view, calibration)


def _finite(curve: Curve) -> int:
    return int(np.count_nonzero(np.isfinite(curve.x) & np.isfinite(curve.values)))


def _naive(view: View) -> Naive:
    """Return where the least-squares line through the last five differences reaches 0."""
    x, logged = view.both.student.x[-LAST:], view.both.student.logged[-LAST:]
    difference = logged - view.both.baseline.at(x)
    around = x - np.mean(x)
    slope = float(np.sum(around * difference) / np.sum(around**2))
    if slope >= 0.0:
        return Naive(None)
    at = float(np.mean(x)) - float(np.mean(difference)) / slope
    near = view.prospect.start + NOWHERE * (view.now - view.prospect.start)
    return Naive(at if view.now < at < near else None)


def _not_behind(found: CatchUp, view: View) -> CatchUp:
    """Return the outlook of a student that is level with the baseline, or ahead of it."""
    unit, noise = view.both.scale.range, CLEARLY * view.noise
    ahead = f"smoothed, the student is {-view.behind * unit:.4g} ahead"
    told = f"{ahead}, and noise makes up to {noise * unit:.4g}"
    if -view.behind <= noise:
        return replace(found, why=f"the two are level: {told}")
    return replace(found, outlook="already_ahead", why=told)


def _looked_ahead(found: CatchUp, view: View, calibration: Calibration) -> CatchUp:
    """Return the outlook of a student that is behind, from what is left of the baseline."""
    ahead = view.ahead()
    differences, halves = view.differences(ahead), view.halves(ahead.x)
    expected = view.expected(ahead.x)
    behind = expected - ahead.baseline
    clearance = -futures.held(differences) / view.half(calibration.widths)
    earliest = futures.first_below(np.minimum(differences, behind) - halves, ahead.x)
    latest = futures.caught_up_at(np.maximum(differences, behind) + halves, ahead.x)
    unit, then, half = view.both.scale.range, float(behind[-1]), float(halves[-1])
    chance = calibration.chances[view.terms.evidence].of(clearance)
    at = futures.caught_up_at(differences, ahead.x)
    found = replace(
        found,
        at=at,
        interval=None if earliest is None else (min(earliest, at or earliest), latest),
        probability=min(CERTAIN, max(round(1.0 - CERTAIN, DIGITS), round(chance, DIGITS))),
        until=view.until,
        expected=view.both.scale.value(float(expected[-1])),
        behind_then=((then - half) * unit, (then + half) * unit),
        method=METHODS[view.terms.evidence],
    )
    if (few := view.points) < FEWEST:
        why = f"{few} points until {view.now:.6g}, and outlooks are told from {FEWEST}"
        return replace(found, why=why)
    return _told(found, whole=view.until >= view.last * (1.0 - ROUNDING))


def _told(found: CatchUp, *, whole: bool) -> CatchUp:
    """Return the outlook with its reason; `whole` is whether all that is left was looked at."""
    probability, (behind, _) = found.probability or 0.0, found.behind_then or (0.0, 0.0)
    chance = f"probability {probability:g} by {found.until:.6g}"
    if UNLIKELY < probability < LIKELY:
        return replace(found, why=f"{chance}, between {UNLIKELY:g} and {LIKELY:g}")
    if probability >= LIKELY:
        if found.at is None:
            return replace(found, why=f"{chance}, and no crossing is projected")
        again = "; projected to be behind again then" if behind > 0.0 else ""
        return replace(found, outlook="on_track", why=f"{chance}, at least {LIKELY:g}{again}")
    if found.interval is not None:
        return replace(found, why=f"{chance}, and the interval does not leave it out")
    if whole:
        return replace(found, outlook="not_on_track", why=f"{chance}, at most {UNLIKELY:g}")
    far = f"no own curve is projected beyond {FARTHEST:g} times the stretch so far"
    return replace(found, why=f"{chance}, and {far}")
