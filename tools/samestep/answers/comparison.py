"""The answer of compare_same_epoch."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from samestep.answers import comparison_text
from samestep.answers.answer import Answer
from samestep.answers.record import Number, Record, Sparse
from samestep.answers.slices import SliceFamily
from samestep.model import Direction, Match, Role
from samestep.rules import RuleId
from samestep.verdict import Better, Kind

if TYPE_CHECKING:
    import pandas as pd

Outlook = Literal["on_track", "not_on_track", "undecided", "already_ahead", "refused"]


class At(Record):
    """Where the comparison stands."""

    axis: str
    """The x-axis."""
    unit: str
    """What the axis counts."""
    value: Number
    """The x compared at."""
    student_current: Number
    """The newest x the student has reached, by its history."""


class MetricCharacter(Record):
    """What a metric is for, and which way is better."""

    metric: str
    """The metric's name, as the student logs it."""
    role: Role
    """Whether it is a cheap proxy or what the project exists to improve."""
    role_why: str
    """Who says so."""
    direction: Direction | None
    """Which way is better; null when nobody knows."""
    direction_why: str
    """Who says so."""


class Cell(Sparse):
    """One side's value at one x, with how it was found; or its absence, with the reason."""

    full_name: str
    """The run or group."""
    value: Number | None
    """The value, the mean for a group; null when absent."""
    x: Number | None = None
    """Where the value stands."""
    step: Number | None = None
    """The step it was logged at; null for an interpolated value or a group."""
    match: Match | Literal["final"] | None = None
    """How it was found."""
    gap: Number | None = None
    """How far the nearest logged point lies from x."""
    between: tuple[Number, Number] | None = None
    """The two x around an interpolated value."""
    absent: str | None = None
    """Why there is no value."""
    metric: str | None = None
    """The name this side logs the metric by, where it differs from the row's."""
    spread: Number | None = None
    """The standard deviation over a group's members."""
    n: int | None = None
    """How many members of a group count."""
    seeds: list[str] | None = None
    """Their seeds, or their names where a config names none."""
    not_counted: dict[str, str] | None = None
    """Members of a group that do not count, each with the reason."""


class Row(Sparse):
    """One metric against one baseline."""

    metric: str
    """The metric."""
    student: Cell
    """The student's value."""
    baseline: Cell
    """The baseline's value."""
    delta: Number | None
    """Student minus baseline; null when either is absent or they cannot be subtracted."""
    better: Better | None
    """Which value is better; null when equal or when the direction is not known."""
    noise: Number | None
    """Standard deviation of delta for no reason: over seeds, else from point to point.

    A delta of at most 1.96 times the noise is within noise."""
    outlook: Outlook | None
    """Whether a student that is behind will catch up. A difference within noise is undecided;
    null beside a difference where the answer had no room (a caveat counts these)."""
    lag: Number | None = None
    """How far behind along x the baseline had the student's smoothed present; below 0 is ahead."""
    lag_moved: Number | None = None
    """How much the lag grew over the last quarter of the common x; below 0 it shrank."""
    lag_why: str | None = None
    """Why there is no lag, or no telling how it moved."""
    lags_by: Number = 0.0
    """How far this row stands before the x of the comparison."""
    noise_from: str | None = None
    """Who gives the noise, where it is not taken from the curves or over seeds."""
    minimum_effect: Number | None = None
    """The smallest difference that matters, where one is declared; less is within noise."""
    baseline_ended: Number | None = None
    """Where the baseline's log of the metric ended, if before the student; both cells stand there."""


class CatchUp(Sparse):
    """What an outlook rests on: on_track from a probability of 0.6, not_on_track up to 0.15."""

    metric: str
    """The metric."""
    baseline: str
    """The baseline's full name."""
    outlook: Outlook
    """Whether the student will catch up."""
    at: Number | None
    """The x it is expected at; null where it is not expected."""
    interval: tuple[Number, Number | None] | None
    """The 80 % interval of that x: from the earliest, to null for maybe never."""
    method: str
    """What is carried on: the student's own course by power laws; where a finished baseline's
    schedule agrees, also the baseline's recorded future at the student's gap and lag."""
    why: str
    """What decided, or why nothing is projected."""
    points: tuple[int, int] | None = None
    """Finite points of the student and of the baseline it rests on."""
    probability: Number | None = None
    """How likely the student gets ahead, and stays so for a while, by `until`."""
    until: Number | None = None
    """The x up to which it was looked."""
    behind_then: tuple[Number, Number] | None = None
    """The 80 % interval of how far behind the student is at `until`; below 0 ahead."""
    naive_not_used: Number | None = None
    """Where a straight line through the last five differences ends them; null for nowhere."""


class Against(Sparse):
    """The judgement against one baseline."""

    baseline: str
    """The baseline's full name."""
    metric: str | None
    """The metric judged; null where every metric of the role has the same judgement."""
    role: Role
    """The metric's role."""
    kind: Kind
    """The judgement."""
    winner: str | None = None
    """The winner's full name, where there is one."""


class Verdict(Record):
    """The only place in an answer where a judgement stands."""

    kind: Kind | None
    """The judgement all baselines and metrics share; null where they differ."""
    winner: str | None
    """The winner's full name; null short of a winner."""
    blocked_by: list[RuleId]
    """The rules that keep the judgement from being more."""
    text: str
    """The judgement in words."""
    against: list[Against]
    """The judgement against each baseline."""


class Comparison(Answer):
    """A student against its baselines at the same x."""

    tool: str = "compare_same_epoch"
    at: At
    """Where the comparison stands."""
    metrics: list[MetricCharacter]
    """Every metric compared, with its role and direction."""
    proxy: list[Row]
    """Cheap metrics that track convergence; they decide nothing."""
    downstream: list[Row]
    """What the project exists to improve."""
    slices: list[SliceFamily] = Field(default_factory=list[SliceFamily])
    """Scores over segments that have no rows of their own, opened; on the first page."""
    catch_up: list[CatchUp]
    """Details of the outlooks, where there are any."""
    verdict: Verdict
    """The judgement."""
    metrics_left: int
    """Shared metrics beyond this page."""
    next_cursor: str | None
    """Pass it as `cursor` for the next metrics; null on the last page."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        return comparison_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per metric and baseline, the cells' fields as `student.x`, `baseline.x`."""
        import pandas as pd

        rows = [
            {"role": role, **row.model_dump(mode="python")}
            for role, rows in (("downstream", self.downstream), ("proxy", self.proxy))
            for row in rows
        ]
        return pd.json_normalize(rows)
