"""One metric of a student against one baseline, both at the same x."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from samestep.analysis.align import (
    DEFAULT_REACH,
    SAME_X,
    Absent,
    Matching,
    Point,
    newest_point,
    spacing,
    value_at,
)
from samestep.analysis.axis import Curve
from samestep.analysis.noise import point_noise, seed_spread
from samestep.model import Match

RANK: dict[Match, int] = {"exact": 0, "interpolated": 1, "nearest": 2}


@dataclass(frozen=True, slots=True)
class Matched:
    """How a caller wants values found: the way, and how far the nearest may lie."""

    matching: Matching = "auto"
    tolerance: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One run of a side: its curve of the metric, or why it has none."""

    full_name: str
    seed: str | None
    curve: Curve | Absent


@dataclass(frozen=True, slots=True)
class SideValue:
    """What one side has at x: a single run's point, or a group's mean over those that got there."""

    points: Mapping[str, Point]
    """The point of every member that counts, by full name."""
    seeds: tuple[str, ...]
    missing: Mapping[str, str]
    """The members that do not count, each with its reason."""
    x: float
    noise: float | None
    """Standard deviation of `value` for no reason: of the mean over seeds, else point to point."""

    @property
    def values(self) -> list[float]:
        """The members' values."""
        return [point.value for point in self.points.values()]

    @property
    def value(self) -> float:
        """The single value, or the mean over members."""
        with np.errstate(all="ignore"):  # infinities of both signs have no mean: NaN
            return float(np.mean(self.values))

    @property
    def spread(self) -> float | None:
        """The standard deviation over members."""
        return seed_spread(np.array(self.values))

    @property
    def match(self) -> Match:
        """The least direct match among the members."""
        return max((point.match for point in self.points.values()), key=RANK.__getitem__)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of one metric at one x."""

    student: SideValue | Absent
    baseline: SideValue | Absent
    x: float | None
    """Where both stand; None when neither side has a value."""
    student_newest: float | None
    """The student's newest x of this metric within the limit."""
    baseline_ended: float | None = None
    """The baseline's last x of this metric, where it ended before the student's newest."""

    @property
    def delta(self) -> float | None:
        """The student's value minus the baseline's; None unless both are finite."""
        if isinstance(self.student, Absent) or isinstance(self.baseline, Absent):
            return None
        delta = self.student.value - self.baseline.value
        return delta if math.isfinite(delta) else None

    @property
    def noise(self) -> float | None:
        """The standard deviation of the difference for no reason; None when a side's is unknown."""
        if isinstance(self.student, Absent) or isinstance(self.baseline, Absent):
            return None
        if self.student.noise is None or self.baseline.noise is None:
            return None
        return math.hypot(self.student.noise, self.baseline.noise)


def compare_at(
    student: Sequence[Member], baseline: Sequence[Member], limit: float, matched: Matched
) -> Pair:
    """Compare at the student's newest point at or before `limit`, or where the baseline ended."""
    newest = _newest(student, limit)
    if isinstance(newest, Absent):
        alone = _side(baseline, limit, matched)
        return Pair(newest, alone, None if isinstance(alone, Absent) else limit, None)
    ended = _ended_before(baseline, newest, matched)
    if ended is not None:
        there = _side(student, ended, matched)
        return Pair(there, _side(baseline, ended, matched), ended, newest, ended)
    return Pair(_side(student, newest, matched), _side(baseline, newest, matched), newest, newest)


def _newest(student: Sequence[Member], limit: float) -> float | Absent:
    """Return the newest x within the limit that all members still running at the limit reached.

    A member whose log of the metric stopped more than its usual spacing before the limit does not
    hold the others back: it does not count at x, and is named.
    """
    curves = [member.curve for member in student if not isinstance(member.curve, Absent)]
    going_on = [curve for curve in curves if curve.x[-1] + (spacing(curve) or 0.0) > limit]
    found = [newest_point(curve, limit) for curve in going_on or curves]
    reached = [point.x for point in found if isinstance(point, Point)]
    if reached:
        return min(reached)
    reasons = [point for point in found if isinstance(point, Absent)]
    return reasons[0] if reasons else _no_curve(student)


def _ended_before(baseline: Sequence[Member], x: float, matched: Matched) -> float | None:
    """Return where the baseline ended, if no member of it comes near x from below.

    A single run's last point may serve as its nearest; a group has no point of its own, so its
    members count only where they got to.
    """
    curves = [member.curve for member in baseline if not isinstance(member.curve, Absent)]
    lasts = [float(curve.x[-1]) for curve in curves]
    near = [0.0 if len(baseline) > 1 else _reach(curve, matched) for curve in curves]
    slack = SAME_X * max(1.0, abs(x))
    if not lasts or any(last + reach + slack >= x for last, reach in zip(lasts, near, strict=True)):
        return None
    return max(lasts)


def _reach(curve: Curve, matched: Matched) -> float:
    """Return how far before x a curve may end and still have a value there."""
    if matched.matching in {"exact", "interpolated"}:
        return 0.0
    usual = DEFAULT_REACH * (spacing(curve) or 0.0)
    return usual if matched.tolerance is None else min(usual, matched.tolerance)


def _side(members: Sequence[Member], x: float, matched: Matched) -> SideValue | Absent:
    points: dict[str, Point] = {}
    missing: dict[str, str] = {}
    named = _by_name(members)
    for name, member in named.items():
        found = _member_value(member, x, matched, of_group=len(members) > 1)
        if isinstance(found, Absent):
            missing[name] = found.why
        else:
            points[name] = found
    if not points:
        return Absent(next(iter(missing.values()))) if len(members) == 1 else _all_missing(missing)
    counted = [member for name, member in named.items() if name in points]
    seeds = tuple(member.seed or member.full_name for member in counted)
    return SideValue(points, seeds, missing, x, side_noise(counted, points, x))


def _by_name(members: Sequence[Member]) -> dict[str, Member]:
    """Return the members by full name; runs of different sources that share one are numbered."""
    named: dict[str, Member] = {}
    for member in members:
        same = sum(other.full_name == member.full_name for other in named.values())
        named[f"{member.full_name} ({same + 1})" if same else member.full_name] = member
    return named


def _member_value(member: Member, x: float, matched: Matched, *, of_group: bool) -> Point | Absent:
    """Return a member's value at x; one of a group that ended before x has none."""
    if isinstance(member.curve, Absent):
        return member.curve
    last = float(member.curve.x[-1])
    if of_group and last < x - SAME_X * max(1.0, abs(x)):
        return Absent(f"ended at {last:.6g}, before {x:.6g}")
    return value_at(member.curve, x, matched.matching, matched.tolerance)


def side_noise(counted: Sequence[Member], points: Mapping[str, Point], x: float) -> float | None:
    """Return a side's noise at x: of the mean over its seeds, else of its one curve around x."""
    if len(counted) > 1:
        spread = seed_spread(np.array([point.value for point in points.values()]))
        return None if spread is None else spread / len(counted) ** 0.5
    curve = counted[0].curve
    return None if isinstance(curve, Absent) else point_noise(curve, x)


def _no_curve(members: Sequence[Member]) -> Absent:
    missing = {
        name: member.curve.why
        for name, member in _by_name(members).items()
        if isinstance(member.curve, Absent)
    }
    return Absent(next(iter(missing.values()))) if len(members) == 1 else _all_missing(missing)


def _all_missing(missing: Mapping[str, str]) -> Absent:
    return Absent("; ".join(f"{name}: {why}" for name, why in missing.items()))
