"""What one run logged, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from samestep_server.terminal.pieces import caveats, of_records, plain, table, text
from samestep_server.terminal.sparkline import sparkline

if TYPE_CHECKING:
    from samestep.answers import FetchedHistory
    from samestep.answers.history import Rows

STATS = ("metric", "points", "min", "p10", "p25", "p50", "p75", "p90", "max")


def history(answer: "FetchedHistory") -> list[RenderableType]:
    """Return what was asked for as tables, with a sparkline of every metric shown."""
    parts: list[RenderableType] = [text(answer.reading, "bold")]
    tables = (
        (answer.config, ()),
        (answer.summary, ()),
        (answer.metrics, ()),
        (answer.stats, STATS),
    )
    parts.extend(of_records(records, names) for records, names in tables if records)
    if answer.history is not None:
        parts.append(_table_of_rows(answer.history))
    if answer.next_cursor:
        parts.append(text(f"more: --cursor {answer.next_cursor}", "dim"))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _table_of_rows(rows: "Rows") -> Table:
    curves = [Text("")] * 2 + [
        text(sparkline([row[at] for row in rows.rows]), "dim") for at in range(2, len(rows.columns))
    ]
    body = [[text(plain(value)) for value in row] for row in rows.rows]
    return table([f">{name}" for name in rows.columns], [*body, curves])
