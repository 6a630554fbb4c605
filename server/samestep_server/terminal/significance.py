"""Whether a difference is more than chance, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.answers.significance_text import interval
from samestep.phrases import number
from samestep_server.terminal.pieces import NOTHING, assembled, caveats, short, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samestep.answers.significance import (
        Aggregate,
        DifferenceRow,
        GivenTest,
        Sample,
        SignificanceAnswer,
    )

OUTCOME_STYLE = {"significant": "bold", "not comparable": "red"}
HEADERS = ["metric", "task", "a", "b", ">a - b", "95 %", ">p", "outcome"]


def significance(answer: "SignificanceAnswer") -> list[RenderableType]:
    """Return the verdict, a row for each difference, and what stands beside it."""
    parts: list[RenderableType] = [
        text(answer.reading, "bold"),
        assembled(
            (f"verdict: {answer.verdict.kind or 'differs by row'}. ", "bold"), answer.verdict.text
        ),
        text(_place(answer), "dim"),
        table(HEADERS, [_row(row) for row in answer.rows]),
    ]
    if answer.rows_left:
        parts.append(text(f"{answer.rows_left} more rows", "dim"))
    beside = [text(line) for row in answer.rows for line in _beside(row)]
    parts.extend([Group(*beside)] if beside else [])
    parts.extend(_aggregate(one) for one in answer.aggregates)
    if answer.ranking is not None:
        parts.append(text(_told(answer.ranking.given)))
        ranks = [[text(one.full_name), text(number(one.rank))] for one in answer.ranking.ranks]
        parts.append(table(["side", ">mean rank"], ranks))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _place(answer: "SignificanceAnswer") -> str:
    """Return where the values stand: each row may stand before the x of the question."""
    at = answer.at
    if at is None:
        return "at no x that the files name"
    places = sorted({row.x for row in answer.rows if row.x is not None})
    if places in ([], [at.value]):
        return f"at {at.axis} {number(at.value)}"
    first, last = places[0], places[-1]
    told = number(last) if first == last else f"{number(first)} to {number(last)}, row by row"
    return f"at {at.axis} {told} (where both sides stand at or before {number(at.value)})"


def _row(row: "DifferenceRow") -> list[Text]:
    return [
        text(row.metric),
        text(row.task or NOTHING),
        text(_sample(row.a, row.unit)),
        text(_sample(row.b, row.unit)),
        text(short(row.delta, 5)),
        text(_short(row.given.interval)),
        text(short(row.adjusted_p, 3)),
        text(row.outcome, OUTCOME_STYLE.get(row.outcome, "")),
    ]


def _sample(sample: "Sample", unit: str) -> str:
    spread = "" if sample.spread is None else f" ± {short(sample.spread, 2)}"
    return f"{sample.full_name} {short(sample.mean, 5)}{spread} (n = {sample.n} {unit})"


def _beside(row: "DifferenceRow") -> "Iterator[str]":
    yield f"{row.metric} against {row.b.full_name}: {row.given.test}, {row.why}"
    for test in (row.given, *row.beside):
        if test.why_not or test is not row.given:
            yield f"  {_told(test)}"
    if row.superiority is not None:
        chance = row.superiority
        yield f"  P(a above b) {short(chance.value, 3)} ({_short(chance.interval)})"
    if row.detectable is not None:
        yield f"  found 8 times out of 10: a difference of {short(row.detectable, 3)}"
    if row.suggestive is not None:
        yield f"  {row.suggestive} what seeds vary by ({row.noise_from})"


def _told(test: "GivenTest") -> str:
    if test.why_not:
        return f"{test.test}: {test.why_not}"
    said = "" if test.p is None else f" p = {short(test.p, 3)}"
    bounds = "" if test.interval is None else f" {_short(test.interval)}"
    return f"{test.test}:{said}{bounds}"


def _aggregate(found: "Aggregate") -> RenderableType:
    rows = [
        ("interquartile mean of a", found.a_iqm),
        (f"interquartile mean of {found.b}", found.b_iqm),
        ("difference", found.difference),
        ("P(a above b)", found.improvement),
    ]
    body = [
        [text(name), text(short(one.value, 4)), text(_short(one.interval))] for name, one in rows
    ]
    return table([f"over {found.tasks} tasks", ">value", "95 %"], body)


def _short(bounds: "tuple[float, float] | None") -> str:
    if bounds is None:
        return NOTHING
    low, high = (float(f"{bound:.4g}") for bound in bounds)
    return interval((low, high))
