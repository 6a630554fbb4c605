"""Students that are behind a baseline part-way, and how likely such a student catches up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize
from tests.calibration.curves import FAMILIES, Recorded, balanced
from tests.calibration.pairs import pairs

from samestep.analysis import futures
from samestep.analysis.calibrated import Calibration, Chance, Evidence, Widths, rooted
from samestep.analysis.side_by_side import SideBySide
from samestep.analysis.smoothing import moving_mean
from samestep.analysis.view import Terms, View

if TYPE_CHECKING:
    from samestep.model import Floats

ASKED_AT = (0.2, 0.4, 0.6)  # parts of the x that both curves have
FEWEST = 8  # points of either side until then
LATEST_START = 0.1  # part of the x that both have by which both have begun
SAME_END = 0.02  # relative; runs that end this close followed a schedule of the same length
REACH = 2  # points on either side of a mean, in what really came
EVIDENCES: tuple[Evidence, ...] = ("own curve", "baseline's future")
UNFITTED = Widths((0.0, 0.0, 0.0, 0.0), {})


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A student that is behind a baseline, and what came."""

    student: Recorded
    """The student's whole curve."""
    baseline: Recorded
    end: float
    """The last x that both have."""
    views: Mapping[Evidence, View]
    """What is seen of both up to the student's present, by what may be looked at."""
    margins: Mapping[Evidence, float]
    """The least difference that is expected to be undercut for a while."""

    @property
    def family(self) -> str:
        """The family of both."""
        return self.student.family

    @property
    def x(self) -> float:
        """The student's newest x."""
        return self.views["own curve"].now

    @property
    def same_end(self) -> bool:
        """Whether both runs end there, so that their schedules have the same length."""
        return abs(float(self.student.x[-1] / self.baseline.x[-1]) - 1.0) < SAME_END

    @property
    def caught_up(self) -> bool:
        """Whether the student got ahead and stayed so for a tenth of what was left."""
        return futures.held(self.true(self.end)) < 0.0

    def caught_up_by(self, evidence: Evidence) -> bool:
        """Return whether it did so within the stretch that an evidence looks at."""
        return futures.held(self.true(self.views[evidence].until)) < 0.0

    @property
    def ended_ahead(self) -> bool:
        """Whether the student was ahead at the end."""
        return float(self.true(self.end)[-1]) < 0.0

    @property
    def caught_up_at(self) -> float | None:
        """The x at which it caught up; None where it did not."""
        return futures.caught_up_at(self.true(self.end), _places(self.x, self.end))

    def true(self, until: float) -> "Floats":
        """Return how far the smoothed student really was behind at places from x: (places,)."""
        places = _places(self.x, until)
        ours, theirs = (
            np.interp(places, one.x, one.sign * moving_mean(one.values, REACH))
            for one in (self.student, self.baseline)
        )
        return ours - theirs

    def clearance(self, evidence: Evidence, widths: Widths) -> float:
        """Return how clearly it is expected to, in half-widths of the 80 % interval."""
        return -self.margins[evidence] / self.views[evidence].half(widths)


def _places(x: float, until: float) -> "Floats":
    return np.linspace(x, until, futures.PLACES + 1)[1:]


def cases() -> list[Case]:
    """Return every case of the chosen pairs."""
    return [
        case
        for family in FAMILIES
        for student, baseline in pairs(family)
        for part in ASKED_AT
        if (case := case_of(student, baseline, part)) is not None
    ]


def case_of(student: Recorded, baseline: Recorded, part: float) -> Case | None:
    """Look at a pair at a part of the x both have; None where the student is not behind there."""
    end = float(min(student.x[-1], baseline.x[-1]))
    now = part * end
    seen = student.until(now)
    begun = max(student.x[0], baseline.x[0]) <= LATEST_START * end
    if not begun or min(len(seen.x), len(baseline.until(now).x)) < FEWEST:
        return None
    known = baseline.until(end)
    both = SideBySide.of(seen.placed(), known.placed(), student.direction)
    if isinstance(both, str):
        return None
    views: dict[Evidence, View] = {}
    margins: dict[Evidence, float] = {}
    for evidence in EVIDENCES:
        view = View.of(both, terms(student, evidence), UNFITTED)
        if isinstance(view, str) or view.is_alike or view.behind <= 0.0:
            return None
        views[evidence], margins[evidence] = view, futures.held(view.differences(view.ahead()))
    return Case(student, baseline, end, views, margins)


def terms(student: Recorded, evidence: Evidence) -> Terms:
    """Return what is known of two runs where that evidence may be used."""
    agree = evidence == "baseline's future"
    return Terms(schedules_agree=agree, baseline_finished=True, kind=student.kind)


def fitted_chance(known: Sequence[Case], evidence: Evidence, widths: Widths) -> Chance:
    """Fit how likely a student catches up by how clearly it is expected to (logistic)."""
    weight = balanced(case.family for case in known)
    clear = np.array([rooted(case.clearance(evidence, widths)) for case in known])
    came = np.array([float(case.caught_up_by(evidence)) for case in known])

    def cost(line: "Floats") -> float:
        log_odds = line[0] + line[1] * clear
        return float(np.sum(weight * (np.logaddexp(0.0, log_odds) - came * log_odds)))

    offset, steepness = optimize.minimize(cost, np.array([0.0, 1.0])).x
    return Chance(round(float(offset), 3), round(float(steepness), 3))


def calibration(known: Sequence[Case], widths: Widths) -> Calibration:
    """Return the widths with the chances fitted to them."""
    return Calibration(widths, {one: fitted_chance(known, one, widths) for one in EVIDENCES})


def left_out(known: Sequence[Case], widths: Mapping[str, Widths]) -> dict[str, Calibration]:
    """Return, for each family, the calibration without it; `widths` are those without it."""
    return {
        family: calibration([case for case in known if case.family != family], widths[family])
        for family in FAMILIES
    }
