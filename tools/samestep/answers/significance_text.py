"""A test of a difference as short Markdown tables."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from samestep.answers.significance import (
        Aggregate,
        DifferenceRow,
        Estimate,
        GivenTest,
        Ranking,
        Sample,
        SignificanceAnswer,
    )

ROW = ["metric", "task", "x", "a", "b", "a - b", "95 % of a - b", "better", "test", "p", "Holm p"]
TEST = ["test", "n", "p", "statistic", "df", "95 % of a - b", "what else"]
VALUE = ["metric", "task", "run", "seed", "value", "x", "step", "match"]


def to_markdown(answer: "SignificanceAnswer") -> str:
    """Return the verdict, a row per difference, then what each rests on."""
    verdict, at = answer.verdict, answer.at
    short = f" (kept from more by {', '.join(verdict.blocked_by)})" if verdict.blocked_by else ""
    parts = [
        line(f"Verdict: {verdict.kind or 'differs by row'}{short}. {verdict.text}"),
        line(f"At {at.axis} {number(at.value)} ({at.unit}).") if at else "No x is known.",
        *_against(answer),
        markdown.table([*ROW, "outcome"], [_row(row) for row in answer.rows]),
        f"{answer.rows_left} more rows." if answer.rows_left else "",
        f"{answer.compared} p-values adjusted together (Holm)." if answer.compared else "",
        "\n".join(_facts(answer.rows)),
        *_tests(answer.rows),
        *(_aggregate(one) for one in answer.aggregates),
        *(_ranking(answer.ranking) if answer.ranking else []),
        markdown.table(VALUE, _values(answer.rows)),
        f"{answer.values_left} more values: fetch_history." if answer.values_left else "",
        *_files(answer),
        *_characters(answer),
    ]
    return markdown.page(answer, [part for part in parts if part])


def interval(bounds: "tuple[float, float] | None") -> str:
    """Return an interval as `low..high`, `-` for none."""
    return "-" if bounds is None else f"{number(bounds[0])}..{number(bounds[1])}"


def _row(row: "DifferenceRow") -> list[str]:
    return [
        row.metric,
        row.task or "-",
        number(row.x),
        _sample(row.a, row.unit),
        _sample(row.b, row.unit),
        number(row.delta),
        interval(row.given.interval),
        row.better or "-",
        row.given.test,
        number(row.given.p),
        number(row.adjusted_p),
        row.outcome,
    ]


def _sample(sample: "Sample", unit: str) -> str:
    if sample.mean is None:
        return f"{sample.full_name}: absent, {sample.absent} (n = {sample.n} {unit})"
    spread = "" if sample.spread is None else f" ± {number(sample.spread)}"
    bounds = "" if sample.interval is None else f", {interval(sample.interval)}"
    match = f", {sample.match}" if sample.match else ""
    return (
        f"{sample.full_name}: {number(sample.mean)}{spread} (n = {sample.n} {unit}{bounds}{match})"
    )


def _facts(rows: "Sequence[DifferenceRow]") -> "Iterator[str]":
    for row in rows:
        facts = [f"{row.given.test}, {row.why}"]
        if row.superiority is not None:
            bounds = "alike for every pair"
            if row.superiority.interval is not None:
                bounds = interval(row.superiority.interval)
            facts.append(f"P(a above b) {number(row.superiority.value)} ({bounds})")
        if row.separate:
            facts.append("the intervals of the means do not touch")
        if row.detectable is not None:
            facts.append(f"found 8 times out of 10: a difference of {number(row.detectable)}")
        if row.noise is not None:
            facts.append(f"noise from point to point {number(row.noise)}")
        if row.minimum_effect is not None:
            facts.append(f"smallest difference that matters {number(row.minimum_effect)}")
        if row.suggestive is not None:
            facts.append(f"{row.suggestive} what seeds vary by ({row.noise_from})")
        for sample in (row.a, row.b):
            facts.extend(f"not counted: {name} ({w})" for name, w in _missing(sample))
        yield line(f"- {_about(row)}: {'; '.join(facts)}.")


def _missing(sample: "Sample") -> "Sequence[tuple[str, str]]":
    return list((sample.not_counted or {}).items())


def _about(row: "DifferenceRow") -> str:
    task = f", {row.task}" if row.task else ""
    return f"{row.metric}{task} against {row.b.full_name}"


def _tests(rows: "Sequence[DifferenceRow]") -> "Iterator[str]":
    """Yield a table of everything tested, once per row."""
    for row in rows:
        told = [row.given, *row.beside]
        yield f"{line(_about(row))}:\n\n{markdown.table(TEST, map(_test, told))}"


def _test(test: "GivenTest") -> list[str]:
    n = number(test.n[0]) if test.n[0] == test.n[1] else f"{test.n[0]} and {test.n[1]}"
    what_else = "; ".join(part for part in (test.why_not, test.how) if part)
    numbers = [number(test.p), number(test.statistic), number(test.df)]
    return [test.test, n, *numbers, interval(test.interval), what_else or "-"]


def _aggregate(found: "Aggregate") -> str:
    runs = f"{found.fewest_runs[0]} and {found.fewest_runs[1]} runs in the smallest"
    body = [
        ["a, interquartile mean", *_estimate(found.a_iqm)],
        [f"{found.b}, interquartile mean", *_estimate(found.b_iqm)],
        ["difference", *_estimate(found.difference)],
        ["P(a above b)", *_estimate(found.improvement)],
    ]
    title = line(f"Over {found.tasks} tasks, {runs}")
    return f"{title}:\n\n{markdown.table(['', 'value', '95 %'], body)}"


def _estimate(one: "Estimate") -> tuple[str, str]:
    return number(one.value), interval(one.interval)


def _ranking(found: "Ranking") -> list[str]:
    ranks = [[one.full_name, number(one.rank)] for one in found.ranks]
    tests = markdown.table(TEST, [_test(found.given)])
    return [tests, markdown.table(["side", "mean rank (1 is best)"], ranks)]


def _values(rows: "Sequence[DifferenceRow]") -> "Iterator[list[str]]":
    for row in rows:
        for value in (*row.a.values, *row.b.values):
            near = "" if value.gap is None else f" (gap {number(value.gap)})"
            yield [
                row.metric,
                row.task or "-",
                value.full_name,
                value.seed or "-",
                number(value.value),
                number(value.x),
                number(value.step),
                f"{value.match}{near}",
            ]


def _files(answer: "SignificanceAnswer") -> list[str]:
    told = [
        f"- {one.file}: {one.examples} examples of {one.value_column} by {one.id_column}"
        f"{_places(one.places)}, {one.not_paired} not in the other file."
        for one in answer.files
    ]
    return ["\n".join(map(line, told))] if told else []


def _places(places: "dict[str, float]") -> str:
    return "".join(f", {name} {number(at)}" for name, at in places.items())


def _against(answer: "SignificanceAnswer") -> list[str]:
    entries = answer.verdict.against
    if len(entries) <= 1:
        return [f"Winner: {line(answer.verdict.winner)}." if answer.verdict.winner else ""]
    body = [
        [
            one.baseline,
            f"{one.metric or 'all'}{f' ({one.task})' if one.task else ''}",
            one.role,
            one.kind,
            one.winner or "-",
        ]
        for one in entries
    ]
    return [markdown.table(["against", "metric", "role", "verdict", "winner"], body)]


def _characters(answer: "SignificanceAnswer") -> list[str]:
    told = [
        f"- {one.metric}: {one.role} ({one.role_why}), "
        f"{one.direction or 'direction unknown'} ({one.direction_why})"
        for one in answer.metrics
    ]
    return ["\n".join(map(line, told))]
