"""A ranking, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from samestep.phrases import number
from samestep_server.terminal.pieces import NOTHING, caveats, short, table, text

if TYPE_CHECKING:
    from samestep.answers.ranking import Held, Pareto, Ranked, Ranking

DIGITS = 5
HEADERS = (
    ">place",
    "run",
    ">value",
    "seeds",
    ">low",
    ">high",
    ">shrunken",
    ">behind",
    ">p",
    "tied",
)


def ranking(answer: "Ranking") -> list[RenderableType]:
    """Return the reading and the verdict, then the places, what was removed and what is apart."""
    parts: list[RenderableType] = [
        text(answer.reading, "bold"),
        text(f"verdict: {answer.verdict.kind.replace('_', ' ')}. {answer.verdict.text}"),
        text(f"{answer.at.axis} {number(answer.at.value)}: {answer.at.why}; {answer.test}", "dim"),
    ]
    if answer.ranked:
        headers = [*HEADERS, *(f">{name}" for name in _beside(answer)), *_fronts(answer)]
        rows = [[text(cell) for cell in _ranked(row, answer)] for row in answer.ranked]
        parts.append(table(headers, rows))
    if answer.pareto is not None:
        parts.append(text(_pareto(answer.pareto)))
    if answer.removed:
        rows = [
            [text(row.full_name), text(short(row.value, DIGITS)), text(_why(row.constraints))]
            for row in answer.removed
        ]
        parts.append(table(["removed", f">{answer.metric.metric}", "by"], rows))
    if answer.apart:
        rows = [
            [text(row.full_name), text(row.state), text(short(row.reached, DIGITS)), text(row.why)]
            for row in answer.apart
        ]
        parts.append(table(["apart", "state", ">reached", "why"], rows))
    if answer.next_cursor:
        parts.append(text(f"{answer.left} more: --cursor {answer.next_cursor}", "dim"))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _beside(answer: "Ranking") -> list[str]:
    """Return the metrics beside the one ranked by, each once."""
    objectives = answer.pareto.objectives[1:] if answer.pareto else []
    names = [one.metric for one in (*answer.constraints, *objectives)]
    return list(dict.fromkeys(names))


def _fronts(answer: "Ranking") -> list[str]:
    return [] if answer.pareto is None else ["front", "dominated by"]


def _ranked(row: "Ranked", answer: "Ranking") -> list[str]:
    low, high = row.interval or (None, None)
    held = {one.metric: one.value for one in row.constraints}
    beside = {**row.objectives, **held}
    cells = [
        str(row.place),
        row.full_name,
        short(row.value, DIGITS),
        NOTHING if row.n is None else str(row.n),
        *(short(value, DIGITS) for value in (low, high, row.shrunken, row.behind)),
        short(row.adjusted_p, 2),
        "yes" if row.tied else "no",
        *(short(beside.get(name), DIGITS) for name in _beside(answer)),
    ]
    if answer.pareto is None:
        return cells
    return [*cells, "yes" if row.front else "no", ", ".join(row.dominated_by) or NOTHING]


def _why(held: "list[Held]") -> str:
    return "; ".join(f"{one.metric} {one.status} {one.why or number(one.value)}" for one in held)


def _pareto(found: "Pareto") -> str:
    more = f" and {found.front_left} more" if found.front_left else ""
    knee = f"; knee {found.knee}" if found.knee else ""
    lacking = f"; without every objective: {', '.join(found.unknown)}" if found.unknown else ""
    return f"front: {', '.join(found.front) or 'nobody'}{more}{knee}{lacking}"
