"""The sentences of a comparison, built from its rows."""

from collections.abc import Sequence

from samestep.answers.comparison import At, Cell, Row
from samestep.answers.markdown import number
from samestep.questions.rows import Judged
from samestep.verdict import Judgement, Kind

MOST_TOLD = 2
SO_FAR: dict[Kind, str] = {"ahead_so_far": "ahead of", "behind_so_far": "behind"}
SHORTFALLS = {
    "single-seed": "a side has a single seed",
    "one-change": "the planned schedules differ",
    "winner-evidence": "the values are not a significant difference between finished seeds",
}


def reading(student: str, at: At, judged: Sequence[Judged]) -> str:
    """Return the answer in one or two plain sentences: full names, the x, downstream first."""
    by_weight = sorted(judged, key=lambda one: one.compared.character.role != "downstream")
    told = [one for one in by_weight if one.row.delta is not None][:MOST_TOLD]
    silent = [
        one
        for one in by_weight
        if one.row.delta is None and one.compared.character.role == "downstream"
    ]
    sentences = [_difference(student, at, one) for one in told]
    if silent:
        sentences.append(_silence(silent[0]))
    return " ".join(sentences) or _nothing(student, at, judged)


def verdict_text(student: str, at: At, judged: Sequence[tuple[Judged, Judgement]]) -> str:
    """Return the judgement in words, one sentence per kind."""
    downstream = [pair for pair in judged if pair[0].compared.character.role == "downstream"]
    if not downstream:
        return "Only proxies are compared, and proxies decide nothing."
    return " ".join(
        _judged(student, at, one, judgement) for one, judgement in downstream[:MOST_TOLD]
    )


def place(at: At, x: float | None) -> str:
    """Return an x in words: `epoch 11`, `step 117,000`."""
    return f"{at.axis} {number(x)}"


def _difference(student: str, at: At, one: Judged) -> str:
    row, character = one.row, one.compared.character
    x = row.student.x if row.student.match != "nearest" else row.baseline.x
    where = place(at, x)
    role = "a proxy" if character.role == "proxy" else "downstream"
    names = f"{row.metric} ({role}, {_way(character.direction)})"
    if row.delta == 0:
        return f"At {where} {student} equals {row.baseline.full_name} on {names}."
    side = "above" if (row.delta or 0.0) > 0 else "below"
    values = f"{_told(row.student)} against {_told(row.baseline)}"
    size = number(abs(row.delta or 0.0))
    ended = f", where {row.baseline.full_name} ended" if row.baseline_ended is not None else ""
    return f"At {where}{ended} {student} is {size} {side} {row.baseline.full_name} on {names}: {values}."


def _way(direction: str | None) -> str:
    return f"{direction} is better" if direction else "direction unknown"


def _told(cell: Cell) -> str:
    match = "" if cell.match == "exact" else f" ({cell.match})"
    mean = f" (mean of {cell.n})" if cell.n is not None else ""
    return f"{number(cell.value)}{mean}{match}"


def _silence(one: Judged) -> str:
    row = one.row
    if row.student.match == "final":
        return f"{row.metric} (downstream) was logged once, without a step, and is not subtracted."
    absent = [cell for cell in (row.student, row.baseline) if cell.value is None]
    if not absent:
        return f"{row.metric} (downstream) cannot be subtracted between the two."
    told = " and ".join(f"for {cell.full_name}: {cell.absent}" for cell in absent)
    return f"{row.metric} (downstream) is absent {told}."


def _nothing(student: str, at: At, judged: Sequence[Judged]) -> str:
    names = ", ".join(dict.fromkeys(one.baseline.name for one in judged))
    reason = f": {_first_reason(judged[0].row)}" if judged else ""
    return f"At {place(at, at.value)} nothing of {student} can be compared with {names}{reason}."


def _first_reason(row: Row) -> str:
    return row.student.absent or row.baseline.absent or "the values cannot be subtracted"


def _judged(student: str, at: At, one: Judged, judgement: Judgement) -> str:
    row, baseline = one.row, one.row.baseline.full_name
    x = row.student.x if row.student.value is not None else at.value
    where = f"at {place(at, x)}"
    missing = "; ".join(SHORTFALLS[rule] for rule in judgement.blocked_by if rule in SHORTFALLS)
    match judgement.kind:
        case "winner" if judgement.winner is not None:
            name = student if judgement.winner.side == "student" else baseline
            p_value = number(judgement.winner.significant.adjusted_p)
            return f"{name} is the winner on {row.metric} {where} (Welch, Holm-adjusted p = {p_value})."
        case "ahead_so_far" | "behind_so_far" as kind:
            because = f" So far only: {missing}." if missing else ""
            return f"On {row.metric} {student} is {SO_FAR[kind]} {baseline} {where}.{because}"
        case "within_noise":
            return f"On {row.metric} {student} and {baseline} differ within noise {where}."
        case "not_comparable":
            return f"{row.metric} cannot be compared between {student} and {baseline}."
        case _:
            return f"Undecided between {student} and {baseline} on {row.metric} {where}."
