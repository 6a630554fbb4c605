"""The sentences of a test: none says `significant` without n, the test and the x."""

from collections.abc import Sequence

from samestep.answers.significance import DifferenceRow, Sample, StandsAt, Unit
from samestep.answers.significance_text import interval
from samestep.phrases import number
from samestep.questions.significance.rows import Row
from samestep.verdict import Judgement, Kind

MOST_TOLD = 2  # rows told in the reading
SHORT: dict[Kind, str] = {
    "winner": "is the winner over",
    "ahead_so_far": "is ahead so far of",
    "behind_so_far": "is behind so far of",
    "within_noise": "differs within noise from",
    "undecided": "is undecided against",
    "not_comparable": "cannot be compared with",
}
NO_PLACE = "at no x that the files name"


def reading(rows: Sequence[DifferenceRow], at: StandsAt | None) -> str:
    """Return the answer in plain sentences, the first rows told and the others counted."""
    told = [_sentence(row, at) for row in rows[:MOST_TOLD]]
    rest = len(rows) - len(told)
    more = [f"{rest} more {'rows stand' if rest > 1 else 'row stands'} below."] if rest > 0 else []
    return " ".join([*told, *more]) or "Nothing can be tested: all sides share no task."


def place(axis: str | None, x: float | None) -> str:
    """Return an x in words."""
    return NO_PLACE if axis is None or x is None else f"at {axis} {number(x)}"


def verdict_text(judged: Sequence[tuple[Row, Judgement]], at: StandsAt | None) -> str:
    """Return what may be judged, one sentence for each row, at most three."""
    if judged and all(one.role == "proxy" and one.kind == "undecided" for _, one in judged):
        return "Only proxies are compared, and proxies decide nothing."
    sentences = [_judged(row.row, judgement, at) for row, judgement in judged]
    rest = len(sentences) - MOST_TOLD
    more = [f"{rest} more judgements stand in `against`."] if rest > 0 else []
    return " ".join([*sentences[:MOST_TOLD], *more])


def _sentence(row: DifferenceRow, at: StandsAt | None) -> str:
    where = place(at.axis if at else None, row.x if at is None or row.x is not None else at.value)
    where = f"{where[0].upper()}{where[1:]}"
    about = f"{row.metric}{f' ({row.task})' if row.task else ''}"
    absent = [f"{one.full_name}: {one.absent}" for one in (row.a, row.b) if one.mean is None]
    if absent:
        why = row.given.why_not if row.task and row.given.why_not else "; ".join(absent)
        return (
            f"{where} {row.a.full_name} and {row.b.full_name} cannot be tested on {about}: {why}."
        )
    if row.delta is None and row.outcome != "not comparable" and row.given.why_not:
        return (
            f"{where} {row.a.full_name} and {row.b.full_name} cannot be tested on {about}: "
            f"{row.given.why_not}."
        )
    if row.delta is None:
        names = f"{row.a.full_name} and {row.b.full_name}"
        return f"{where} {names} cannot be compared on {about}: a caveat says why."
    side = "equal to" if not row.delta else "above" if row.delta > 0 else "below"
    apart = f"{number(abs(row.delta))} {side}" if row.delta else side
    has = f"{row.a.full_name} has {number(row.a.mean)} on {about} ({_size(row.a, row.unit)})"
    other = f"{row.b.full_name} ({number(row.b.mean)}, {_size(row.b, row.unit)})"
    return f"{where} {has}, {apart} {other}: {_said(row)}."


def _size(sample: Sample, unit: Unit) -> str:
    return f"n = {sample.n} {unit if sample.n != 1 else unit[:-1]}"


def _said(row: DifferenceRow) -> str:
    given = row.given
    if row.outcome == "cannot tell":
        return f"{given.test} cannot tell it from chance{_why(row)}"
    evidence = [
        "" if row.adjusted_p is None else f"p = {number(row.adjusted_p)}{_adjusted(row)}",
        "" if given.interval is None else f"95 % interval {interval(given.interval)}",
    ]
    shown = "; ".join(part for part in evidence if part)
    return f"{row.outcome} by {given.test}{f' ({shown})' if shown else ''}"


def _adjusted(row: DifferenceRow) -> str:
    return "" if row.adjusted_p == row.given.p else " by Holm's correction"


def _why(row: DifferenceRow) -> str:
    lent = f"; it is {row.suggestive} what seeds vary by ({row.noise_from})"
    if row.given.why_not:
        return f": {row.given.why_not}{lent if row.suggestive else ''}"
    return f": an interval ({interval(row.given.interval)}) of so few values decides nothing"


def _judged(row: DifferenceRow, judgement: Judgement, at: StandsAt | None) -> str:
    where = place(at.axis if at else None, row.x)
    about = f"{row.metric}{f' ({row.task})' if row.task else ''}"
    if judgement.kind == "winner" and judgement.winner is not None:
        first = judgement.winner.side == "student"
        one, other = (row.a, row.b) if first else (row.b, row.a)
        found = judgement.winner.significant
        sizes = f"n = {found.student_seeds} and {found.baseline_seeds}"
        evidence = f"{found.test}, p = {number(found.adjusted_p)}, {sizes}"
        return (
            f"{one.full_name} {SHORT['winner']} {other.full_name} on {about} {where} ({evidence})."
        )
    return f"On {about} {where} {row.a.full_name} {SHORT[judgement.kind]} {row.b.full_name}."
