"""The answer of fetch_history."""

from typing import TYPE_CHECKING

from pydantic import ConfigDict, Field

from samestep.answers import markdown
from samestep.answers.answer import Answer
from samestep.answers.record import Number, Record
from samestep.model import Direction
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


class Axis(Record):
    """The x of the answer's rows."""

    axis: str
    """The x-axis."""
    unit: str
    """What it counts."""
    current: Number
    """The newest x the run has reached."""


class Setting(Record):
    """One setting of the run."""

    key: str
    """Its name, dotted where it was nested."""
    value: object
    """Its value; secrets are `[redacted]`."""


class FinalValue(Record):
    """A value logged once, outside the history."""

    metric: str
    """Its name."""
    value: Number
    """Its value."""
    step: Number | None
    """The step of the checkpoint it was measured on; null where none is named."""
    origin: str
    """Where it stands."""


class SchemaRow(Record):
    """One metric the run logged."""

    metric: str
    """Its name."""
    points: int
    """How many points it has."""
    first_x: Number | None
    """Where it was first logged; null where it has no place on the axis."""
    last_x: Number | None
    """Where it was last logged."""
    min: Number | None
    """Its least finite value."""
    max: Number | None
    """Its greatest finite value."""
    direction: Direction | None
    """Which way is better, by declaration, tracker or name."""


class StatsRow(Record):
    """What one metric amounts to, over every row and not only those shown."""

    metric: str
    """Its name."""
    points: int
    """How many points it has."""
    not_finite: int
    """How many of them are NaN or infinite."""
    first_x: Number | None
    """Where it was first logged."""
    last_x: Number | None
    """Where it was last logged."""
    min: Number | None
    """Its least finite value."""
    max: Number | None
    """Its greatest finite value."""
    p10: Number | None
    """A tenth of its values lie below."""
    p25: Number | None
    """A quarter of its values lie below."""
    p50: Number | None
    """Its median."""
    p75: Number | None
    """Three quarters of its values lie below."""
    p90: Number | None
    """Nine tenths of its values lie below."""


class Rows(Record):
    """The history as a table: one row per x."""

    columns: list[str]
    """x, step, then the metrics and what was derived from them."""
    rows: list[list[Number | None]]
    """The values in the order of the columns; null where a metric was not logged."""
    total: int
    """How many rows there are; fewer are shown where they are sampled or paged."""
    sampled: bool
    """Whether the rows shown are a sample: both ends, the extremes, the rest evenly."""


class FetchedHistory(Answer):
    """One run's config, final values, metrics, statistics and rows, as asked for."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    tool: str = "fetch_history"
    x: Axis | None
    """The axis of schema, statistics and rows; null where nothing was logged over time."""
    config: list[Setting] | None
    """The run's settings; null where not asked for."""
    summary: list[FinalValue] | None
    """Values logged once, each with its step or none; null where not asked for."""
    metrics: list[SchemaRow] | None = Field(alias="schema")
    """The metrics there are; null where not asked for."""
    stats: list[StatsRow] | None
    """Statistics over all rows; null where not asked for."""
    history: Rows | None
    """The rows; null where not asked for."""
    next_cursor: str | None
    """Pass it as `cursor` for the next rows or metrics; null on the last page."""

    def to_markdown(self) -> str:
        """Return the same answer as short Markdown tables."""
        parts = [
            _titled("Config", _table(self.config)),
            _titled("Summary", _table(self.summary)),
            _titled("Schema", _table(self.metrics)),
            _titled("Stats", _table(self.stats)),
            _titled("History", self._rows()),
            f'More: cursor="{self.next_cursor}"' if self.next_cursor else "",
        ]
        return markdown.page(self, [part for part in parts if part])

    def to_frame(self) -> "pd.DataFrame":
        """Return the rows shown, one column each for x, step and every metric."""
        import pandas as pd

        shown = self.history or Rows(columns=[], rows=[], total=0, sampled=False)
        return pd.DataFrame(shown.rows, columns=shown.columns)

    def _rows(self) -> str:
        if self.history is None:
            return ""
        rows = [[number(value) for value in row] for row in self.history.rows]
        return markdown.table(self.history.columns, rows)


def _titled(title: str, table: str) -> str:
    return f"{title}\n\n{table}" if table else ""


def _table(records: "Sequence[Record] | None") -> str:
    """Return records of one kind as a table with their fields as columns."""
    if not records:
        return ""
    rows = [[_text(value) for _, value in record] for record in records]
    return markdown.table(list(type(records[0]).model_fields), rows)


def _text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return "-" if value is None else str(value)
