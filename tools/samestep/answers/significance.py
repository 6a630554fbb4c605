"""The answer of significance_test."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from samestep.answers import significance_text
from samestep.answers.answer import Answer
from samestep.answers.comparison import Against, MetricCharacter
from samestep.answers.record import Number, Record, Sparse
from samestep.model import Match
from samestep.rules import RuleId
from samestep.verdict import Kind

if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["significant", "not significant", "cannot tell", "not comparable"]
Unit = Literal["seeds", "folds", "examples", "tasks", "runs"]


class SeedValue(Sparse):
    """The value of one run at x."""

    full_name: str
    """The run's full name."""
    seed: str | None
    """Its seed, or its fold; null where its config names none."""
    value: Number
    """The value."""
    x: Number
    """Where it stands."""
    step: Number | None
    """The step it was logged at; null where it is interpolated or its row names none."""
    match: Match
    """How it was found."""
    gap: Number | None = None
    """How far the nearest point lies from x."""


class Sample(Sparse):
    """What one side has."""

    full_name: str
    """The side's full name, or its file."""
    n: int
    """How many values count."""
    mean: Number | None
    """Their mean; null where there is none."""
    absent: str | None = None
    """Why there is none."""
    spread: Number | None = None
    """Their standard deviation; null for a single one."""
    interval: tuple[Number, Number] | None = None
    """95 % t-interval of the mean."""
    match: Match | None = None
    """The least direct way in which a value was found."""
    not_counted: dict[str, str] | None = None
    """Runs of the side that do not count at x, each with its reason."""
    values: list[SeedValue] = Field(default_factory=list[SeedValue])
    """The value of each run, as far as the answer has room."""


class GivenTest(Sparse):
    """What one test says."""

    test: str
    """Its name."""
    n: tuple[int, int]
    """How many values of each side it rests on; of pairs, twice the same."""
    p: Number | None
    """Two-sided p-value; null where it gives none, or can say nothing."""
    statistic: Number | None = None
    """Its statistic."""
    df: Number | None = None
    """Its degrees of freedom."""
    interval: tuple[Number, Number] | None = None
    """95 % interval of a's mean minus b's."""
    why_not: str | None = None
    """Why it says nothing, and what it needs."""
    how: str | None = None
    """What else is to be known of how it was done."""


class Superiority(Record):
    """How likely a run of a lies above one of b, ties half."""

    value: Number
    """The part of pairs."""
    interval: tuple[Number, Number] | None
    """Its 95 % bootstrap interval; null where every pair says the same."""


class DifferenceRow(Sparse):
    """One metric of a against one b, at one x."""

    metric: str
    """The metric."""
    task: str | None = None
    """The task or data set, where runs are of several."""
    x: Number | None
    """Where both stand; null for files that name no step."""
    unit: Unit
    """What `n` counts."""
    a: Sample
    """What a has."""
    b: Sample
    """What b has."""
    delta: Number | None
    """a's mean minus b's; null where either is absent or they cannot be subtracted."""
    better: Literal["a", "b"] | None
    """Whose mean is better; null when equal or when the direction is not known."""
    given: GivenTest
    """The test that counts."""
    why: str
    """Why this test."""
    adjusted_p: Number | None
    """Its p-value after Holm's correction for all rows of its kind."""
    outcome: Outcome
    """What the test says at the 5 % level, two-sided."""
    beside: list[GivenTest] = Field(default_factory=list[GivenTest])
    """Other tests; they decide nothing."""
    separate: bool = False
    """Whether the two 95 % intervals of the means do not even touch."""
    superiority: Superiority | None = None
    """From five runs a side: how often a run of a lies above one of b."""
    detectable: Number | None = None
    """The smallest difference that so many runs with this spread find 8 times out of 10."""
    minimum_effect: Number | None = None
    """The smallest difference that matters, where one is declared."""
    noise: Number | None = None
    """Of a single run: standard deviation of delta for no reason, from point to point."""
    suggestive: Literal["beyond", "within"] | None = None
    """Of a single run: whether the difference is beyond or within what seeds vary by."""
    noise_from: str | None = None
    """Who says how much seeds vary."""


class Estimate(Record):
    """A number with its 95 % interval."""

    value: Number
    """The number."""
    interval: tuple[Number, Number]
    """Its interval: runs resampled within each task."""


class Aggregate(Record):
    """Two sides over all tasks they share."""

    b: str
    """The other side's full name."""
    tasks: int
    """How many tasks."""
    fewest_runs: tuple[int, int]
    """The fewest runs of a task, of a and of b."""
    a_iqm: Estimate
    """a's interquartile mean over all runs and tasks."""
    b_iqm: Estimate
    """The same of b."""
    difference: Estimate
    """a's minus b's."""
    improvement: Estimate
    """How likely a run of a lies above one of b on a task, every task counting the same."""


class RankedSide(Record):
    """One side's mean rank over data sets."""

    full_name: str
    """The side."""
    rank: Number
    """Its mean rank; 1 is best."""


class Ranking(Record):
    """Several sides over many data sets."""

    given: GivenTest
    """Friedman's test that any side differs, in Iman and Davenport's form."""
    ranks: list[RankedSide]
    """Every side."""


class PredictionFile(Record):
    """One file of predictions, a row per example."""

    file: str
    """The path, as it was given."""
    examples: int
    """Examples that count."""
    id_column: str
    """The column that tells examples apart."""
    value_column: str
    """The column the metric is read from."""
    places: dict[str, Number]
    """Where in training the model was, if every row says the same."""
    not_paired: int
    """Examples the other file does not hold; they do not count."""
    complete: bool
    """False when anything was skipped; a caveat then says what."""


class TestedAgainst(Against):
    """The judgement of a against one b."""

    task: str | None = None
    """The task, where a and b are compared on several."""


class SignificanceVerdict(Record):
    """The only place in the answer where a judgement stands."""

    kind: Kind | None
    """The judgement all rows share; null where they differ."""
    winner: str | None
    """The winner's full name; null short of a winner."""
    blocked_by: list[RuleId]
    """The rules that keep the judgement from being more."""
    text: str
    """The judgement in words."""
    against: list[TestedAgainst]
    """The judgement of a against each b."""


class StandsAt(Record):
    """Where the test stands."""

    axis: str
    """The x-axis."""
    unit: str
    """What the axis counts."""
    value: Number
    """The x: nothing later is looked at."""


class SignificanceAnswer(Answer):
    """Whether a difference between groups of runs is more than chance, at the same x."""

    tool: str = "significance_test"
    at: StandsAt | None
    """Where the test stands; null for files of predictions."""
    metrics: list[MetricCharacter]
    """Every metric tested, with its role and direction."""
    rows: list[DifferenceRow]
    """One row per metric, task and b."""
    rows_left: int
    """Rows beyond those shown; they count in the correction."""
    compared: int
    """How many p-values were adjusted together; those of rows over all tasks are apart."""
    values_left: int = 0
    """Values of runs that there is no room for; fetch_history gives them."""
    aggregates: list[Aggregate] = Field(default_factory=list[Aggregate])
    """The sides over all tasks, where there are enough."""
    ranking: Ranking | None = None
    """The ranks of several sides over data sets, where they were asked for."""
    files: list[PredictionFile] = Field(default_factory=list[PredictionFile])
    """The files read, where a and b are files of predictions."""
    verdict: SignificanceVerdict
    """The judgement."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        return significance_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per metric, task and b, the fields of the sides as `a.mean`, `b.mean`."""
        import pandas as pd

        return pd.json_normalize([row.model_dump(mode="python") for row in self.rows])
