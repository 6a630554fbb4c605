"""The parts of a comparison that its rules speak of."""

import re
from collections.abc import Iterator, Sequence

from samestep.answers.answer import Caveat, LegendEntry
from samestep.answers.comparison import Against, Cell, Comparison, Row

CLOSE = 1e-8  # relative; x is often a quotient of whole numbers
ROUNDED = 1e-5  # relative; noise, spread, gap and lag are given to six digits


def rows(answer: Comparison) -> list[Row]:
    """Return the rows of both roles."""
    return [*answer.downstream, *answer.proxy]


def cells(answer: Comparison) -> Iterator[tuple[Row, Cell]]:
    """Yield every cell with its row."""
    for row in rows(answer):
        yield row, row.student
        yield row, row.baseline


def place(answer: Comparison, row: Row) -> float:
    """Return the x at which both cells of a row have to stand."""
    return answer.at.value - row.lags_by if row.baseline_ended is None else row.baseline_ended


def slack(*x: float) -> float:
    """Return how far equal x may differ by rounding."""
    return CLOSE * max(1.0, *map(abs, x))


def legend(answer: Comparison) -> dict[str, LegendEntry]:
    """Return the legend by full name."""
    return {entry.full_name: entry for entry in answer.runs}


def size(entry: LegendEntry) -> int | None:
    """Return how many members a group has; None for a single run."""
    return len(entry.members) + entry.more_members if entry.members else None


def own_names(entry: LegendEntry) -> set[str]:
    """Return the names a run or a group and its members go by."""
    names = {entry.full_name, *(member.full_name for member in entry.members)}
    source = (entry.run or "").partition("#")[0]
    return names | {entry.full_name.removesuffix(f" ({source})")}


def named(text: str, names: Sequence[str] | set[str]) -> bool:
    """Return whether a text holds one of the names as a whole."""
    return any(re.search(whole(name), text) for name in names if name)


def whole(name: str) -> str:
    """Return a pattern for a name that is no part of a longer one."""
    return rf"(?<![\w/.-]){re.escape(name)}(?![\w/-]|\.\w)"


def judged_rows(answer: Comparison, entry: Against) -> list[Row]:
    """Return the rows a judgement is about."""
    of_role = answer.downstream if entry.role == "downstream" else answer.proxy
    return [
        row
        for row in of_role
        if row.baseline.full_name == entry.baseline and entry.metric in {None, row.metric}
    ]


def better_name(row: Row) -> str | None:
    """Return the full name of the better side; None where neither is."""
    if row.better is None:
        return None
    return row.student.full_name if row.better == "student" else row.baseline.full_name


def blocks(answer: Comparison, caveat: Caveat, row: Row) -> bool:
    """Return whether a caveat keeps a row from being judged.

    A caveat that names no baseline speaks of all of them, and one about definitions of the metrics
    it begins with.
    """
    if caveat.severity != "blocks":
        return False
    baselines = {e.full_name: own_names(e) for e in answer.runs if e.role == "baseline"}
    told = {name for name, own in baselines.items() if named(caveat.text, own)}
    if told and row.baseline.full_name not in told:
        return False
    subjects = _subjects(answer, caveat)
    return caveat.rule != "same-definition" or not subjects or row.metric in subjects


def _subjects(answer: Comparison, caveat: Caveat) -> set[str]:
    """Return the metrics a caveat begins with, one or several in a row."""
    names = sorted((metric.metric for metric in answer.metrics), key=len, reverse=True)
    subjects: set[str] = set()
    rest = caveat.text
    while name := next((name for name in names if re.match(whole(name), rest)), None):
        subjects.add(name)
        rest = rest[len(name) :]
        if not rest.startswith(", "):
            break
        rest = rest.removeprefix(", ")
    return subjects
