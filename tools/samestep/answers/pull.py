"""The answer of pull: everything about a few runs, and what they differ in."""

from typing import TYPE_CHECKING, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from samestep.answers import pull_text
from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison
from samestep.answers.configs import ConfigComparison
from samestep.answers.history import Axis, Rows, SchemaRow, Setting, StatsRow
from samestep.answers.record import Number, Record, Sparse
from samestep.formats.checkpoints.torch_files import Form
from samestep.model import Match

if TYPE_CHECKING:
    import pandas as pd

Section = Literal["config", "summary", "history", "schema", "stats"]
USUAL: tuple[Section, ...] = ("config", "summary", "history")
"""The sections of a run that are shown where none is named."""


class SavedValue(Sparse):
    """One metric where a checkpoint was saved, with how it was found; or why it has no value."""

    metric: str
    """Its name."""
    value: Number | None
    """Its value there; null when absent."""
    x: Number | None = None
    """Where the value stands."""
    step: Number | None = None
    """The step it was logged at; null for an interpolated value."""
    match: Match | None = None
    """How it was found."""
    gap: Number | None = None
    """How far the nearest logged point lies from where the checkpoint was saved."""
    between: tuple[Number, Number] | None = None
    """The two x around an interpolated value."""
    absent: str | None = None
    """Why there is no value."""


class SavedCheckpoint(Record):
    """A checkpoint, the run that saved it, and how good that was then."""

    checkpoint: str
    """Its path, as it was asked for."""
    full_name: str
    """The run that saved it."""
    how: str
    """How that is known, as a clause."""
    form: Form
    """What kind of file it is, or a directory."""
    epoch: Number | None
    """Its epoch as written, whatever that counts from; null where it names none."""
    step: Number | None
    """Its step; null where it names none."""
    keys: list[str]
    """Its outermost keys."""
    more_keys: int | None
    """Keys beyond those listed; null where only some are known."""
    axis: str | None
    """The run's x-axis; null where it logged nothing over time."""
    x: Number | None
    """Where on it the checkpoint was saved; null where that is not known."""
    placed: str
    """How it was placed there, or why it is not, as a clause."""
    values: list[SavedValue]
    """The run's metrics there, the most telling first."""


class SummaryValue(Record):
    """The newest value of one metric, or one that was logged once."""

    metric: str
    """Its name."""
    value: Number
    """Its value."""
    step: Number | None
    """The step it was logged at; null where it has none."""
    x: Number | None
    """Where on the run's axis it stands; null where it has no place there."""
    origin: str
    """Where it comes from: the history, or a record outside it."""


class PulledRun(Record):
    """The sections of one run; a section that was not asked for is null."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    full_name: str
    """The run."""
    x: Axis | None
    """The axis of its values; null where it has none."""
    config: list[Setting] | None
    """Its settings."""
    summary: list[SummaryValue] | None
    """The newest value of each metric, and values logged once, each with its step or none."""
    history: Rows | None
    """Its rows."""
    metrics: list[SchemaRow] | None = Field(alias="schema")
    """The metrics it logged."""
    stats: list[StatsRow] | None
    """Statistics over all rows that the condition leaves."""


class ComparedSummary(Sparse):
    """One metric's newest values, or those logged once, side by side."""

    metric: str
    """Its name."""
    values: list[Number | None]
    """The value of each run, in the order of `runs`; null where it has none."""
    steps: list[Number | None]
    """The step each value was logged at; null where it has none."""
    deltas: list[Number | None]
    """The first run's value minus that of each other run, where both stand at one step."""
    why_not: str = ""
    """Why a delta is null, as a clause."""

    @model_validator(mode="after")
    def _only_at_one_step(self) -> Self:
        """Refuse a difference between values of two steps."""
        first, *others = self.steps
        for step, delta in zip(others, self.deltas, strict=True):
            if delta is not None and (step is None or step != first):
                raise ValueError(f"{self.metric}: a difference between two steps")
        if None in self.deltas and not self.why_not:
            raise ValueError(f"{self.metric}: no difference, and no reason")
        return self


class LeftOut(Record):
    """What a section leaves out, and the flag that shows it."""

    section: str
    """The section."""
    left: int
    """How many are not shown, of all runs together."""
    what: str
    """What they are: settings, metrics, rows."""
    shown_by: str
    """The flag of `samestep pull` that shows them."""


class Pulled(Answer):
    """What made a checkpoint, and everything about a few runs."""

    tool: str = "pull"
    checkpoints: list[SavedCheckpoint]
    """The checkpoints asked for."""
    pulled: list[PulledRun]
    """The sections of each run, in the order of `runs`."""
    comparison: Comparison | None
    """The first run against the others at the same x; null for one run."""
    config_diff: ConfigComparison | None
    """The settings in which the runs differ; null for one run."""
    summary_comparison: list[ComparedSummary] | None
    """Their newest values side by side; null for one run."""
    left_out: list[LeftOut]
    """What is not shown, and how to see it."""

    @model_validator(mode="after")
    def _names_runs_and_counts_rows(self) -> Self:
        """Refuse a name that leads to no run, and a sample of rows that nothing counts."""
        names = [entry.full_name for entry in self.runs]
        if [one.full_name for one in self.pulled] != names:
            raise ValueError(f"sections of other runs than {names}")
        strangers = {one.full_name for one in self.checkpoints} - set(names)
        if strangers:
            raise ValueError(f"checkpoints of other runs: {sorted(strangers)}")
        counted = any((one.section, one.what) == ("HISTORY", "rows") for one in self.left_out)
        if any(one.history and one.history.sampled for one in self.pulled) and not counted:
            raise ValueError("rows are left out, and nothing counts them")
        return self

    def to_markdown(self) -> str:
        """Return the same answer in sections, always in the same order."""
        return pull_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return the rows shown of every run, one below the other, with the run's full name."""
        import pandas as pd

        frames = [
            pd.DataFrame(one.history.rows, columns=one.history.columns).assign(run=one.full_name)
            for one in self.pulled
            if one.history is not None
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
