"""What made a checkpoint, and everything about a few runs, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.answers.configs_text import value_text
from samestep.answers.pull_text import (
    checkpoint_line,
    left_line,
    saved_value,
    stands_at,
    value_at_step,
)
from samestep.phrases import number
from samestep_server.terminal.blocks import Blocks
from samestep_server.terminal.comparison import comparison
from samestep_server.terminal.configs import configs
from samestep_server.terminal.pieces import NOTHING, assembled, caveats, plain, short, table, text
from samestep_server.terminal.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samestep.answers.answer import LegendEntry
    from samestep.answers.history import Rows
    from samestep.answers.pull import Pulled, PulledRun, SavedCheckpoint
    from samestep.answers.record import Record

X_AND_STEP = 2  # columns
STATS = ("metric", "points", "not_finite", "min", "p10", "p25", "p50", "p75", "p90", "max")
SCHEMA = ("metric", "points", "first_x", "last_x", "min", "max", "direction")


def pull(answer: "Pulled") -> list[RenderableType]:
    """Return every section that was asked for as tables, the rows with a sparkline below them."""
    parts: list[RenderableType] = [text(answer.reading, "bold"), Group(*map(_legend, answer.runs))]
    for checkpoint in answer.checkpoints:
        parts.extend(_checkpoint(checkpoint))
    for one in answer.pulled:
        parts.extend(_run(one))
    parts.extend(_several(answer))
    if answer.left_out:
        parts.append(Group(*(text(left_line(one), "dim") for one in answer.left_out)))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _legend(entry: "LegendEntry") -> Text:
    return assembled(
        (entry.full_name, "bold"),
        (f"  {entry.run}", "dim"),
        f"  {entry.state}, {entry.read.points} points of {entry.read.how}",
    )


def _checkpoint(one: "SavedCheckpoint") -> "Iterator[RenderableType]":
    yield Group(_title("CHECKPOINT", one.full_name), text(checkpoint_line(one)))
    rows = [
        [text(v.metric), text(saved_value(v)), text(_step(v.step)), text(stands_at(v))]
        for v in one.values
    ]
    if rows:
        yield table(["when it was saved", ">value", ">step", one.axis or ""], rows)


def _run(one: "PulledRun") -> "Iterator[RenderableType]":
    name = one.full_name
    if one.config is not None:
        rows = [[text(s.key), text(value_text(s.value))] for s in one.config]
        yield _section("CONFIG", name, ["setting", "value"], rows)
    if one.summary is not None:
        rows = [
            [text(v.metric), text(short(v.value, 5)), text(_step(v.step)), text(v.origin)]
            for v in one.summary
        ]
        yield _section("SUMMARY", name, ["metric", ">newest", ">step", "from"], rows)
    if one.history is not None:
        yield Group(_title("HISTORY", _with_axis(one)), _rows(one.history))
    if one.metrics is not None:
        rows = _of_records(one.metrics, SCHEMA)
        yield _section("SCHEMA", _with_axis(one), _headers(SCHEMA), rows)
    if one.stats is not None:
        yield _section("STATS", name, _headers(STATS), _of_records(one.stats, STATS))


def _several(answer: "Pulled") -> "Iterator[RenderableType]":
    """Yield the sections about several runs; what a page leaves out is told with the rest."""
    whole = {"next_cursor": None}
    if answer.comparison is not None:
        yield _title("COMPARISON")
        yield from comparison(answer.comparison.model_copy(update=whole))
    if answer.config_diff is not None:
        yield _title("CONFIG_DIFF")
        yield from configs(answer.config_diff.model_copy(update=whole))
    if answer.summary_comparison is not None:
        names = [entry.full_name for entry in answer.runs]
        deltas = [f"{names[0]} - {other}" for other in names[1:]]
        rows = [
            [
                text(row.metric),
                *(text(value_at_step(*at)) for at in zip(row.values, row.steps, strict=True)),
                *(text(short(delta, 4)) for delta in row.deltas),
                text(row.why_not),
            ]
            for row in answer.summary_comparison
        ]
        yield _section("SUMMARY_COMPARISON", "", ["metric", *names, *deltas, "why no delta"], rows)


def _section(
    title: str, of: str, headers: "Sequence[str]", rows: "Sequence[Sequence[Text]]"
) -> RenderableType:
    body = Blocks(headers, rows, 1) if rows else text("nothing is recorded", "dim")
    return Group(_title(title, of), body)


def _title(title: str, of: str = "") -> Text:
    return text(f"{title} {of}".rstrip(), "bold cyan")


def _with_axis(one: "PulledRun") -> str:
    return f"{one.full_name}, x is {one.x.axis} ({one.x.unit})" if one.x else one.full_name


def _rows(rows: "Rows") -> RenderableType:
    if not rows.rows:
        return text("no row holds what was asked for", "dim")
    curves = [Text("")] * 2 + [
        text(sparkline([row[at] for row in rows.rows]), "dim") for at in range(2, len(rows.columns))
    ]
    body = [[text(plain(value)) for value in row] for row in rows.rows]
    return Blocks([f">{name}" for name in rows.columns], [*body, curves], X_AND_STEP)


def _headers(names: "Sequence[str]") -> list[str]:
    return [names[0], *(f">{name}" for name in names[1:])]


def _of_records(records: "Sequence[Record]", names: "Sequence[str]") -> "list[list[Text]]":
    return [[text(plain(getattr(one, name))) for name in names] for one in records]


def _step(step: float | None) -> str:
    return NOTHING if step is None else number(step)
