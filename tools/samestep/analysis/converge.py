"""Whether a learning curve still improves, judged along its x-axis.

The usual rule, no slope in the last five points, calls most unfinished curves converged. The rules
here ask for a projected gain below the tolerance and for a stretch without progress. How often
they are wrong on public curves is measured by `tests/calibration`.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from samestep.analysis.axis import Curve
from samestep.analysis.calibrated import Kind
from samestep.analysis.course import Ahead, Course, NotAhead
from samestep.analysis.course_words import clauses, plan
from samestep.analysis.unitless import Prefix, Scale, origin, places, resampled

if TYPE_CHECKING:
    from samestep.model import Direction, Floats

State = Literal["improving", "plateaued", "diverging", "too_short", "unsettled"]

FEWEST = 10  # points without which nothing is judged
FEWEST_TOGETHER = 5  # newest points that must lie together for "converged"
FEWEST_IN_SLOPE = 5
SLOPE_SINCE = 0.7  # part of the run from which the slope is taken
CONFIDENCE = 0.9
STALLED, LONG_STALLED = 0.2, 0.33  # parts of the run without progress: plateaued, converged


@dataclass(frozen=True, slots=True)
class Best:
    """The best value that was logged."""

    value: float
    x: float
    step: float | None
    """The step it was logged at; None where its row names none."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How much better the metric is expected to be at a later x, in units of the metric."""

    times: float
    """How far ahead, in stretches so far: 2 is twice as far."""
    x: float
    value: float | None
    """Above 0 is better, whatever the metric's direction; None with `why`."""
    interval: tuple[float, float] | None
    """The 80 % interval of `value`."""
    cautious: float | None
    """The gain by the law that levels off last. A plateau is judged by the mean of it and `value`,
    convergence by the larger."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Slope:
    """The median slope over the newest part of the run, in units of the metric per unit of x."""

    per_x: float
    interval: tuple[float, float]
    """The 90 % interval of `per_x`."""
    since: float
    """The x from which it was taken."""
    points: int


@dataclass(frozen=True, slots=True)
class Convergence:
    """What a curve's course so far says about the rest of it."""

    state: State | None
    """None where nobody knows which way is better."""
    converged: bool
    rule: str
    """The rule that decided, in words."""
    why: tuple[str, ...]
    """What was found, as short clauses."""
    tolerance: float
    """What counts as no gain, as a part of `improvement`."""
    improvement: float | None
    """The improvement so far in units of the metric; None where nothing was judged."""
    best: Best | None
    stalled: float | None
    """The part of the run since the smoothed best last improved by the tolerance."""
    gains: tuple[Gain, ...]
    """The gains projected at 1.25 times and twice the stretch so far; empty where not judged."""
    slope: Slope | None
    """None with fewer than five judged points."""
    points: int
    """Finite points it rests on."""
    judged: int
    """Points that these were reduced to, the medians of equal stretches of x."""
    dropped: int
    """Points left out because their value is not finite."""
    schedule_open: bool | None
    """Whether the learning rate is known to change still, which allows no more than a plateau
    under the current rate; None where nobody knows."""

    @property
    def tolerated(self) -> float | None:
        """The tolerance in units of the metric."""
        return None if self.improvement is None else self.tolerance * self.improvement


def converge(  # noqa: PLR0913 # each is another thing that is known of the run, or not
    curve: Curve,
    direction: "Direction | None",
    *,
    tolerance: float = 0.02,
    last: int = 5,
    planned_end: float | None = None,
    schedule_open: bool | None = None,
    kind: Kind = "supervised",
) -> Convergence:
    """Judge whether a curve improves, has reached a plateau, has converged or diverges.

    Args:
        curve: The curve along the axis that it is judged on.
        direction: Which way is better; None leaves only the facts.
        tolerance: What counts as no gain, as a part of the improvement so far.
        last: How many of the newest judged points must lie together for "converged"; at least 5.
        planned_end: The x the run was meant to reach, where it is known.
        schedule_open: Whether the learning rate is known to change still; None if not known.
        kind: What kind of metric it is, for the width of projected intervals.
    """
    finite = np.isfinite(curve.values)
    x, values = resampled(curve.x[finite], curve.values[finite])
    facts = replace(_facts(curve, x, values, direction, tolerance), schedule_open=schedule_open)
    if direction is None:
        return facts
    unjudged = _unjudged(facts, curve, values)
    if unjudged is not None:
        return unjudged
    scale = Scale.of(values, direction)
    prefix = Prefix(places(x), scale.unitless(values))
    course = Course.of(prefix, tolerance, max(last, FEWEST_TOGETHER), kind)
    span = float(x[-1]) - origin(x)
    trend = _trend(facts.slope, direction, course.tolerated * scale.range / span)
    verdict = _verdict(course, trend)
    if schedule_open and verdict.state == "plateaued":
        verdict = _Verdict("plateaued", f"under the current learning rate: {PLATEAUED}")
    return replace(
        facts,
        state=verdict.state,
        converged=verdict.converged,
        rule=verdict.rule,
        why=(*clauses(course), *plan(float(x[-1]), planned_end, schedule_open=schedule_open)),
        improvement=course.improvement * scale.range,
        stalled=course.stalled,
        gains=tuple(_gain(ahead, x, scale.range) for ahead in course.ahead),
    )


def _facts(
    curve: Curve, x: "Floats", values: "Floats", direction: "Direction | None", tolerance: float
) -> Convergence:
    """Return what holds whatever the verdict; `x` and `values` are the resampled points."""
    points = int(np.count_nonzero(np.isfinite(curve.values)))
    return Convergence(
        state=None,
        converged=False,
        rule="no rule: which way is better is not known",
        why=(),
        tolerance=tolerance,
        improvement=None,
        best=_best(curve, direction),
        stalled=None,
        gains=(),
        slope=_slope(x, values),
        points=points,
        judged=len(x),
        dropped=len(curve) - points,
        schedule_open=None,
    )


def _best(curve: Curve, direction: "Direction | None") -> Best | None:
    finite = np.flatnonzero(np.isfinite(curve.values))
    if direction is None or not len(finite):
        return None
    known = curve.values[finite]
    at = int(finite[np.argmin(known) if direction == "lower" else np.argmax(known)])
    step = float(curve.steps[at])
    return Best(float(curve.values[at]), float(curve.x[at]), None if np.isnan(step) else step)


def _slope(x: "Floats", values: "Floats") -> Slope | None:
    """Return the Theil-Sen slope of the newest part with Sen's interval."""
    if len(x) < FEWEST_IN_SLOPE:
        return None
    newest = min(int(np.searchsorted(places(x), SLOPE_SINCE)), len(x) - FEWEST_IN_SLOPE)
    since, count = float(x[newest]), len(x) - newest
    scale = Scale.of(values, "lower")
    if scale.range == 0.0:
        return Slope(0.0, (0.0, 0.0), since, count)
    found = stats.theilslopes(scale.unitless(values[newest:]), places(x)[newest:], alpha=CONFIDENCE)
    unit = scale.range / (float(x[-1]) - origin(x))
    slope, low, high = (
        float(part) * unit for part in (found.slope, found.low_slope, found.high_slope)
    )
    return Slope(slope, (low, high), since, count)


def _unjudged(facts: Convergence, curve: Curve, values: "Floats") -> Convergence | None:
    """Return what stands without any rule, or None where the rules have something to judge."""
    if broken := _broken_tail(curve.values):
        why = f"the newest {broken} of {len(curve)} values are not finite"
        return replace(facts, state="diverging", rule="not finite any more", why=(why,))
    if facts.judged < FEWEST:
        why = (
            f"{facts.points} finite points in {facts.judged} stretches of x; "
            f"a judgement needs at least {FEWEST}"
        )
        return replace(facts, state="too_short", rule=f"fewer than {FEWEST} points", why=(why,))
    if Scale.of(values, "lower").range == 0.0:
        why = f"all {facts.judged} judged values are equal"
        return replace(facts, state="unsettled", rule="no rule: nothing changed yet", why=(why,))
    return None


def _broken_tail(values: "Floats") -> int:
    """Return how many of the newest values are not finite, unless it recovered from as many."""
    finite = np.flatnonzero(np.isfinite(values))
    if not len(finite):
        return 0
    recovered = int(np.max(np.diff(finite), initial=1)) - 1
    broken = len(values) - 1 - int(finite[-1])
    return broken if broken > recovered else 0


Trend = Literal["better", "worse", "neither"]


def _trend(slope: Slope | None, direction: "Direction", least: float) -> Trend:
    """Return which way the slope goes, where its interval leaves no doubt.

    A slope to the better that over the whole run would bring no more than the tolerance (`least`
    in units of the metric per unit of x) is neither: with enough points, any slope is significant.
    """
    if slope is None or slope.interval[0] <= 0.0 <= slope.interval[1]:
        return "neither"
    if (slope.interval[0] > 0.0) != (direction == "higher"):
        return "worse"
    return "better" if abs(slope.per_x) > least else "neither"


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    rule: str
    converged: bool = False


PLATEAUED = "a gain below the tolerance is projected, after 20 % of the run without progress"
CONVERGED = (
    "a gain below half the tolerance is projected, after 33 % of the run without progress, "
    "and the newest points lie within twice the tolerance"
)
GAINING = "a gain above the tolerance is projected, and its 80 % interval lies above 0"
SLOPING = (
    "the slope of the newest 30 % of the run goes the better way, beyond its 90 % interval, "
    "and would bring more than the tolerance in as long a run"
)
FALLING_BACK = "over 20 % of the improvement is lost, and the slope still goes the worse way"
WITHIN_NOISE = "no rule: the improvement so far is no more than noise"
NO_RULE = "no rule: neither progress nor its end is established"


def _verdict(course: Course, trend: Trend) -> _Verdict:
    """Judge: A ("plateaued") and S ("converged") are the rules of the module's figures."""
    if course.fallen_back and trend == "worse":
        return _Verdict("diverging", FALLING_BACK)
    if course.within_noise:
        return _Verdict("unsettled", WITHIN_NOISE)
    if course.plateaued(STALLED):
        still = course.levelled(LONG_STALLED)
        return _Verdict("plateaued", CONVERGED if still else PLATEAUED, converged=still)
    if course.gaining or trend == "better":
        return _Verdict("improving", GAINING if course.gaining else SLOPING)
    return _Verdict("unsettled", NO_RULE)


def _gain(ahead: Ahead | NotAhead, x: "Floats", unit: float) -> Gain:
    """Return a projected gain in units of the metric."""
    at = origin(x) + ahead.times * (float(x[-1]) - origin(x))
    if isinstance(ahead, NotAhead):
        return Gain(ahead.times, at, value=None, interval=None, cautious=None, why=ahead.why)
    interval = ahead.low * unit, ahead.high * unit
    return Gain(ahead.times, at, ahead.gain * unit, interval, ahead.cautious * unit, why=None)
