"""A comparison as short Markdown tables."""

from typing import TYPE_CHECKING

from samestep.answers import markdown, slices
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from samestep.answers.comparison import CatchUp, Cell, Comparison, MetricCharacter, Row

DECLARED = "†"
HEADERS = ["student", "baseline", "delta", "better", "noise", "x", "lag (moved)", "outlook"]


def to_markdown(comparison: "Comparison") -> str:
    """Return a table per role and baseline, the verdict, and what every answer has."""
    at, verdict = comparison.at, comparison.verdict
    current = "" if at.value == at.student_current else f", student at {number(at.student_current)}"
    parts = [line(f"At {at.axis} {number(at.value)} ({at.unit}{current}).")]
    for role, rows in (("Downstream", comparison.downstream), ("Proxy", comparison.proxy)):
        parts.extend(_tables(role, rows))
    parts.extend(slices.tables(comparison.slices))
    parts.append(_marks(comparison))
    short = f" (kept from more by {', '.join(verdict.blocked_by)})" if verdict.blocked_by else ""
    kind = verdict.kind or "differs by baseline or metric"
    parts.append(line(f"Verdict: {kind}{short}. {verdict.text}"))
    parts.extend(_against(comparison))
    parts.extend(_outlooks(comparison))
    parts.append(_characters(comparison.metrics))
    if comparison.next_cursor:
        parts.append(f'{comparison.metrics_left} more metrics: cursor="{comparison.next_cursor}"')
    return markdown.page(comparison, parts)


def _marks(comparison: "Comparison") -> str:
    """Say what the marks in the tables mean, as far as there are any."""
    rows = _rows(comparison)
    cells = [cell for row in rows for cell in _cells(row)]
    told = ["Unmarked values are exact."] if rows else []
    if any(cell.match == "interpolated" for cell in cells):
        told.append("~ interpolated between the two x.")
    if any(row.baseline_ended is not None for row in rows):
        told.append("* where the baseline ended.")
    late = {row.lags_by: _place(row) for row in rows if row.lags_by}
    told.extend(f"x {number(x)} lags by {number(by)}." for by, x in late.items())
    sources = dict.fromkeys(row.noise_from for row in rows if row.noise_from)
    told.extend(f"{DECLARED} noise {source}." for source in sources)
    return " ".join(told)


def _tables(role: str, rows: "Sequence[Row]") -> list[str]:
    """Return a table per baseline, or one per metric where that makes fewer."""
    metrics = dict.fromkeys(row.metric for row in rows)
    baselines = dict.fromkeys(row.baseline.full_name for row in rows)
    if len(metrics) < len(baselines):
        return [
            _table(
                f"{role}: {metric}",
                "against",
                {r.baseline.full_name: r for r in rows if r.metric == metric},
            )
            for metric in metrics
        ]
    return [
        _table(
            f"{role}, against {name}",
            "metric",
            {r.metric: r for r in rows if r.baseline.full_name == name},
        )
        for name in baselines
    ]


def _table(title: str, first: str, rows: "Mapping[str, Row]") -> str:
    body = [[name, *_row(row)] for name, row in rows.items()]
    return f"{line(title)}:\n\n{markdown.table([first, *HEADERS], body)}"


def _row(row: "Row") -> list[str]:
    return [
        _value(row.student),
        _value(row.baseline),
        f"{number(row.delta)}{_matters(row)}",
        row.better or "-",
        f"{number(row.noise)}{DECLARED if row.noise_from else ''}",
        _x(row),
        _lag(row),
        row.outlook or "-",
    ]


def _matters(row: "Row") -> str:
    least = row.minimum_effect
    return "" if least is None else f" (matters from {number(least)})"


def _value(cell: "Cell") -> str:
    if cell.value is None:
        return f"absent: {cell.absent}"
    name = f" ({cell.metric})" if cell.metric else ""
    return f"{number(cell.value)}{_group(cell)}{_match(cell)}{name}"


def _group(cell: "Cell") -> str:
    if cell.n is None:
        return ""
    spread = f" ± {number(cell.spread)}" if cell.spread is not None else ""
    missing = "".join(f"; without {name}: {why}" for name, why in (cell.not_counted or {}).items())
    return f"{spread} (n={cell.n}, seeds {', '.join(cell.seeds or [])}{missing})"


def _match(cell: "Cell") -> str:
    if cell.between is not None:
        return f" ~{number(cell.between[0])}..{number(cell.between[1])}"
    if cell.match == "nearest":
        return f" nearest, at {number(cell.x)}, {number(cell.gap)} away"
    if cell.gap is not None:
        return f" {cell.match}, up to {number(cell.gap)} away"
    return "" if cell.match == "exact" else f" {cell.match}"


def _x(row: "Row") -> str:
    x = f"{number(_place(row))}{_steps(row, _place(row))}"
    return f"{x}*" if row.baseline_ended is not None else x


def _place(row: "Row") -> float | None:
    return row.student.x if row.student.x is not None else row.baseline.x


def _lag(row: "Row") -> str:
    why = row.lag_why or "-"
    if row.lag is None:
        return why
    return f"{number(row.lag)} ({why if row.lag_moved is None else number(row.lag_moved)})"


def _steps(row: "Row", x: float | None) -> str:
    """Return the steps of both values where they are not x itself; one where they are the same."""
    steps = [cell.step for cell in _cells(row) if cell.step is not None and cell.step != x]
    told = " and ".join(dict.fromkeys(number(step) for step in steps))
    return f" (step {told})" if told else ""


def _against(comparison: "Comparison") -> list[str]:
    entries = comparison.verdict.against
    if comparison.verdict.kind is not None:
        return []
    told = [f"- {a.baseline}, {a.metric or a.role}: {a.kind} {a.winner or ''}" for a in entries]
    return ["\n".join(line(one.rstrip()) for one in told)]


def _outlooks(comparison: "Comparison") -> list[str]:
    told = [outlook_line(one) for one in comparison.catch_up]
    return ["\n".join(told)] if told else []


def outlook_line(one: "CatchUp") -> str:
    """Return what an outlook rests on, as a line of a list."""
    naive = f"; straight line (not used): {number(one.naive_not_used)}"
    parts = [
        f"{one.metric} against {one.baseline}: {one.outlook}{_when(one)}; {one.why}",
        _then(one),
        "" if one.points is None else f"; {one.points[0]} and {one.points[1]} points",
        "" if one.method == "none" else f", {one.method}",
        naive if "naive_not_used" in one.model_fields_set else "",
    ]
    return f"- {line(''.join(parts))}"


def _when(one: "CatchUp") -> str:
    at = "" if one.at is None else f" at {number(one.at)}"
    if one.interval is None:
        return at
    low, high = one.interval
    return f"{at} ({number(low)} to {'maybe never' if high is None else number(high)})"


def _then(one: "CatchUp") -> str:
    if one.behind_then is None:
        return ""
    low, high = map(number, one.behind_then)
    return f"; behind by {low} to {high} at {number(one.until)}"


def _characters(metrics: "Sequence[MetricCharacter]") -> str:
    """Return the roles and directions with their reasons, those of one role and reason together."""
    alike: dict[tuple[str, str], list[MetricCharacter]] = {}
    for metric in metrics:
        alike.setdefault((metric.role, metric.role_why), []).append(metric)
    return "\n".join(
        line(f"{role.capitalize()} ({why}): {', '.join(map(_direction, of_role))}")
        for (role, why), of_role in alike.items()
    )


def _direction(metric: "MetricCharacter") -> str:
    return f"{metric.metric} {metric.direction or 'no direction'} ({metric.direction_why})"


def _rows(comparison: "Comparison") -> "list[Row]":
    return [*comparison.downstream, *comparison.proxy]


def _cells(row: "Row") -> "tuple[Cell, Cell]":
    return row.student, row.baseline
