"""A comparison, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.answers.comparison_text import DECLARED
from samestep.phrases import number
from samestep_server.terminal.pieces import (
    NOTHING,
    WIDEST_NAME,
    assembled,
    caveats,
    short,
    table,
    text,
)
from samestep_server.terminal.slices import slices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers import Comparison
    from samestep.answers.answer import LegendEntry
    from samestep.answers.comparison import CatchUp, Cell, Row
    from samestep_server.demo import NaiveRow

BETTER_STYLE = {"student": "green", "baseline": "red", None: ""}
OUTLOOK_STYLE = {"on_track": "green", "not_on_track": "red"}
COLUMNS = (">student", ">baseline", ">delta", ">noise", "better", ">x")


def comparison(answer: "Comparison") -> list[RenderableType]:
    """Return one table per baseline, the verdict, the runs and the caveats."""
    at = answer.at
    parts: list[RenderableType] = [
        text(f"{answer.runs[0].full_name} at {at.axis} {number(at.value)} ({at.unit})", "bold")
    ]
    baselines = dict.fromkeys(row.baseline.full_name for row in _rows(answer))
    parts.extend(_against(answer, name) for name in baselines)
    parts.extend(slices(answer))
    if answer.next_cursor:
        more = f"{answer.metrics_left} more metrics: --cursor {answer.next_cursor}"
        parts.append(text(more, "dim"))
    kind = (answer.verdict.kind or "differs").replace("_", " ")
    parts.append(assembled((f"verdict: {kind}. ", "bold"), answer.verdict.text))
    parts.append(Group(*map(_run, answer.runs)))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def naive(rows: "Sequence[NaiveRow]") -> list[RenderableType]:
    """Return the comparison of last values, which is the usual answer and the wrong one."""
    last_values = table(
        ["", ">student's last", ">baseline's last", ">difference"],
        [
            [
                text(row.metric),
                text(number(row.student)),
                text(number(row.baseline)),
                text(number(row.student - row.baseline)),
            ]
            for row in rows
        ],
    )
    heading = "The usual answer: the student's last value against the baseline's last value"
    return [
        Text(heading, "bold"),
        last_values,
        text("samestep's answer to the same question", "bold"),
    ]


def _against(answer: "Comparison", baseline: str) -> RenderableType:
    widest = max((len(metric.metric) for metric in answer.metrics), default=0)
    tables = [
        table(
            [role.ljust(min(widest, WIDEST_NAME)), *COLUMNS],
            [_row(row, answer.at.value) for row in rows if row.baseline.full_name == baseline],
            narrowest=7,
        )
        for role, rows in (("downstream", answer.downstream), ("proxy", answer.proxy))
        if rows
    ]
    lags = {(row.metric, row.baseline.full_name): row.lag for row in _rows(answer)}
    ahead = [
        _outlook(one, _behind(answer, lags[one.metric, baseline]))
        for one in answer.catch_up
        if one.baseline == baseline
    ]
    return Group(text(f"against {baseline}", "bold"), *tables, *ahead, *_noise(answer, baseline))


def _behind(answer: "Comparison", lag: float | None) -> str:
    """Return how far along x the student is behind; nothing where nobody knows."""
    if lag is None:
        return ""
    unit = {"epoch": "epochs", "step": "steps"}.get(answer.at.axis, answer.at.axis)
    return f"{short(abs(lag), 3)} {unit} {'behind' if lag > 0 else 'ahead'}, "


def _rows(answer: "Comparison") -> "list[Row]":
    return [*answer.downstream, *answer.proxy]


def _outlook(one: "CatchUp", behind: str) -> Text:
    """Return where a student that is behind is going, or why nobody can say."""
    when = "" if one.at is None else f" at {short(one.at, 4)}"
    if one.interval is not None:
        low, high = one.interval
        when += f" ({short(low, 4)} to {'maybe never' if high is None else short(high, 4)})"
    style = OUTLOOK_STYLE.get(one.outlook, "dim")
    return assembled(
        f"{one.metric}: {behind}", (f"{one.outlook.replace('_', ' ')}{when}", style), f"; {one.why}"
    )


def _noise(answer: "Comparison", baseline: str) -> list[Text]:
    """Say who gives the noise that is marked."""
    rows = [row for row in _rows(answer) if row.baseline.full_name == baseline]
    sources = dict.fromkeys(row.noise_from for row in rows if row.noise_from)
    return [text(f"{DECLARED} noise {source}", "dim") for source in sources]


def _row(row: "Row", at: float) -> list[Text]:
    """Return a row; its x is shown where it differs from the x of the comparison."""
    x = row.student.x if row.student.x is not None else row.baseline.x
    return [
        text(row.metric),
        _value(row.student),
        _value(row.baseline),
        text(short(row.delta, 4), BETTER_STYLE[row.better]),
        text(f"{short(row.noise, 3)}{DECLARED if row.noise_from else ''}"),
        text(row.better or NOTHING),
        text(NOTHING if x == at else number(x)),
    ]


def _value(cell: "Cell") -> Text:
    """Return a value with its spread; `~` marks an interpolated, `≈` a nearest one."""
    if cell.value is None:
        return text("absent", "dim")
    spread = f" ±{short(cell.spread, 2)}" if cell.spread is not None else ""
    mark = {"interpolated": "~", "nearest": "≈"}.get(cell.match or "", "")
    return text(f"{mark}{short(cell.value, 5)}{spread}")


def _run(entry: "LegendEntry") -> Text:
    below = [f"{member.run}, {member.state}" for member in entry.members] or [entry.run]
    if entry.more_members:
        below.append(f"and {entry.more_members} more")
    reached = [
        f"{axis} {number(x)}"
        for axis, x in (("epoch", entry.current.epoch), ("step", entry.current.step))
        if x is not None
    ]
    told = ", ".join([entry.state, *reached, f"{entry.read.points} points of {entry.read.how}"])
    named = assembled((f"{entry.role:<9} {entry.full_name}", "bold"), f"  {told}")
    return Text("\n").join([named, *(text(f"{'':10}{line}", "dim") for line in below)])
