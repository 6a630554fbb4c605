"""Answers as a person likes to read them in a terminal."""

import math
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from samestep.answers.markdown import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers import Comparison, ConvergenceAnswer, Detection, FetchedHistory, RunList
    from samestep.answers.answer import Caveat, LegendEntry
    from samestep.answers.comparison import Cell, Row
    from samestep.answers.history import Rows
    from samestep.answers.listing import RunItem
    from samestep.answers.record import Record
    from samestep_server.demo import NaiveRow

SEVERITY_STYLE = {"blocks": "bold red", "warns": "yellow", "notes": "dim"}
BETTER_STYLE = {"student": "green", "baseline": "red", None: ""}
NOTHING = "-"
STATS = ("metric", "points", "min", "p10", "p25", "p50", "p75", "p90", "max")
BARS = "▁▂▃▄▅▆▇█"
COLUMNS = (">student", ">baseline", ">delta", ">noise", "better", ">x")
WIDEST_WORD = 9  # characters of a word such as a state, which is not broken
WIDEST_NAME = 30  # characters of a metric's column; a longer name folds


def show(console: Console, *parts: RenderableType) -> None:
    """Print the parts with a blank line between them."""
    for at, part in enumerate(parts):
        if at:
            console.print()
        console.print(part)


def detection(answer: "Detection") -> list[RenderableType]:
    """Return the sources as a table."""
    rows = [
        [
            _text(found.source, "bold"),
            _text(NOTHING if found.runs is None else str(found.runs)),
            _text("yes") if found.readable else _text(f"no: {found.why_not}", "yellow"),
            _text("; ".join(found.evidence)),
        ]
        for found in answer.sources
    ]
    table = _table(["source", ">runs", "readable", "evidence"], rows)
    asked = [Text(answer.ask, "bold")] if answer.ask else []
    return [Text(answer.reading), *([table] if rows else []), *asked]


def listing(answer: "RunList") -> list[RenderableType]:
    """Return the runs as a table, each source above its runs, what could not be read below."""
    headers = ["run", "full name", "state", "started (UTC)", ">epoch", ">step", "seed", ">metrics"]
    rows: list[list[Text]] = []
    source = ""
    for item in answer.items:
        here, _, run_id = item.run.rpartition("#")
        if here != source:
            source = here
            rows.append([Text(source, "dim"), *([Text("")] * (len(headers) - 1))])
        rows.append(_listed(item, run_id))
    lost = [Text(f"unreadable: {one.run}: {one.why}", "yellow") for one in answer.unreadable]
    more = [Text(f"more: --cursor {answer.next_cursor}", "dim")] if answer.next_cursor else []
    table = _table(headers, rows)
    return [Text(answer.reading), table, *([Group(*lost)] if lost else []), *more]


def comparison(answer: "Comparison") -> list[RenderableType]:
    """Return one table per baseline, the verdict, the runs and the caveats."""
    at = answer.at
    parts: list[RenderableType] = [
        _text(f"{answer.runs[0].full_name} at {at.axis} {number(at.value)} ({at.unit})", "bold")
    ]
    baselines = dict.fromkeys(row.baseline.full_name for row in (*answer.downstream, *answer.proxy))
    parts.extend(_against(answer, name) for name in baselines)
    if answer.next_cursor:
        more = f"{answer.metrics_left} more metrics: --cursor {answer.next_cursor}"
        parts.append(_text(more, "dim"))
    kind = (answer.verdict.kind or "differs").replace("_", " ")
    parts.append(_assembled((f"verdict: {kind}. ", "bold"), answer.verdict.text))
    parts.append(Group(*map(_run, answer.runs)))
    return [*parts, *([_caveats(answer.caveats)] if answer.caveats else [])]


def history(answer: "FetchedHistory") -> list[RenderableType]:
    """Return what was asked for as tables, with a sparkline of every metric shown."""
    parts: list[RenderableType] = [Text(answer.reading, "bold")]
    tables = (
        (answer.config, ()),
        (answer.summary, ()),
        (answer.metrics, ()),
        (answer.stats, STATS),
    )
    parts.extend(_records(records, names) for records, names in tables if records)
    if answer.history is not None:
        parts.append(_table_of_rows(answer.history))
    if answer.next_cursor:
        parts.append(_text(f"more: --cursor {answer.next_cursor}", "dim"))
    return [*parts, *([_caveats(answer.caveats)] if answer.caveats else [])]


def convergence(answer: "ConvergenceAnswer") -> list[RenderableType]:
    """Return the verdict, the last epochs and what was found."""
    kind = answer.verdict.kind
    tail = [
        [Text(number(point.x)), _text(number(point.step)), _text(_plain(point.value))]
        for point in answer.tail
    ]
    curve = sparkline([point.value for point in answer.tail])
    gains = [
        _text(
            f"at {number(gain.x)} ({number(gain.times)} times): "
            + (gain.why or f"gain {_plain(gain.gain)} in {_plain_interval(gain.interval)} (80 %)")
        )
        for gain in answer.projected_gain
    ]
    return [
        _assembled((f"verdict: {kind}. ", "bold"), answer.verdict.text),
        Group(
            _table([f">{answer.curve.axis}", ">step", f">{answer.curve.metric}"], tail),
            _text(curve, "dim"),
        ),
        Group(*(_text(clause) for clause in answer.why), *gains),
        *([_caveats(answer.caveats)] if answer.caveats else []),
    ]


def _plain_interval(interval: tuple[float, float] | None) -> str:
    return NOTHING if interval is None else f"{_plain(interval[0])} .. {_plain(interval[1])}"


def _records(records: "Sequence[Record]", only: "Sequence[str]") -> Table:
    """Return records of one kind as a table with their fields, or some of them, as columns."""
    names = list(only or type(records[0]).model_fields)
    rows = [[Text(_plain(getattr(record, name))) for name in names] for record in records]
    return _table([names[0], *(f">{name}" for name in names[1:])], rows)


def _plain(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _short(float(value), 5)
    return NOTHING if value is None else str(value)


def _table_of_rows(rows: "Rows") -> Table:
    curves = [Text("")] * 2 + [
        _text(sparkline([row[at] for row in rows.rows]), "dim")
        for at in range(2, len(rows.columns))
    ]
    body = [[Text(_plain(value)) for value in row] for row in rows.rows]
    return _table([f">{name}" for name in rows.columns], [*body, curves])


def sparkline(values: "Sequence[float | None]", width: int = 16) -> str:
    """Return a curve in one line of block characters; a gap where a value is not finite."""
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    shown = values[:: max(1, -(-len(values) // width))]
    return "".join(
        BARS[round((value - low) / ((high - low) or 1.0) * (len(BARS) - 1))]
        if value is not None and math.isfinite(value)
        else " "
        for value in shown
    )


def naive(rows: "Sequence[NaiveRow]") -> list[RenderableType]:
    """Return the comparison of last values, which is the usual answer and the wrong one."""
    table = _table(
        ["", ">student's last", ">baseline's last", ">difference"],
        [
            [
                _text(row.metric),
                _text(number(row.student)),
                _text(number(row.baseline)),
                _text(number(row.student - row.baseline)),
            ]
            for row in rows
        ],
    )
    heading = "The usual answer: the student's last value against the baseline's last value"
    return [Text(heading, "bold"), table, _text("samestep's answer to the same question", "bold")]


def _against(answer: "Comparison", baseline: str) -> RenderableType:
    widest = max((len(metric.metric) for metric in answer.metrics), default=0)
    tables = [
        _table(
            [role.ljust(min(widest, WIDEST_NAME)), *COLUMNS],
            [_row(row, answer.at.value) for row in rows if row.baseline.full_name == baseline],
            narrowest=7,
        )
        for role, rows in (("downstream", answer.downstream), ("proxy", answer.proxy))
        if rows
    ]
    return Group(_text(f"against {baseline}", "bold"), *tables)


def _row(row: "Row", at: float) -> list[Text]:
    """Return a row; its x is shown where it differs from the x of the comparison."""
    x = row.student.x if row.student.x is not None else row.baseline.x
    return [
        _text(row.metric),
        _value(row.student),
        _value(row.baseline),
        _text(_short(row.delta, 4), BETTER_STYLE[row.better]),
        _text(_short(row.noise, 3)),
        _text(row.better or NOTHING),
        _text(NOTHING if x == at else number(x)),
    ]


def _short(value: float | None, digits: int) -> str:
    """Return a number to so many significant digits: what a person takes in at a glance."""
    if value is None or value.is_integer():
        return number(value)
    return number(float(f"{value:.{digits}g}"))


def _value(cell: "Cell") -> Text:
    """Return a value with its spread; `~` marks an interpolated, `≈` a nearest one."""
    if cell.value is None:
        return _text("absent", "dim")
    spread = f" ±{_short(cell.spread, 2)}" if cell.spread is not None else ""
    mark = {"interpolated": "~", "nearest": "≈"}.get(cell.match or "", "")
    return _text(f"{mark}{_short(cell.value, 5)}{spread}")


def _listed(item: "RunItem", run_id: str) -> list[Text]:
    return [
        _text(run_id, "bold"),
        _text(NOTHING if run_id == item.full_name else item.full_name, "bold"),
        _text(item.state),
        _text((item.started or NOTHING)[:16].replace("T", " ")),
        _text(number(item.current.epoch)),
        _text(number(item.current.step)),
        _text(item.seed or NOTHING),
        _text(str(item.metrics)),
    ]


def _run(entry: "LegendEntry") -> Text:
    members = "\n".join(f"          {m.run}, {m.state}" for m in entry.members)
    more = f"\n          and {entry.more_members} more" if entry.more_members else ""
    reached = [
        f"{axis} {number(x)}"
        for axis, x in (("epoch", entry.current.epoch), ("step", entry.current.step))
        if x is not None
    ]
    told = ", ".join([entry.state, *reached, f"{entry.read.points} points of {entry.read.how}"])
    ref = f"\n{members}{more}" if members else f"\n          {entry.run}"
    return _assembled((f"{entry.role:<9} {entry.full_name}", "bold"), f"  {told}", (ref, "dim"))


def _caveats(caveats: "Sequence[Caveat]") -> RenderableType:
    return Group(
        *(
            _assembled((f"{caveat.severity:<9} ", SEVERITY_STYLE[caveat.severity]), caveat.text)
            for caveat in caveats
        )
    )


def _table(
    headers: "Sequence[str]", rows: "Sequence[Sequence[Text]]", narrowest: int | None = None
) -> Table:
    """Return a table without its empty columns; a header opening with `>` is one of numbers.

    Numbers never fold; `narrowest` is the least width of a column of them.
    """
    kept = [
        at for at in range(len(headers)) if any(row[at].plain not in {"", NOTHING} for row in rows)
    ]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for at in kept:
        right = headers[at].startswith(">")
        longest = max(len(headers[at]), *(row[at].cell_len for row in rows))
        table.add_column(
            headers[at].removeprefix(">"),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=right,
            min_width=narrowest if right else min(longest, WIDEST_NAME if at == 0 else WIDEST_WORD),
        )
    for row in rows:
        table.add_row(*(row[at] for at in kept))
    return table


def _text(text: str = "", style: str = "") -> Text:
    """Return a text that others may have written, without signs a terminal would act on."""
    return Text(_safe(text), style)


def _assembled(*parts: str | tuple[str, str]) -> Text:
    return Text.assemble(
        *(_safe(part) if isinstance(part, str) else (_safe(part[0]), part[1]) for part in parts)
    )


def _safe(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)
