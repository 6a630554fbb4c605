"""What is left to see ahead of a student that is behind a baseline."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import futures
from samestep.analysis.calibrated import Doubt, Evidence, Kind, Widths
from samestep.analysis.futures import Future
from samestep.analysis.project import FARTHEST, Prospect, TooShort, prospect
from samestep.analysis.side_by_side import SideBySide
from samestep.analysis.unitless import FEWEST

if TYPE_CHECKING:
    from samestep.model import Floats


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of two runs beyond their curves."""

    schedules_agree: bool | None = None
    """Whether both follow the same schedule to the same end; None where nobody knows."""
    baseline_finished: bool = False
    """Whether the baseline has finished, so that its recorded future is all of it."""
    end: float | None = None
    """The x at which the student is planned to end; None where it is not known."""
    kind: Kind = "supervised"
    """What kind of metric it is."""

    @property
    def evidence(self) -> Evidence:
        """What may be used: a finished baseline's future only where the schedules agree."""
        agrees = self.schedules_agree is True and self.baseline_finished
        return "baseline's future" if agrees else "own curve"


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What an outlook is judged from, without units; lower is better."""

    both: SideBySide
    prospect: Prospect
    terms: Terms

    @classmethod
    def of(cls, both: SideBySide, terms: Terms, widths: Widths) -> "View | str":
        """Look ahead from the student's newest point, or say why nothing can be said."""
        student, baseline = both.student, both.baseline
        found = prospect(student.x, student.logged, "lower", terms.kind, widths)
        if isinstance(found, TooShort):
            return f"the student: {found.why}"
        if len(baseline) < FEWEST:
            return f"the baseline: {len(baseline)} finite points; at least {FEWEST} are needed"
        if found.now < baseline.x[0]:
            return (
                f"the baseline begins at {baseline.x[0]:.6g}, after the student's {found.now:.6g}"
            )
        if found.now > baseline.x[-1]:
            return (
                f"the baseline ends at {baseline.x[-1]:.6g}, before the student's {found.now:.6g}"
            )
        return cls(both, found, terms)

    @property
    def now(self) -> float:
        """The student's newest x."""
        return self.prospect.now

    @property
    def points(self) -> int:
        """The fewest points that either has until now."""
        baseline = np.searchsorted(self.both.baseline.x, self.now, side="right")
        return min(len(self.both.student), int(baseline))

    @property
    def behind(self) -> float:
        """How far the student's present lies above the baseline's; below 0 it is ahead."""
        [there] = self.both.baseline.at(np.array([self.now])).tolist()
        return self.both.student.present - there

    @property
    def is_alike(self) -> bool:
        """Whether the newest values of both are the same."""
        student, baseline = self.both.student, self.both.baseline
        newest = slice(-max(student.newest, FEWEST), None)
        there = np.interp(student.x[newest], baseline.x, baseline.logged)
        return bool(np.array_equal(student.logged[newest], there))

    @property
    def noise(self) -> float:
        """The standard error of the student's present."""
        return self.prospect.deviation / self.both.student.newest**0.5

    @property
    def farthest(self) -> float:
        """The x up to which a student's own course alone is projected."""
        return self.prospect.start + FARTHEST * (self.now - self.prospect.start)

    @property
    def last(self) -> float:
        """The x up to which there is anything to look at."""
        last = float(self.both.baseline.x[-1])
        return last if self.terms.end is None else min(last, self.terms.end)

    @property
    def until(self) -> float:
        """The x up to which it is looked."""
        alone = self.terms.evidence == "own curve"
        return min(self.last, self.farthest) if alone else self.last

    def ahead(self) -> Future:
        """Return the baseline's values from now to `until`."""
        return Future.of(self.both.baseline, self.now, self.until)

    def differences(self, ahead: Future) -> "Floats":
        """Return how far behind the student is expected to be, at the least: (places,).

        Its own course must catch up and, so that it is no fluke of the newest points, the
        baseline's values at its lag as well; beyond twice the stretch so far, those at gap and lag.
        """
        own, lag = self._own_and_lag(ahead.x)
        near = ahead.x <= self.farthest
        return np.maximum(own, np.where(near, lag, self.expected(ahead.x))) - ahead.baseline

    def expected(self, x: "Floats") -> "Floats":
        """Return the student's expected values: its own course, or the baseline's at gap and lag."""
        own, lag = self._own_and_lag(x)
        if self.terms.evidence == "own curve":
            return own
        return (futures.same_gap(self.both.student, self.both.baseline, x) + lag) / 2

    def _own_and_lag(self, x: "Floats") -> tuple["Floats", "Floats"]:
        own = futures.own(self.prospect, x)
        lag = futures.same_lag(self.both.student, self.both.baseline, x)
        return own, own if lag is None else lag

    def halves(self, x: "Floats") -> "Floats":
        """Return half the 80 % interval of the student's own course at each x."""
        return np.array([self.prospect.half(self._stretches(at), 80) for at in x.tolist()])

    @property
    def doubt(self) -> Doubt:
        """What the error of the own course depends on, as far as that is projected alone."""
        return self.prospect.doubt(self._stretches(min(self.until, self.farthest)))

    def half(self, widths: Widths) -> float:
        """Return half the 80 % interval of the own course, as far as that is projected alone."""
        return widths.half(self.doubt, self.terms.kind, 80) * self.prospect.scale.range

    def _stretches(self, x: float) -> float:
        return (x - self.prospect.start) / (self.now - self.prospect.start)
