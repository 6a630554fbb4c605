"""The answer of convergence_check."""

from typing import TYPE_CHECKING, Literal

from samestep.answers import markdown
from samestep.answers.answer import Answer
from samestep.answers.markdown import line
from samestep.answers.record import Number, Record
from samestep.model import Direction
from samestep.phrases import number
from samestep.rules import RuleId

if TYPE_CHECKING:
    import pandas as pd

State = Literal["improving", "plateaued", "diverging", "too_short", "unsettled"]
Convergence = Literal["converged", "plateaued", "improving", "diverging", "undecided"]


class CurveAt(Record):
    """The metric judged, and how far its curve has come."""

    metric: str
    """The metric."""
    direction: Direction | None
    """Which way is better; null leaves only the facts."""
    direction_why: str
    """Who says so."""
    axis: str
    """The x-axis it is judged on."""
    unit: str
    """What the axis counts."""
    current: Number
    """The newest x of the metric."""
    points: int
    """The finite points it rests on."""


class TailPoint(Record):
    """One of the last epochs of the curve."""

    x: Number
    """Where it stands."""
    step: Number | None
    """The step it was logged at; null where its row names none."""
    value: Number
    """The value logged."""


class Best(Record):
    """The best value logged so far."""

    value: Number
    """The value."""
    x: Number
    """Where it was logged."""
    step: Number | None
    """The step it was logged at."""


class ProjectedGain(Record):
    """How much better the metric is expected to be further on."""

    times: Number
    """How far ahead: 2 is twice the run so far."""
    x: Number
    """The x that is."""
    gain: Number | None
    """The expected gain, above 0 for better; null with the reason."""
    interval: tuple[Number, Number] | None
    """Its 80 % interval."""
    method: str
    """How it was projected."""
    why: str | None
    """Why there is none."""


class Slope(Record):
    """The slope of the newest part of the curve."""

    per_x: Number
    """Median slope, in units of the metric per unit of x."""
    interval: tuple[Number, Number]
    """Its 90 % interval."""
    since: Number
    """The x from which it was taken."""


class Tolerance(Record):
    """What counts as no gain."""

    part: Number
    """The part of the improvement so far."""
    value: Number | None
    """The same in units of the metric; null where nothing was judged."""
    of: str
    """What it is a part of."""


class ConvergenceVerdict(Record):
    """The only place in the answer where a judgement stands."""

    kind: Convergence
    """The judgement."""
    blocked_by: list[RuleId]
    """The rules that keep it from being more."""
    text: str
    """The judgement in words."""


class ConvergenceAnswer(Answer):
    """Whether a curve still improves, with its last epochs beside the word."""

    tool: str = "convergence_check"
    curve: CurveAt
    """The metric judged."""
    tail: list[TailPoint]
    """The last epochs of the curve, or its last points where there is no epoch axis."""
    state: State | None
    """What the curve does; null where nobody knows which way is better."""
    tolerance: Tolerance
    """What counts as no gain."""
    best: Best | None
    """The best value so far."""
    stalled: Number | None
    """The part of the run since the smoothed best last improved by the tolerance."""
    projected_gain: list[ProjectedGain]
    """The gain expected at 1.25 times and at twice the run so far."""
    slope: Slope | None
    """The slope of the newest part."""
    rule: str
    """The rule that decided, in words."""
    why: list[str]
    """What was found."""
    verdict: ConvergenceVerdict
    """The judgement."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        curve = self.curve
        tail = [[number(p.x), number(p.step), number(p.value)] for p in self.tail]
        return markdown.page(
            self,
            [
                line(f"Verdict: {self.verdict.kind}{self._short_of()}. {self.verdict.text}"),
                markdown.table(["x", "step", curve.metric], tail),
                "\n".join(map(line, [*self._facts(), *self.why])),
                markdown.table(["times", "x", "gain", "80 % interval", "method"], self._gains()),
            ],
        )

    def _short_of(self) -> str:
        rules = self.verdict.blocked_by
        return f" (short of more: {', '.join(rules)})" if rules else ""

    def _facts(self) -> list[str]:
        curve, part = self.curve, self.tolerance
        better = f"{curve.direction or 'direction unknown'} ({curve.direction_why})"
        current = f"{curve.axis} {number(curve.current)} ({curve.unit})"
        facts = [
            f"{curve.metric}, {better}; {curve.points} points up to {current}.",
            f"State: {self.state or 'not judged'}. Rule: {self.rule}.",
            f"Tolerance: {number(part.part)} of {part.of} ({number(part.value)}).",
            f"Stalled: {number(self.stalled)} of the run.",
        ]
        if self.best:
            at = f"{number(self.best.x)}, step {number(self.best.step)}"
            facts.append(f"Best: {number(self.best.value)} at {at}.")
        if self.slope:
            interval = f"90 % interval {_interval(self.slope.interval)}"
            since = number(self.slope.since)
            facts.append(f"Slope: {number(self.slope.per_x)} per x since {since}, {interval}.")
        return facts

    def _gains(self) -> list[list[str]]:
        return [
            [
                number(gain.times),
                number(gain.x),
                number(gain.gain),
                _interval(gain.interval),
                gain.why or gain.method,
            ]
            for gain in self.projected_gain
        ]

    def to_frame(self) -> "pd.DataFrame":
        """Return the tail, one row per point."""
        import pandas as pd

        return pd.DataFrame([point.model_dump() for point in self.tail])


def _interval(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{number(interval[0])}..{number(interval[1])}"
