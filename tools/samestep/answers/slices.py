"""Slices of a score in a comparison: one row a family, which opens with its largest changes."""

from collections.abc import Sequence

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.answers.record import Number, Sparse
from samestep.model import Match
from samestep.phrases import number

HEADERS = ["slices", "compared", "better", "worse", "mean delta (computed)", "most changed"]


class SliceChange(Sparse):
    """One slice of the score on both sides, at the same x."""

    metric: str
    """The slice's metric."""
    student: Number
    """The student's value."""
    baseline: Number
    """The baseline's value."""
    delta: Number
    """Student minus baseline."""
    x: Number
    """Where both stand."""
    steps: tuple[Number | None, Number | None] | None = None
    """The steps the values were logged at, where they are not x itself."""
    match: Match | None = None
    """The less direct way the two were found, where it is not exact."""


class SliceFamily(Sparse):
    """One score over segments against one baseline."""

    family: str
    """The names of its metrics, with * for the segment."""
    baseline: str
    """The baseline's full name."""
    average: str | None = None
    """The metric that is the family's average, where one is logged: a row of its own."""
    compared: int
    """How many slices both sides have at x."""
    better: int
    """In how many of them the student's value is better."""
    worse: int
    """In how many the baseline's is."""
    not_compared: int = 0
    """How many one side lacks at x, or which cannot be subtracted."""
    mean_delta: Number | None
    """The mean of the differences, computed here: nobody logged it."""
    regressions: list[SliceChange]
    """Where the student is worst against the baseline, the largest first."""
    improvements: list[SliceChange]
    """Where it is best, the largest first."""


def tables(families: Sequence[SliceFamily]) -> list[str]:
    """Return a Markdown table of the families against each baseline."""
    names = dict.fromkeys(family.baseline for family in families)
    return [_table(name, [one for one in families if one.baseline == name]) for name in names]


def changes(family: SliceFamily) -> list[str]:
    """Return the changes shown, in words."""
    return [_change(one) for one in (*family.regressions, *family.improvements)]


def counted(family: SliceFamily) -> str:
    """Return how many slices are compared, and how many are not."""
    lacking = f" ({family.not_compared} not)" if family.not_compared else ""
    return f"{family.compared}{lacking}"


def named(family: SliceFamily) -> str:
    """Return the family's name, with the metric that averages it."""
    return f"{family.family} (average: {family.average})" if family.average else family.family


def _table(baseline: str, families: Sequence[SliceFamily]) -> str:
    body = [
        [
            named(one),
            counted(one),
            str(one.better),
            str(one.worse),
            number(one.mean_delta),
            "; ".join(changes(one)),
        ]
        for one in families
    ]
    title = line(f"Slices, against {baseline} (metrics=[...] shows any as a row)")
    return f"{title}:\n\n{markdown.table(HEADERS, body)}"


def _change(one: SliceChange) -> str:
    steps = [number(step) for step in one.steps or () if step is not None]
    told = f" (step {' and '.join(dict.fromkeys(steps))})" if steps else ""
    match = f", {one.match}" if one.match else ""
    values = f"{number(one.student)} to {number(one.baseline)}"
    sign = "+" if one.delta > 0 else ""
    return f"{one.metric} {sign}{number(one.delta)} ({values} at {number(one.x)}{told}{match})"
