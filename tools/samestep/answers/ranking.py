"""The answer of rank_runs."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from samestep.analysis.ranking.constraints import Status
from samestep.answers import ranking_text
from samestep.answers.answer import Answer
from samestep.answers.comparison import MetricCharacter
from samestep.answers.decision import DecisionRecord
from samestep.answers.record import Number, Record, Sparse
from samestep.model import Direction, Match, State
from samestep.rules import RuleId
from samestep.verdict import Kind

if TYPE_CHECKING:
    import pandas as pd

Evidence = Literal["seeds", "declared", "borrowed", "curve", "none"]
How = Match | Literal["once", "final"]


class RankedAt(Record):
    """Where a ranking stands."""

    axis: str
    """The x-axis."""
    unit: str
    """What the axis counts."""
    value: Number
    """The x every ranked value stands at."""
    why: str
    """Why this x."""
    newest: Number
    """The newest x that a candidate has reached."""


class Counts(Record):
    """How many candidates there are, over all pages."""

    candidates: int
    """All of them, what could not be read included."""
    ranked: int
    """Those ranked."""
    removed: int
    """Those that a constraint removed."""
    apart: int
    """Those that cannot be ranked at this x."""


class Held(Sparse):
    """One candidate and one constraint."""

    metric: str
    """The metric."""
    status: Status
    """Whether it is met; unknown never passes."""
    value: Number | None
    """The metric's value, the mean over seeds; null when absent."""
    slack: Number | None
    """How far the value is from the limit; below 0 where it is violated."""
    how: How | None = None
    """How the value was found: at x, once before x, or without a step."""
    x: Number | None = None
    """Where the value stands, if not at x."""
    why: str | None = None
    """Why it is unknown."""


class Ranked(Sparse):
    """One candidate with its place."""

    place: int
    """Its place, 1 the best value; equal values keep the order asked."""
    full_name: str
    """The run or group of seeds."""
    run: str | None
    """Its reference; null for runs put together."""
    runs: list[str] | None = None
    """The references of the runs put together."""
    value: Number
    """The value at x, the mean over seeds."""
    match: Match
    """How it was found."""
    step: Number | None
    """The step it was logged at; null for an interpolated value or a group."""
    gap: Number | None = None
    """How far the nearest logged point lies from x."""
    between: tuple[Number, Number] | None = None
    """The two x around an interpolated value."""
    n: int | None = None
    """How many seeds of a group count."""
    spread: Number | None = None
    """The standard deviation over them."""
    not_counted: dict[str, str] | None = None
    """Seeds that do not count, each with the reason."""
    interval: tuple[Number, Number] | None
    """The 95 % interval of the mean over seeds; null where no deviation from seed to seed is
    known."""
    shrunken: Number | None = None
    """The value drawn to the mean of all, as far as their differences are noise of seeds."""
    behind: Number | None = None
    """How much worse than the first; absent for the first."""
    adjusted_p: Number | None = None
    """The p-value against the first, Holm-adjusted for all ranked."""
    evidence: Evidence | None = None
    """What tells it from the first: its seeds (Welch), a deviation declared or borrowed from
    other candidates, for single runs the noise of their curves (no test), or nothing."""
    tied: bool
    """Whether it cannot be told from the first."""
    constraints: list[Held] = Field(default_factory=list[Held])
    """How it keeps to the constraints."""
    objectives: dict[str, Number] = Field(default_factory=dict[str, Number])
    """Its values on the other objectives."""
    front: bool = False
    """Whether no candidate dominates it over all objectives."""
    dominated_by: list[str] = Field(default_factory=list[str])
    """Candidates that dominate it, at most three."""
    on_front: Number | None = None
    """How often it is on the front when seeds are drawn anew."""


class Removed(Sparse):
    """One candidate that does not keep to the constraints."""

    full_name: str
    """The run or group of seeds."""
    run: str | None
    """Its reference; null for runs put together."""
    runs: list[str] | None = None
    """The references of the runs put together."""
    value: Number
    """Its value of the metric at x."""
    match: Match
    """How it was found."""
    constraints: list[Held]
    """The constraints it violates, or of which nothing is known."""


class Apart(Sparse):
    """One candidate that cannot be ranked at this x."""

    full_name: str
    """The run or group of seeds, or where it lies if it cannot be read."""
    run: str | None
    """Its reference; null for runs put together."""
    runs: list[str] | None = None
    """The references of the runs put together."""
    state: State
    """Its state."""
    reached: Number | None
    """The newest x of the metric; null where it has none."""
    why: str
    """Why it is not ranked."""


class ConstraintSummary(Record):
    """One constraint over all candidates at x."""

    metric: str
    """The metric."""
    constraint: str
    """What its value has to keep to."""
    meets: int
    """How many do."""
    violates: int
    """How many do not."""
    unknown: int
    """Of how many it is not known."""
    removed_alone: int
    """How many it removed that keep to all others."""


class Selection(Record):
    """How much of the first's lead may be luck."""

    candidates: int
    """How many were ranked: the more, the higher the first by luck."""
    spread: Number | None
    """The deviation from seed to seed; null where nobody knows it."""
    spread_from: str
    """Where it is known from, or why not."""
    first: Number
    """The first's value."""
    shrunken: Number | None
    """The same, drawn to the mean of all; null where it cannot be estimated."""


class Objective(Record):
    """One thing to be improved."""

    metric: str
    """The metric."""
    direction: Direction
    """Which way is better."""
    epsilon: Number
    """A difference up to this dominates nobody: the deviation from seed to seed, 0 if unknown."""


class Pareto(Record):
    """Several objectives at once."""

    objectives: list[Objective]
    """What is to be improved, the metric first."""
    front: list[str]
    """Candidates that nobody dominates, at most twenty; they stand in the order of the metric."""
    front_left: int
    """How many more."""
    knee: str | None
    """The one farthest beyond the chord between the ends of the front; null where none is."""
    unknown: list[str]
    """Ranked candidates that lack an objective's value, at most twenty."""
    unknown_left: int
    """How many more."""
    resampled: str
    """How `on_front` was found, or why not."""


class RankingVerdict(Record):
    """The only place in a ranking where a judgement stands."""

    kind: Kind
    """The judgement of the first against all others; what is weakest counts."""
    winner: str | None
    """The winner's full name; null short of a winner."""
    blocked_by: list[RuleId]
    """The rules that keep the judgement from being more."""
    text: str
    """The judgement in words."""


class Ranking(Answer):
    """Candidates in order at the same x."""

    tool: str = "rank_runs"
    at: RankedAt
    """Where the ranking stands."""
    metric: MetricCharacter
    """The metric, with its role and direction."""
    counts: Counts
    """How many candidates, over all pages."""
    test: str
    """What tells candidates from the first."""
    first: list[str]
    """The first, and all that cannot be told from it, at most twenty."""
    first_left: int
    """How many more cannot be told from it."""
    ranked: list[Ranked]
    """The candidates of this page, the best value first."""
    constraints: list[ConstraintSummary]
    """What the candidates have to keep to."""
    removed: list[Removed]
    """Candidates that do not, of this page."""
    apart: list[Apart]
    """Candidates that have not reached x or cannot be compared there, of this page."""
    selection: Selection | None
    """How much of the first's lead may be luck; null with fewer than two ranked."""
    pareto: Pareto | None
    """Several objectives at once; null where none was asked for."""
    verdict: RankingVerdict
    """The judgement."""
    record: DecisionRecord | None
    """What was decided and on what, for a model registry's notes; on the first page."""
    left: int
    """Candidates beyond this page: ranked, then removed, then apart."""
    next_cursor: str | None
    """Pass it as `cursor` for the next; null on the last page."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        return ranking_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per ranked candidate of the page."""
        import pandas as pd

        return pd.json_normalize([row.model_dump(mode="python") for row in self.ranked])
