"""The answer of parameter_importance."""

from typing import TYPE_CHECKING, Literal

from samestep.answers import importance_text
from samestep.answers.answer import Answer
from samestep.answers.comparison import MetricCharacter
from samestep.answers.ranking import Apart, RankedAt
from samestep.answers.record import Number, Record, Sparse

if TYPE_CHECKING:
    import pandas as pd

Strength = Literal["refused", "unexplained", "weak", "reported"]


class ParameterImportance(Sparse):
    """One setting that varies."""

    key: str
    """Its name, dotted where it was nested."""
    kind: Literal["number", "category"]
    """How it was looked at; a setting that is off is a value of its own."""
    logarithmic: bool = False
    """Whether a number was looked at by its logarithm."""
    distinct: int
    """How many values it has."""
    values: list[str]
    """Its values, at most eight: the smallest and the largest of numbers."""
    importance: Number | None
    """How much of R^2 is lost when it is shuffled; null where no importance is given."""
    spread: Number | None
    """The standard deviation of that over draws."""
    stands_out: bool | None
    """Whether it lies above 0 by more than twice its spread."""
    trend: Number | None
    """The rank correlation of a number with the metric; null for others."""


class MovedTogether(Record):
    """Two settings that were seldom changed one without the other."""

    one: str
    """The one."""
    other: str
    """The other."""
    correlation: Number
    """Their rank correlation."""


class ImportanceAnswer(Answer):
    """How much a metric depends on each setting, as far as the runs tell."""

    tool: str = "parameter_importance"
    at: RankedAt
    """Where the runs are compared."""
    metric: MetricCharacter
    """The metric."""
    strength: Strength
    """Whether importances are refused, explain too little, are weak, or are reported."""
    why: str
    """Which rule that follows from."""
    configurations: int
    """Configurations with a value at x; seeds of one count once, by their mean."""
    counted: int
    """Runs with a value at x."""
    apart: list[Apart]
    """Runs or groups without one, which do not count; at most twenty."""
    apart_left: int
    """How many more."""
    explained: Number | None
    """R^2 on configurations held out; null where nothing was learned."""
    explained_spread: Number | None
    """The standard deviation of that over draws."""
    method: str
    """How importances were found."""
    parameters: list[ParameterImportance]
    """The settings that vary, the most important first, at most twenty."""
    parameters_left: int
    """How many more."""
    together: list[MovedTogether]
    """Settings that moved together, at most ten pairs: they share their importance."""
    passed_over: dict[str, str]
    """Settings that differ and were not looked at, each with the reason; at most twenty."""
    passed_over_left: int
    """How many more."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        return importance_text.to_markdown(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per setting that varies."""
        import pandas as pd

        return pd.DataFrame([row.model_dump(mode="python") for row in self.parameters])
