"""What one run logged: its config, metrics, statistics and rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from samestep.answers.answer import Caveat, LegendEntry
from samestep.answers.history import (
    FetchedHistory,
    FinalValue,
    Rows,
    SchemaRow,
    Setting,
    StatsRow,
)
from samestep.errors import BadArgument
from samestep.model import Run
from samestep.phrases import number
from samestep.questions.arguments import (
    Cursor,
    Derive,
    Include,
    MaxPoints,
    MetricSelection,
    RowWhere,
    RunName,
    XAxis,
)
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import page
from samestep.questions.sides import known, legend_entry, reading_caveats
from samestep.resolve import Lookup, Side
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from samestep.analysis.axis import RunAxis
    from samestep.analysis.table import Table

MOST_SETTINGS = 200
MOST_CHARACTERS_OF_CONFIG = 12_000
MOST_METRICS = 100  # of a page of the schema
MOST_COLUMNS = 40
MOST_CELLS = 2_000  # of the rows shown: a value is about ten characters

Part = Literal["config", "summary", "history", "schema", "stats", "empty_rows"]


@dataclass(slots=True)
class _Asked:
    """One question being answered: what is shown, and what was left out."""

    run: Run
    axis: "RunAxis | None"
    parts: Sequence[Part]
    by_name: list[str] = field(default_factory=list[str])
    """The metrics the caller named, as they were found."""
    shown: list[str] = field(default_factory=list[str])
    """The metrics the rows and statistics rest on."""
    caveats: list[Caveat] = field(default_factory=list[Caveat])

    def says(self, text: str) -> None:
        self.caveats.append(Caveat(rule="partial-said", severity="notes", text=text))


@checked
def fetch_history(  # noqa: PLR0913, PLR0917 # the arguments are the tool's contract
    run: RunName,
    metrics: MetricSelection = None,
    x: XAxis = "auto",
    where: RowWhere = None,
    derive: Derive = None,
    include: Include = None,
    max_points: MaxPoints = 50,
    cursor: Cursor = None,
    *,
    project: Project | None = None,
) -> FetchedHistory:
    """Read what one run logged: its schema first, then rows and statistics of metrics you name.

    Rows shown are sampled with their extremes kept, and statistics are over all rows.

    Raises:
        SamestepError: A run, metric or axis that is not there, or an expression outside the grammar.
    """
    from samestep.questions.caveats.checkpoints import caveats_of_one
    from samestep.questions.history_records import axis_of

    asked_in = project or Project.here()
    side = Lookup(asked_in).one_side(run)
    [read] = side.runs
    parts: Sequence[Part] = include or (["history", "stats"] if metrics or derive else ["schema"])
    asked = _Asked(read, _axis(x, read), parts)
    table = _table(asked, metrics, where, derive)
    rows, after_rows = _rows(asked, table, max_points, cursor)
    schema, after_schema = _schema(asked, cursor)
    config = _config(asked)
    answer = FetchedHistory(
        answer_id="",
        runs=[_legend_entry(asked, asked_in)],
        caveats=[
            *reading_caveats([side]),
            *caveats_of_one(side, asked.axis),
            *_gaps(asked),
            *asked.caveats,
        ],
        reading=_reading(asked),
        x=axis_of(asked.axis),
        config=config,
        summary=_summary(read) if "summary" in parts else None,
        schema=schema,
        stats=_stats(table) if "stats" in parts else None,
        history=rows,
        next_cursor=after_rows or after_schema,
    )
    return validate(identified(answer, "his"))


def _axis(asked: str, run: Run) -> "RunAxis | None":
    """Return the axis of the rows; a run without a history has none, and its config can be read."""
    from samestep.analysis.choose import own_axis

    return own_axis(asked, run) if run.history.metrics else None


def _table(
    asked: _Asked,
    metrics: Sequence[str] | None,
    where: str | None,
    derive: Mapping[str, str] | None,
) -> "Table":
    """Return the rows asked for: the metrics named, what is derived, where the condition holds."""
    from samestep.analysis.table import joined
    from samestep.questions.columns import derived, holding
    from samestep.questions.history_gaps import steps_apart, with_steps

    curves = {} if asked.axis is None else dict(asked.axis.curves)
    named = _named(asked, metrics)
    asked.shown = [name for name in named if name in curves] or list(curves)
    whole, apart = with_steps(joined(curves), curves, asked.shown)
    with_derived, notes = derived(whole, derive or {}, asked.axis)
    kept, more_notes = holding(with_derived, where, asked.axis)
    for note in (*notes, *more_notes):
        asked.says(note)
    shown = kept.only([*named, *(derive or {})])
    found = shown if "empty_rows" in asked.parts else shown.with_values()
    if {"history", "stats"} & set(asked.parts):
        asked.caveats.extend(steps_apart(found, apart))
    return found


def _gaps(asked: _Asked) -> list[Caveat]:
    """Say which points the schema, rows and statistics do not hold."""
    if asked.axis is None or not {"history", "stats", "schema"} & set(asked.parts):
        return []
    from samestep.questions.history_gaps import gap_caveats

    by_name = asked.by_name if "schema" not in asked.parts else []
    shown = by_name or list(asked.run.history.metrics)
    return gap_caveats(asked.axis, shown, asked.by_name)


def _named(asked: _Asked, metrics: Sequence[str] | None) -> list[str]:
    """Return the metrics asked for; without names, the most telling that fit in a table."""
    from samestep.analysis.roles import Declared, Wanted, pick
    from samestep.questions.metrics import Request, by_weight

    logged = list(asked.axis.curves) if asked.axis else []
    if metrics is not None:
        known = [*logged, *_unplaced(asked)]
        wanted = [Wanted(name, None, "metrics") for name in metrics]
        asked.by_name = pick(wanted, known, asked.run.full_name)
        return _placed(asked)
    if not {"history", "stats"} & set(asked.parts):
        return []
    weighed = by_weight(logged, Request(None, {}, Declared()))
    if len(weighed) > MOST_COLUMNS:
        asked.says(f"{len(weighed) - MOST_COLUMNS} metrics are not shown; name them in metrics.")
    return weighed[:MOST_COLUMNS]


def _placed(asked: _Asked) -> list[str]:
    unplaced = _unplaced(asked)
    picked = asked.by_name
    placed = [name for name in picked if name not in unplaced]
    if len(placed) > MOST_COLUMNS:
        raise BadArgument(
            "metrics", picked[:3], f"at most {MOST_COLUMNS} metrics; these fit {len(placed)}"
        )
    return placed


def _unplaced(asked: _Asked) -> Mapping[str, str]:
    return asked.axis.unplaced if asked.axis else dict[str, str]()


def _rows(
    asked: _Asked, table: "Table", most: int, cursor: str | None
) -> tuple[Rows | None, str | None]:
    from samestep.analysis.table import sampled
    from samestep.questions.history_records import X_AND_STEP, numbers

    if "history" not in asked.parts:
        return None, None
    columns = [*X_AND_STEP, *table.columns]
    fitting = max(2, min(most, MOST_CELLS // len(columns)))
    if cursor is None and len(table) > fitting:
        shown, following = sampled(table, fitting), "rows:0"
        asked.says(
            f"{fitting} of {len(table)} rows are shown: both ends, the extremes, the rest evenly; "
            f'cursor="{following}" leads through all of them. Statistics are over all rows.'
        )
    else:
        start = _place(cursor, "rows")
        shown, after = page(range(len(table)), fitting, start)
        following = f"rows:{after}" if after else None
    part = table.at(shown)
    rows = Rows(
        columns=columns,
        rows=numbers(part),
        total=len(table),
        sampled=cursor is None and len(table) > fitting,
    )
    return rows, following


def _place(cursor: str | None, what: str) -> str | None:
    """Return the number in a cursor of that kind; the first page has none."""
    if cursor is None:
        return None
    kind, _, number = cursor.partition(":")
    if kind != what:
        raise BadArgument("cursor", cursor, "the next_cursor of the page before, unchanged")
    return None if number == "0" else number


def _schema(asked: _Asked, cursor: str | None) -> tuple[list[SchemaRow] | None, str | None]:
    from samestep.questions.history_records import schema_row

    if "schema" not in asked.parts:
        return None, None
    names = list(asked.run.history.metrics)
    start = None if "history" in asked.parts else _place(cursor, "metrics")
    shown, after = page(names, MOST_METRICS, start)
    return [
        schema_row(asked.run, asked.axis, name) for name in shown
    ], f"metrics:{after}" if after else None


def _stats(table: "Table") -> list[StatsRow]:
    from samestep.analysis.table import statistics
    from samestep.questions.history_records import stats_row

    return [stats_row(name, statistics(table, name)) for name in table.columns]


def _config(asked: _Asked) -> list[Setting] | None:
    from samestep.analysis.configs import flat

    if "config" not in asked.parts:
        return None
    settings = flat(asked.run.config)
    shown: list[Setting] = []
    room = MOST_CHARACTERS_OF_CONFIG
    for key, value in list(settings.items())[:MOST_SETTINGS]:
        setting = Setting(key=key, value=value)
        room -= len(setting.model_dump_json())
        if room < 0:
            break
        shown.append(setting)
    if len(shown) < len(settings):
        rest = len(settings) - len(shown)
        asked.says(f"{rest} of {len(settings)} settings are not shown; the config file holds them.")
    return shown


def _summary(run: Run) -> list[FinalValue]:
    return [
        FinalValue(metric=name, value=final.value, step=final.step, origin=final.origin)
        for name, final in run.finals.items()
    ]


def _legend_entry(asked: _Asked, project: Project) -> LegendEntry:
    [known_run] = known([Side(asked.run.full_name, (asked.run,))], project)
    rule = asked.axis.rule if asked.axis else ""
    return legend_entry(known_run, "run", {str(asked.run.ref): rule})


def _reading(asked: _Asked) -> str:
    from samestep.analysis.naming import SYSTEM

    names = asked.run.history.metrics
    of_machine = sum(name.startswith(SYSTEM) for name in names)
    measured = f" ({of_machine} more measure the machine)" if of_machine else ""
    if asked.axis is None:
        return f"{asked.run.full_name} logged nothing over time; it has {len(asked.run.finals)} final values."
    reached = f"{asked.axis.name} {number(asked.axis.newest)}"
    count = len(names) - of_machine
    return f"{asked.run.full_name} logged {count} metrics{measured} and has reached {reached}."
