"""A ranking as short Markdown tables."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers.ranking import Apart, Held, Pareto, Ranked, Ranking, Removed

NOTHING = "-"
HEADERS = (
    "place",
    "run",
    "value",
    "found",
    "seeds",
    "95 % interval",
    "shrunken",
    "behind",
    "p",
    "told by",
    "tied",
)


def to_markdown(answer: "Ranking") -> str:
    """Return where the ranking stands and its verdict, then a table of each part."""
    parts = [
        _stands(answer),
        line(answer.verdict.text),
        _judged(answer),
        markdown.table(
            [*HEADERS, *_beside(answer)], [_ranked(row, answer) for row in answer.ranked]
        ),
        _luck(answer),
        markdown.table(
            ["constraint", "meets", "violates", "unknown", "removed alone"], _constraints(answer)
        ),
        markdown.table(
            ["removed", "run", answer.metric.metric, "by"], map(_removed, answer.removed)
        ),
        markdown.table(["apart", "run", "state", "reached", "why"], map(apart_row, answer.apart)),
        "" if answer.pareto is None else _pareto(answer.pareto),
        f'{answer.left} more: cursor="{answer.next_cursor}"' if answer.next_cursor else "",
        "" if answer.record is None else answer.record.to_markdown(),
    ]
    return markdown.page(answer, [part for part in parts if part])


def _stands(answer: "Ranking") -> str:
    at, metric, counts = answer.at, answer.metric, answer.counts
    told = (
        f"{metric.metric} ({metric.role}: {metric.role_why}; {metric.direction} is better: "
        f"{metric.direction_why}) at {at.axis} {number(at.value)} ({at.unit}), {at.why}; the newest "
        f"anybody reached is {number(at.newest)}. {counts.candidates} candidates: {counts.ranked} "
        f"ranked, {counts.removed} removed, {counts.apart} apart. Test: {answer.test}."
    )
    return line(told)


def _judged(answer: "Ranking") -> str:
    verdict = answer.verdict
    winner = f" {verdict.winner}" if verdict.winner else ""
    blocked = f" ({', '.join(verdict.blocked_by)})" if verdict.blocked_by else ""
    more = f" and {answer.first_left} more" if answer.first_left else ""
    first = f"; not told from the first: {', '.join(answer.first)}{more}" if answer.first else ""
    return line(f"Verdict: {verdict.kind}{winner}{blocked}{first}")


def _beside(answer: "Ranking") -> list[str]:
    """Return the headers of columns that only some rankings have."""
    held = [one.metric for one in answer.constraints]
    if answer.pareto is None:
        return held
    names = [one.metric for one in answer.pareto.objectives[1:]]
    return [*held, *names, "front", "dominated by", "on front"]


def _ranked(row: "Ranked", answer: "Ranking") -> list[str]:
    cells = [
        str(row.place),
        _named(row),
        number(row.value),
        _found(row),
        _seeds(row),
        _between(row.interval),
        number(row.shrunken),
        number(row.behind),
        number(row.adjusted_p),
        row.evidence or NOTHING,
        "yes" if row.tied else "no",
        *map(_held, row.constraints),
    ]
    if answer.pareto is None:
        return cells
    names = [one.metric for one in answer.pareto.objectives[1:]]
    return [
        *cells,
        *(number(row.objectives.get(name)) for name in names),
        "yes" if row.front else "no",
        ", ".join(row.dominated_by) or NOTHING,
        number(row.on_front),
    ]


def _named(row: "Ranked") -> str:
    """Return a name with its reference; one that ends with the name stands for both."""
    ref = row.run or ", ".join(row.runs or [])
    return ref if ref.endswith(f"#{row.full_name}") else f"{row.full_name} = {ref}"


def _found(row: "Ranked") -> str:
    between = "" if row.between is None else f" between {_between(row.between)}"
    gap = "" if row.gap is None else f", {number(row.gap)} off"
    step = "" if row.step is None else f", step {number(row.step)}"
    return f"{row.match}{between}{gap}{step}"


def _seeds(row: "Ranked") -> str:
    if row.n is None:
        return "single"
    missing = "".join(f"; without {name}: {why}" for name, why in (row.not_counted or {}).items())
    spread = "" if row.spread is None else f", sd {number(row.spread)}"
    return f"{row.n}{spread}{missing}"


def _between(pair: tuple[float, float] | None) -> str:
    return NOTHING if pair is None else f"{number(pair[0])} to {number(pair[1])}"


def _held(one: "Held") -> str:
    slack = "" if one.slack is None else f" (slack {number(one.slack)})"
    found = "" if one.how is None else f", {one.how}"
    at = "" if one.x is None else f" at {number(one.x)}"
    why = "" if one.why is None else f": {one.why}"
    return f"{one.status} {number(one.value)}{slack}{found}{at}{why}"


def _luck(answer: "Ranking") -> str:
    found = answer.selection
    if found is None:
        return ""
    return line(
        f"Luck of being first among {found.candidates}: {number(found.first)}, drawn to the mean of "
        f"all {number(found.shrunken)}; deviation from seed to seed {number(found.spread)} "
        f"({found.spread_from})."
    )


def _constraints(answer: "Ranking") -> "list[list[str]]":
    return [
        [
            f"{one.metric} {one.constraint}",
            *(str(count) for count in (one.meets, one.violates, one.unknown, one.removed_alone)),
        ]
        for one in answer.constraints
    ]


def _removed(row: "Removed") -> "Sequence[str]":
    by = "; ".join(f"{one.metric} {_held(one)}" for one in row.constraints)
    run = row.run or ", ".join(row.runs or [])
    return [row.full_name, run, f"{number(row.value)} ({row.match})", by]


def apart_row(row: "Apart") -> "Sequence[str]":
    """Return the row of a candidate that stands apart."""
    run = row.run or ", ".join(row.runs or []) or NOTHING
    return [row.full_name, run, row.state, number(row.reached), row.why]


def _pareto(found: "Pareto") -> str:
    objectives = ", ".join(
        f"{one.metric} ({one.direction}, beyond {number(one.epsilon)})" for one in found.objectives
    )
    more = f" and {found.front_left} more" if found.front_left else ""
    unknown = f" and {found.unknown_left} more" if found.unknown_left else ""
    lacking = (
        f" Lacking an objective: {', '.join(found.unknown)}{unknown}." if found.unknown else ""
    )
    knee = f" Knee: {found.knee}." if found.knee else ""
    front = ", ".join(found.front) or "nobody"
    return line(
        f"Front over {objectives}: {front}{more}.{knee}{lacking} On front: {found.resampled}."
    )
