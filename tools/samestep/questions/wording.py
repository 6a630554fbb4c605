"""The sentences of a comparison, built from its rows."""

import math
from collections.abc import Sequence

from samestep import phrases
from samestep.answers.comparison import At, CatchUp, Cell, Row
from samestep.phrases import number
from samestep.questions.rows import Judged
from samestep.verdict import IllegalVerdict, Judgement, Kind, Shortfall, is_below

MOST_TOLD = 3  # sentences of a verdict
SO_FAR: dict[Kind, str] = {"ahead_so_far": "ahead of", "behind_so_far": "behind"}
SHORTFALLS: dict[Shortfall, str] = {
    "blocked": "a caveat blocks",
    "single seed": "a side has a single seed",
    "not logged at x": "a value is not logged at this x",
    "not at the end": "x is not known to be the end of both",
    "not significant": "no significance is shown",
}


def reading(student: str, at: At, judged: Sequence[Judged]) -> str:
    """Return the answer in one or two plain sentences: full names, the x, downstream first."""
    by_weight = sorted(judged, key=lambda one: one.compared.character.role != "downstream")
    told = [one for one in by_weight if one.row.delta is not None]
    first = [one for one in told if one.row.metric == told[0].row.metric]
    silent = [
        one
        for one in by_weight
        if one.row.delta is None and one.compared.character.role == "downstream"
    ]
    sentences = [*_differences(student, at, first), *map(_silence, silent[:1])]
    return " ".join(sentences) or _nothing(student, at, judged)


def verdict_text(student: str, at: At, judged: Sequence[tuple[Judged, Judgement]]) -> str:
    """Return the judgement in words: one sentence per metric, kind and x, baselines together."""
    downstream = [pair for pair in judged if pair[0].compared.character.role == "downstream"]
    if not judged:
        return "There is no metric that both sides log."
    if not downstream:
        return "Only proxies are compared, and proxies decide nothing."
    alike: dict[tuple[str, Kind, str], list[tuple[Judged, Judgement]]] = {}
    for one, judgement in downstream:
        key = (one.row.metric, judgement.kind, place(at, _x(one, at)))
        alike.setdefault(key, []).append((one, judgement))
    sentences = [_judged(student, *key, pairs) for key, pairs in alike.items()]
    rest = len(sentences) - MOST_TOLD
    more = [f"{rest} more judgements stand in `against`."] if rest > 0 else []
    short = dict.fromkeys(
        SHORTFALLS[one] for _, judgement in downstream for one in judgement.short_of
    )
    missing = [f"So far only: {'; '.join(short)}."] if short else []
    return " ".join([*sentences[:MOST_TOLD], *more, *missing])


def outlook_sentence(student: str, at: At, details: Sequence[CatchUp]) -> str:
    """Return the first outlook that is decided in words; nothing where none is."""
    decided = [one for one in details if one.outlook in {"on_track", "not_on_track"}]
    if not decided:
        return ""
    [one, *_] = decided
    track = "on track" if one.outlook == "on_track" else "not on track"
    when = "" if one.at is None else f" at {place(at, one.at)}, for a while at least"
    chance = f"probability {number(one.probability)} by {place(at, one.until)}"
    return f"On {one.metric} {student} is {track} to catch up with {one.baseline}{when} ({chance})."


def place(at: At, x: float | None) -> str:
    """Return an x in words: `epoch 11`, `step 117000`."""
    return phrases.place(at.axis, x)


def _x(one: Judged, at: At) -> float | None:
    cell = one.row.student
    return at.value if cell.value is None or cell.x is None else cell.x


def _differences(student: str, at: At, told: Sequence[Judged]) -> list[str]:
    """Tell one metric against every baseline, one sentence for each x."""
    by_place: dict[str, list[Judged]] = {}
    for one in told:
        by_place.setdefault(place(at, _x(one, at)), []).append(one)
    return [_at_one_x(student, where, rows) for where, rows in by_place.items()]


def _at_one_x(student: str, where: str, rows: Sequence[Judged]) -> str:
    character = rows[0].compared.character
    metric = phrases.metric_told(character.metric, character.role, character.direction)
    against = ", ".join(_against(one.row) for one in rows)
    return phrases.standing_told(where, student, _told(rows[0].row.student), metric, against)


def _against(row: Row) -> str:
    return phrases.against_told(row.delta or 0.0, row.baseline.full_name, _told(row.baseline))


def _told(cell: Cell) -> str:
    return phrases.value_told(cell.value, cell.n, cell.match, cell.metric or "")


def _silence(one: Judged) -> str:
    """Say why a downstream metric has no difference."""
    row = one.row
    cells = (row.student, row.baseline)
    names = f"{row.student.full_name} and {row.baseline.full_name}"
    between = f"Between {names} {row.metric} (downstream)"
    if row.student.match == "final":
        return f"{between} was logged once, without a step, and is not subtracted."
    absent = [f"for {cell.full_name}: {cell.absent}" for cell in cells if cell.value is None]
    if absent:
        return f"{between} is absent {' and '.join(absent)}."
    odd = [
        f"{number(cell.value)} for {cell.full_name}"
        for cell in cells
        if cell.value is not None and not math.isfinite(cell.value)
    ]
    return (
        f"{between} is {' and '.join(odd)}, not subtracted."
        if odd
        else f"{between} cannot be subtracted."
    )


def _nothing(student: str, at: At, judged: Sequence[Judged]) -> str:
    names = ", ".join(dict.fromkeys(one.baseline.name for one in judged)) or "the baselines"
    reason = f": {_first_reason(judged[0].row)}" if judged else ": no metric is logged by both"
    return f"At {place(at, at.value)} nothing of {student} can be compared with {names}{reason}."


def _first_reason(row: Row) -> str:
    return row.student.absent or row.baseline.absent or "the values cannot be subtracted"


def _judged(
    student: str, metric: str, kind: Kind, where: str, pairs: Sequence[tuple[Judged, Judgement]]
) -> str:
    names = ", ".join(one.row.baseline.full_name for one, _ in pairs)
    match kind:
        case "winner":
            return " ".join(_won(student, where, one, judgement) for one, judgement in pairs)
        case "ahead_so_far" | "behind_so_far":
            ahead = f"On {metric} at {where} {student} is {SO_FAR[kind]} {names}"
            return f"{ahead}{_suggestive([one.row for one, _ in pairs])}."
        case "within_noise":
            return _within_noise(student, f"On {metric} at {where}", [one.row for one, _ in pairs])
        case "not_comparable":
            return f"{metric} cannot be compared between {student} and {names}."
        case "undecided":
            return f"Undecided on {metric} at {where} between {student} and {names}."


def _suggestive(rows: Sequence[Row]) -> str:
    """Say what a lead of single seeds rests on, where a deviation from seed to seed is declared."""
    sources = {row.noise_from for row in rows}
    if None in sources or not sources:
        return ""
    return f", by more than the noise {sources.pop()}: suggestive, not decided"


def _within_noise(student: str, where: str, rows: Sequence[Row]) -> str:
    """Say of whom a student is not told apart, and which differences are too small to matter."""
    small = [row for row in rows if is_below(row.delta, row.minimum_effect)]
    noisy = [row for row in rows if row not in small]
    told: list[str] = []
    if noisy:
        names = ", ".join(row.baseline.full_name for row in noisy)
        told.append(f"{where} {student} differs within noise from {names}.")
    if small:
        names = ", ".join(row.baseline.full_name for row in small)
        least = f"the smallest difference that matters ({number(small[0].minimum_effect)})"
        told.append(f"{where} {student} differs from {names} by less than {least}.")
    return " ".join(told)


def _won(student: str, where: str, one: Judged, judgement: Judgement) -> str:
    if judgement.winner is None:
        raise IllegalVerdict("a winner is told without its evidence")
    name = student if judgement.winner.side == "student" else one.row.baseline.full_name
    p_value = number(judgement.winner.significant.adjusted_p)
    test = judgement.winner.significant.test
    other = one.row.baseline.full_name if name == student else student
    evidence = f"{test}, p = {p_value}"
    return f"{name} is the winner on {one.row.metric} at {where} over {other} ({evidence})."
