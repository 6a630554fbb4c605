"""A pull in sections that a model reads: always the same names in the same order."""

import re
from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.configs_text import value_text
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samestep.answers.answer import Answer
    from samestep.answers.history import Rows, SchemaRow, Setting, StatsRow
    from samestep.answers.pull import (
        ComparedSummary,
        LeftOut,
        Pulled,
        PulledRun,
        SavedCheckpoint,
        SavedValue,
        SummaryValue,
    )

EMPTY = re.compile(r"\n{3,}")
FORMS: dict[str, str] = {
    "zip": "a torch file",
    "legacy": "a torch file in the older format",
    "tar": "a torch file in the oldest format",
    "pickle": "a pickle",
    "safetensors": "a safetensors file",
    "directory": "a directory",
}
MARKS = {"interpolated": "~", "nearest": "≈", "exact": "", None: ""}
STATS = ["metric", "points", "not finite", "min", "p10", "p25", "p50", "p75", "p90", "max"]
SCHEMA = ["metric", "points", "first x", "last x", "min", "max", "better"]


def to_markdown(answer: "Pulled") -> str:
    """Return every section that was asked for, what was left out, the runs and the caveats."""
    parts = [*_checkpoints(answer.checkpoints)]
    for one in answer.pulled:
        parts.extend(_run(one, answer))
    parts.extend(_several(answer))
    parts.extend(_left_out(answer.left_out))
    return markdown.page(answer, parts)


def checkpoint_line(one: "SavedCheckpoint") -> str:
    """Return what a checkpoint says of itself, and where its run stood, in a few sentences."""
    counts = [
        f"{what} {number(value)}"
        for what, value in (("epoch", one.epoch), ("step", one.step))
        if value is not None
    ]
    more = " and more" if one.more_keys is None else f" and {one.more_keys} more"
    keys = f"keys {', '.join(one.keys)}{more if one.more_keys != 0 else ''}" if one.keys else ""
    held = "; ".join(filter(None, [", ".join(counts) or "no epoch or step", keys]))
    stood = "" if one.x is None else f"It was saved at {one.axis} {number(one.x)}"
    return (
        f"{one.checkpoint} is of {one.full_name}: {one.how}. It is {FORMS[one.form]} and "
        f"holds {held}. {stood or 'Where it was saved is not known'} ({one.placed})."
    )


def saved_value(one: "SavedValue") -> str:
    """Return a value as it was found; `~` marks an interpolated, `≈` a nearest one."""
    if one.value is None:
        return f"absent: {one.absent}"
    return f"{MARKS[one.match]}{number(one.value)}"


def stands_at(one: "SavedValue") -> str:
    """Return where a value stands; of an interpolated one the two points it lies between too."""
    if one.between is None:
        return number(one.x)
    before, after = map(number, one.between)
    return f"{number(one.x)} (between {before} and {after})"


def left_line(one: "LeftOut") -> str:
    """Return what a section leaves out, in one line."""
    what = one.what.removesuffix("s") if one.left == 1 else one.what
    return f"{one.left} {what} not shown in {one.section}: {one.shown_by}"


def delta_text(row: "ComparedSummary") -> list[str]:
    """Return the differences of a row, `-` where the values do not stand at one step."""
    return [number(delta) for delta in row.deltas]


def value_at_step(value: float | None, step: float | None) -> str:
    """Return a value with the step it came from, or that it has none."""
    if value is None:
        return "absent"
    return (
        f"{number(value)} (no step)" if step is None else f"{number(value)} (step {number(step)})"
    )


def _checkpoints(saved: "Sequence[SavedCheckpoint]") -> "Iterator[str]":
    for one in saved:
        yield f"## CHECKPOINT\n\n{line(checkpoint_line(one))}"
        rows = [[v.metric, saved_value(v), number(v.step), stands_at(v)] for v in one.values]
        if rows:
            title = f"{one.full_name} when it was saved, at {one.axis} {number(one.x)}"
            table = markdown.table(["metric", "value", "step", "x"], rows)
            yield f"{line(title)} (unmarked exact, ~ interpolated, ≈ nearest):\n\n{table}"


def _run(one: "PulledRun", answer: "Pulled") -> "Iterator[str]":
    of = f": {one.full_name}" if len(answer.pulled) > 1 else ""
    axis = "" if one.x is None else f", x is {one.x.axis} ({one.x.unit})"
    sections = (
        ("CONFIG", one.config, lambda: _config(one.config or [])),
        ("SUMMARY", one.summary, lambda: _summary(one.summary or [])),
        (f"HISTORY{axis}", one.history, lambda: _history(one.history)),
        (f"SCHEMA{axis}", one.metrics, lambda: _schema(one.metrics or [])),
        ("STATS", one.stats, lambda: _stats(one.stats or [])),
    )
    for title, asked_for, table in sections:
        if asked_for is not None:
            yield f"## {line(f'{title}{of}')}\n\n{table() or 'Nothing is recorded.'}"


def _config(settings: "Sequence[Setting]") -> str:
    rows = [[one.key, '""' if one.value == "" else value_text(one.value)] for one in settings]
    return markdown.table(["setting", "value"], rows)


def _summary(values: "Sequence[SummaryValue]") -> str:
    rows = [
        [v.metric, number(v.value), "none" if v.step is None else number(v.step), v.origin]
        for v in values
    ]
    return markdown.table(["metric", "newest value", "step", "from"], rows)


def _history(rows: "Rows | None") -> str:
    if rows is None:
        return ""
    if not rows.rows:
        return "No row holds what was asked for."
    return markdown.table(rows.columns, [[number(cell) for cell in row] for row in rows.rows])


def _schema(metrics: "Sequence[SchemaRow]") -> str:
    rows = [
        [
            one.metric,
            str(one.points),
            *(number(value) for value in (one.first_x, one.last_x, one.min, one.max)),
            one.direction or "not known",
        ]
        for one in metrics
    ]
    return markdown.table(SCHEMA, rows)


def _stats(stats: "Sequence[StatsRow]") -> str:
    rows = [
        [
            one.metric,
            str(one.points),
            str(one.not_finite),
            *map(number, (one.min, one.p10, one.p25, one.p50, one.p75, one.p90, one.max)),
        ]
        for one in stats
    ]
    return markdown.table(STATS, rows)


def _several(answer: "Pulled") -> "Iterator[str]":
    """Yield the sections about several runs; a caveat said in one is not said again in the next."""
    told: set[str] = set()
    shown = {"next_cursor": None}  # what is left is told with the flag that shows it
    for title, nested in (("COMPARISON", answer.comparison), ("CONFIG_DIFF", answer.config_diff)):
        if nested is not None:
            text = _once(nested.model_copy(update=shown), told)
            yield f"## {title}\n\n{text}"
    if answer.summary_comparison is not None:
        yield f"## SUMMARY_COMPARISON\n\n{_summaries(answer) or 'No value is recorded.'}"


def _once(nested: "Answer", told: set[str]) -> str:
    kept: list[str] = []
    for text in nested.to_markdown().splitlines():
        if not (text.startswith("- ") and text in told):
            kept.append(text)
        told.add(text)
    return EMPTY.sub("\n\n", "\n".join(kept))


def _summaries(answer: "Pulled") -> str:
    names = [entry.full_name for entry in answer.runs]
    first, *others = names
    rows = [
        [
            row.metric,
            *map(value_at_step, row.values, row.steps),
            *delta_text(row),
            row.why_not,
        ]
        for row in answer.summary_comparison or ()
    ]
    deltas = [f"{first} - {other}" for other in others]
    return markdown.table(["metric", *names, *deltas, "why no delta"], rows)


def _left_out(left: "Sequence[LeftOut]") -> "Iterator[str]":
    if left:
        yield "## LEFT OUT\n\n" + "\n".join(f"- {line(left_line(one))}" for one in left)
