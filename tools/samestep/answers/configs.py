"""The answer of compare_configs."""

from typing import TYPE_CHECKING, Literal

from samestep.answers import configs_text
from samestep.answers.answer import Answer
from samestep.answers.record import Number, Record, Sparse

if TYPE_CHECKING:
    import pandas as pd

Part = Literal["parameters", "lineage", "environment", "resources"]
PARTS: tuple[Part, ...] = ("parameters", "lineage", "environment", "resources")


class Parameter(Sparse):
    """One setting in which the runs differ."""

    key: str
    """Its name, dotted where it was nested."""
    values: list[object]
    """Its value in each run, in the order of `runs`, as what it spells; secrets are `[redacted]`."""
    absent: tuple[str, ...] = ()
    """The runs whose config does not name it; their value is null."""


class Parameters(Record):
    """The settings of the runs."""

    equal: int
    """How many settings are the same in every run."""
    differing: list[Parameter]
    """Those that are not, on this page."""


class RecordRow(Sparse):
    """One thing that is recorded of where the runs come from, or where they ran."""

    what: str
    """What it is: code, dataset, seed, python, cuda."""
    origin: str
    """Which record says so."""
    values: list[str | None]
    """What is recorded for each run, in the order of `runs`; null where nothing is."""
    same: bool
    """Whether it is the same for every run."""


class ResourceRow(Sparse):
    """What the runs cost in one respect, as far as it was logged."""

    what: str
    """Training time (seconds), GPU memory, throughput, latency or model size."""
    origin: str
    """The metric, setting or record it is read from; its unit is the one logged."""
    how: str
    """How it was read: at x, or over everything up to x."""
    values: list[Number | None]
    """The cost of each run, in the order of `runs`; null where it was not logged."""


class Resources(Record):
    """What the runs cost up to the same x."""

    axis: str | None
    """The x-axis; null where the runs share none."""
    unit: str | None
    """What it counts."""
    value: Number | None
    """The x up to which costs are read: the newest that all runs have reached."""
    rows: list[ResourceRow]
    """The costs."""


class Change(Record):
    """One thing that changed between the runs and may have made a difference."""

    what: str
    """The setting, or what is recorded."""
    origin: str
    """Which record says so."""
    values: list[str]
    """What each run has, in the order of `runs`, shortened where it is long."""


class Seeds(Record):
    """Runs that are equal in everything but the seed."""

    members: list[str]
    """Their full names."""
    by: list[str]
    """The settings that hold the seed and differ; none where it is the same or not recorded."""


class ConfigComparison(Answer):
    """What differs between runs, and which of it may have made a difference."""

    tool: str = "compare_configs"
    parameters: Parameters | None
    """The settings; null where not asked for."""
    lineage: list[RecordRow] | None
    """Code, data and seeds, as far as they are recorded; null where not asked for."""
    environment: list[RecordRow] | None
    """Where the runs ran, as far as that is recorded; null where not asked for."""
    resources: Resources | None
    """What the runs cost up to the same x; null where not asked for."""
    changed: list[Change]
    """What changed: of one thing it may be said that it is the difference, of more only the list."""
    changed_left: int
    """Changes beyond those listed."""
    groups: list[Seeds]
    """Which of the runs are seeds of one thing."""
    parameters_left: int
    """Differing settings beyond this page."""
    next_cursor: str | None
    """Pass it as `cursor` for the next settings; null on the last page."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        return configs_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return the settings that differ, one row each, with a column per run."""
        import pandas as pd

        names = [entry.full_name for entry in self.runs]
        differing = self.parameters.differing if self.parameters else []
        rows = [
            {"setting": one.key, **dict(zip(names, one.values, strict=True))} for one in differing
        ]
        return pd.DataFrame(rows, columns=pd.Index(["setting", *names]))
