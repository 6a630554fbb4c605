"""Answers as a person likes to read them in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from samestep.answers.markdown import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers import Comparison, Detection, RunList
    from samestep.answers.answer import Answer, Caveat
    from samestep.answers.comparison import Cell, Row
    from samestep_server.demo import NaiveRow

SEVERITY_STYLE = {"blocks": "bold red", "warns": "yellow", "notes": "dim"}
BETTER_STYLE = {"student": "green", "baseline": "red", None: ""}


def show(console: Console, *parts: RenderableType) -> None:
    """Print the parts with a blank line between them."""
    for number_, part in enumerate(parts):
        if number_:
            console.print()
        console.print(part)


def detection(answer: "Detection") -> list[RenderableType]:
    """Return the sources as a table."""
    table = _table("source", ">runs", "readable", "evidence")
    for found in answer.sources:
        runs = "" if found.runs is None else str(found.runs)
        readable = Text("yes") if found.readable else Text(f"no: {found.why_not}", "yellow")
        table.add_row(Text(found.source), runs, readable, Text("; ".join(found.evidence)))
    asked = [Text(answer.ask, "bold")] if answer.ask else []
    return [Text(answer.reading), *([table] if answer.sources else []), *asked]


def listing(answer: "RunList") -> list[RenderableType]:
    """Return the runs as a table, what could not be read below it."""
    table = _table("full name", "state", "started", ">epoch", ">step", "seed", ">metrics", "run")
    for item in answer.items:
        table.add_row(
            Text(item.full_name, "bold"),
            item.state,
            (item.started or "")[:16].replace("T", " "),
            number(item.current.epoch),
            number(item.current.step),
            item.seed or "-",
            str(item.metrics),
            Text(item.run, "dim"),
        )
    lost = [Text(f"unreadable: {one.run}: {one.why}", "yellow") for one in answer.unreadable]
    more = [Text(f"more: --cursor {answer.next_cursor}", "dim")] if answer.next_cursor else []
    return [Text(answer.reading), table, *([Group(*lost)] if lost else []), *more]


def comparison(answer: "Comparison") -> list[RenderableType]:
    """Return the tables of both roles, the verdict and the caveats."""
    at = answer.at
    title = f"At {at.axis} {number(at.value)} ({at.unit}), {answer.runs[0].full_name} against:"
    parts: list[RenderableType] = [Text(title, "bold")]
    for role, rows in (("downstream", answer.downstream), ("proxy", answer.proxy)):
        if rows:
            parts.append(_rows(role, rows))
    if answer.next_cursor:
        parts.append(
            Text(f"{answer.metrics_left} more metrics: --cursor {answer.next_cursor}", "dim")
        )
    kind = (answer.verdict.kind or "differs").replace("_", " ")
    parts.append(Text.assemble(("verdict: ", "bold"), (kind, "bold"), f"  {answer.verdict.text}"))
    parts.append(_runs(answer))
    return [*parts, *([_caveats(answer.caveats)] if answer.caveats else [])]


def naive(rows: "Sequence[NaiveRow]") -> list[RenderableType]:
    """Return the comparison of last values, which is the usual answer and the wrong one."""
    table = _table("last values", ">student's last", ">baseline's last", ">difference")
    for row in rows:
        difference = number(row.student - row.baseline)
        table.add_row(row.metric, number(row.student), number(row.baseline), difference)
    return [Text("The usual answer, last value against last value:", "bold"), table, Text("")]


def _rows(role: str, rows: "Sequence[Row]") -> Table:
    table = _table(
        role, "baseline", ">student's", ">baseline's", ">delta", ">noise", "better", ">x"
    )
    for row in rows:
        table.add_row(
            Text(row.metric),
            Text(row.baseline.full_name),
            _value(row.student),
            _value(row.baseline),
            Text(number(row.delta), BETTER_STYLE[row.better]),
            number(row.noise),
            row.better or "-",
            number(row.student.x if row.student.x is not None else row.baseline.x),
        )
    return table


def _value(cell: "Cell") -> Text:
    if cell.value is None:
        return Text(cell.absent or "absent", "dim")
    spread = f" ± {number(cell.spread)}" if cell.spread is not None else ""
    how = "" if cell.match == "exact" else f" {cell.match}"
    return Text.assemble(number(cell.value), spread, (how, "dim"))


def _runs(answer: "Answer") -> Table:
    table = _table("run", "role", "state", ">epoch", ">step", "reference")
    for entry in answer.runs:
        refs = entry.run or ", ".join(member.run for member in entry.members)
        table.add_row(
            Text(entry.full_name),
            entry.role,
            entry.state,
            number(entry.current.epoch),
            number(entry.current.step),
            Text(refs, "dim"),
        )
    return table


def _caveats(caveats: "Sequence[Caveat]") -> RenderableType:
    lines = [
        Text.assemble((f"{caveat.severity:6} ", SEVERITY_STYLE[caveat.severity]), caveat.text)
        for caveat in caveats
    ]
    return Padding(Group(*lines), (0, 0))


def _table(*headers: str) -> Table:
    """Return an empty table; a header that opens with `>` is a column of numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for header in headers:
        right = header.startswith(">")
        table.add_column(
            header.removeprefix(">"),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
        )
    return table
