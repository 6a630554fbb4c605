"""The slices of scores in a comparison: which metrics they are, and what changed most in them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestep.analysis.compare import RANK
from samestep.analysis.roles import UNDECLARED
from samestep.analysis.slices import Family, families
from samestep.answers.answer import Caveat
from samestep.answers.comparison import Comparison, Row
from samestep.answers.record import derived
from samestep.answers.slices import SliceChange, SliceFamily
from samestep.questions.caveats.room import ORDER
from samestep.questions.metrics import Compared
from samestep.questions.rows import Frame, Judged, judged_rows
from samestep.questions.sides import KnownSide
from samestep.verdict import BEYOND_NOISE

if TYPE_CHECKING:
    from samestep.model import Match

MOST_CHANGES = 3  # shown of each kind
MOST_ENTRIES = 6  # families against baselines
MOST_HIDDEN = 2  # caveats of averages


@dataclass(frozen=True, slots=True)
class Opened:
    """The families of a comparison, opened."""

    entries: tuple[SliceFamily, ...] = ()
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True, slots=True)
class Collapsed:
    """The metrics that have rows of their own, and the families the others make up."""

    rows: tuple[Compared, ...]
    families: tuple[tuple[Family, tuple[Compared, ...]], ...] = ()


def collapsed(compared: Sequence[Compared], asked: Sequence[str] | None) -> Collapsed:
    """Take the slices of a score out of the rows; what was asked for or declared keeps its row.

    Where there would be no row without them, the slices stay rows too.
    """
    if asked is not None:
        return Collapsed(tuple(compared))
    known = {one.student: one for one in compared}
    free = [
        name
        for name, one in known.items()
        if one.character.role_why == UNDECLARED and one.paired_by is None
    ]
    found = [_with_average(family, list(known)) for family in families(free)]
    inside = {name for family in found for name in family.slices}
    rows = tuple(one for one in compared if one.student not in inside)
    told = [(family, tuple(known[name] for name in family.slices)) for family in found]
    return Collapsed(rows or tuple(compared), tuple(told))


def _with_average(family: Family, names: Sequence[str]) -> Family:
    """Return the family with its average looked for among the declared metrics too."""
    again = families([*names]) if family.average is None else []
    return next((one for one in again if one.name == family.name and one.average), family)


def opened(
    student: KnownSide,
    baselines: Sequence[KnownSide],
    found: Collapsed,
    frame: Frame,
    rows: Sequence[Judged],
) -> Opened:
    """Return what changed most in each family, and which averages do not show it."""
    entries: list[SliceFamily] = []
    caveats: list[Caveat] = []
    for family, slices in found.families:
        judged = judged_rows(student, baselines, slices, frame)
        for baseline in baselines:
            against = [one for one in judged if one.baseline is baseline]
            entry = _entry(family, baseline.name, [one.row for one in against])
            entries.append(entry)
            hidden = _hidden(student.name, entry, [one.row for one in against], rows)
            caveats.extend(hidden)
    beyond = len(entries) - MOST_ENTRIES
    shown = caveats[:MOST_HIDDEN]
    if beyond > 0:
        text = f"{beyond} more rows of slices are not shown; metrics=[...] shows any."
        shown.append(Caveat(rule="partial-said", severity="notes", text=text))
    return Opened(tuple(entries[:MOST_ENTRIES]), tuple(shown))


def with_slices(answer: Comparison, slices: Opened) -> Comparison:
    """Return the answer with its families and what is to be known of them."""
    if not slices.entries:
        return answer
    caveats = sorted(
        [*answer.caveats, *slices.caveats], key=lambda caveat: ORDER.index(caveat.severity)
    )
    return answer.model_copy(update={"slices": list(slices.entries), "caveats": caveats})


def _entry(family: Family, baseline: str, rows: Sequence[Row]) -> SliceFamily:
    known = [row for row in rows if row.delta is not None]
    worse = [row for row in known if row.better == "baseline"]
    better = [row for row in known if row.better == "student"]
    deltas = [row.delta or 0.0 for row in known]
    mean = derived(math.fsum(deltas) / len(deltas)) if deltas else None
    entry = SliceFamily(
        family=family.name,
        baseline=baseline,
        compared=len(known),
        better=len(better),
        worse=len(worse),
        mean_delta=mean,
        regressions=_largest(worse),
        improvements=_largest(better),
    )
    extra: dict[str, object] = {} if family.average is None else {"average": family.average}
    lacking = len(rows) - len(known)
    return entry.model_copy(update={**extra, **({"not_compared": lacking} if lacking else {})})


def _largest(rows: Sequence[Row]) -> list[SliceChange]:
    ordered = sorted(rows, key=lambda row: -abs(row.delta or 0.0))
    return [_change(row) for row in ordered[:MOST_CHANGES]]


def _change(row: Row) -> SliceChange:
    ours, theirs = row.student, row.baseline
    x = ours.x or 0.0
    change = SliceChange(
        metric=row.metric,
        student=ours.value or 0.0,
        baseline=theirs.value or 0.0,
        delta=row.delta or 0.0,
        x=x,
    )
    extra: dict[str, object] = {}
    steps = (ours.step, theirs.step)
    if any(step is not None and step != x for step in steps):
        extra["steps"] = steps
    found: list[Match] = [
        cell.match for cell in (ours, theirs) if cell.match and cell.match != "final"
    ]
    least = max(found, key=RANK.__getitem__) if found else "exact"
    return change.model_copy(update=extra if least == "exact" else {**extra, "match": least})


def _hidden(
    student: str, entry: SliceFamily, slices: Sequence[Row], rows: Sequence[Judged]
) -> list[Caveat]:
    """Say which slices got worse beyond noise where their average did not."""
    lost = [row for row in slices if row.better == "baseline" and _is_beyond_noise(row)]
    averages = [
        one.row
        for one in rows
        if one.row.metric == entry.average and one.baseline.name == entry.baseline
    ]
    fell = averages[0].better == "baseline" if averages else entry.worse > entry.better
    if not lost or fell:
        return []
    lost.sort(key=lambda row: -abs(row.delta or 0.0))
    names = ", ".join(row.metric for row in lost[:MOST_CHANGES])
    rest = len(lost) - MOST_CHANGES
    more = f" and {rest} more" if rest > 0 else ""
    of = entry.average if averages else f"The mean over {entry.family}"
    text = (
        f"{of} does not show what its slices do: of {entry.compared}, {names}{more} "
        f"moved against {student}, beyond noise where it is known, compared with {entry.baseline}."
    )
    return [Caveat(rule="partial-said", severity="warns", text=text)]


def _is_beyond_noise(row: Row) -> bool:
    return row.noise is None or abs(row.delta or 0.0) > BEYOND_NOISE * row.noise
