"""A comparison as short Markdown tables."""

from typing import TYPE_CHECKING

from samestep.answers import markdown

if TYPE_CHECKING:
    from samestep.answers.comparison import Cell, Comparison, MetricCharacter, Row


def to_markdown(comparison: "Comparison") -> str:
    """Return the tables of both roles, the verdict, and what every answer has."""
    at = comparison.at
    parts = [f"At {at.axis} {markdown.number(at.value)} ({at.unit}):"]
    for role, rows in (("Downstream", comparison.downstream), ("Proxy", comparison.proxy)):
        if rows:
            parts.append(f"{role}\n\n{_rows(rows)}")
    verdict = comparison.verdict
    parts.append(f"Verdict: {verdict.kind or 'differs by baseline or metric'}. {verdict.text}")
    if len(verdict.against) > 1:
        parts.append(
            "\n".join(f"- {a.baseline}, {a.metric or a.role}: {a.kind}" for a in verdict.against)
        )
    parts.append("\n".join(_character(metric) for metric in comparison.metrics))
    if comparison.next_cursor:
        parts.append(f'{comparison.metrics_left} more metrics: cursor="{comparison.next_cursor}"')
    return markdown.page(comparison, parts)


def _rows(rows: "list[Row]") -> str:
    headers = ["metric", "student", "baseline", "", "delta", "better", "noise", "x", "outlook"]
    return markdown.table(headers, [_row(row) for row in rows])


def _row(row: "Row") -> list[str]:
    return [
        row.metric,
        _value(row.student),
        _value(row.baseline),
        row.baseline.full_name,
        markdown.number(row.delta),
        row.better or "-",
        markdown.number(row.noise),
        _x(row),
        row.outlook or "-",
    ]


def _value(cell: "Cell") -> str:
    if cell.value is None:
        return f"absent: {cell.absent}"
    text = markdown.number(cell.value)
    if cell.spread is not None:
        text += f" ± {markdown.number(cell.spread)}"
    if cell.n is not None:
        text += f" (n={cell.n})"
    if cell.match == "interpolated" and cell.between is not None:
        return f"{text} interpolated {markdown.number(cell.between[0])}..{markdown.number(cell.between[1])}"
    if cell.match == "nearest":
        return f"{text} nearest, {markdown.number(cell.gap)} away"
    return text if cell.match == "exact" else f"{text} {cell.match}"


def _x(row: "Row") -> str:
    x = markdown.number(row.baseline.x if row.student.value is None else row.student.x)
    if row.baseline_ended is not None:
        return f"{x} (baseline ended)"
    return f"{x} (lags by {markdown.number(row.lags_by)})" if row.lags_by else x


def _character(metric: "MetricCharacter") -> str:
    better = f"{metric.direction} is better" if metric.direction else "direction unknown"
    return f"{metric.metric}: {metric.role} ({metric.role_why}), {better} ({metric.direction_why})"
