"""What samestep says of students that are behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tests.calibration.outlooks import REACH, Case, terms

from samestep.analysis.calibrated import Calibration, Evidence
from samestep.analysis.catch_up import CatchUp, catch_up

MOST_OFF = 2.0  # ranges of the curve; no error counts more


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What samestep said in a case, calibrated on the other families."""

    case: Case
    evidence: Evidence
    said: CatchUp

    @property
    def on_track(self) -> bool:
        """Whether the student was said to catch up."""
        return self.said.outlook == "on_track"

    @property
    def naive(self) -> bool:
        """Whether the slope of the last five differences says that it does before the end."""
        at = None if self.said.naive is None else self.said.naive.at
        return at is not None and at <= self.case.end

    @property
    def held(self) -> bool:
        """Whether the x at which the student caught up, or that it did not, is in the interval."""
        came = self.case.caught_up_at
        if self.said.interval is None or self.said.until is None:
            return came is None or self.said.until is None or came > self.said.until
        earliest, latest = self.said.interval
        return latest is None if came is None else earliest <= came <= (latest or np.inf)

    @property
    def offs(self) -> tuple[float, float]:
        """How far the expected value and the last one lay from what came, in ranges."""
        student = self.case.student
        last = float(student.until(self.case.x).values[-1])
        expected = last if self.said.expected is None else self.said.expected
        at = int(np.searchsorted(student.x, self.said.until or self.case.x, side="right"))
        came = float(np.mean(student.values[max(0, at - REACH - 1) : at + REACH]))
        off, last_off = (min(MOST_OFF, abs(one - came) / student.range) for one in (expected, last))
        return off, last_off


def told(
    known: Sequence[Case], evidence: Evidence, fitted: Mapping[str, Calibration]
) -> list[Told]:
    """Ask samestep in every case."""
    return [Told(case, evidence, _said(case, evidence, fitted[case.family])) for case in known]


def _said(case: Case, evidence: Evidence, fitted: Calibration) -> CatchUp:
    student, baseline = case.student.until(case.x), case.baseline.until(case.end)
    known = terms(case.student, evidence)
    return catch_up(student.placed(), baseline.placed(), case.student.direction, known, fitted)
