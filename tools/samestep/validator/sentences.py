"""The rules over the sentences samestep itself builds."""

import re
from collections.abc import Iterator

from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison, Row
from samestep.answers.convergence import ConvergenceAnswer
from samestep.phrases import number
from samestep.validator.convergences import FEWEST_EPOCHS
from samestep.validator.own_words import MARK, NUMBER, Sentence, claims, judging, reading, told
from samestep.validator.parts import better_name, judged_rows, place, rows
from samestep.validator.problems import Check, comparison_check
from samestep.verdict import SIGNIFICANT

WINNING = re.compile(
    r"\b(winners?|wins?|won|beats?|beaten|outperform(s|ed)?|superior|inferior|best|worst"
    r"|better than|worse than|loses to|lost to)\b",
    re.IGNORECASE,
)
CONVERGED = re.compile(r"\bconverged\b", re.IGNORECASE)
A_RUN_CONVERGED = re.compile(
    rf"({MARK}|\b(has|have|had|is|are|was|were|be|been)( \w+)?) converged\b", re.IGNORECASE
)
CAUSE = re.compile(
    r"\b(because|due to|caused? by|thanks to|owing to|explain(s|ed)|as a result of|driven by"
    r"|attributable to|responsible for|results? from)\b",
    re.IGNORECASE,
)
CATCHING_UP = re.compile(
    r"\b(will|going to|on track to|about to) (\w+ )?(catch up|overtake|reach|surpass|pass)\b",
    re.IGNORECASE,
)
DIFFERENCE = re.compile(
    r"\b(above|below|ahead of|behind|differs? (within|from|by)|(higher|lower|more|less) than"
    r"|exceeds|trails|leads|equals|equal to)\b"
)
SIDES = re.compile(rf"\b(above|below|ahead of|behind) ((?:{MARK}(?:, | and )?)+)")
P_VALUE = re.compile(rf"\bp = ({NUMBER})")
LONE_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}(?![\w%])")
COUNTED = re.compile(r"\b\d+ more\b")


def _winner_words(answer: Comparison) -> Iterator[str]:
    winners = {
        better_name(row)
        for entry in answer.verdict.against
        if entry.kind == "winner"
        for row in judged_rows(answer, entry)
    }
    for sentence in claims(answer):
        word = WINNING.search(sentence.words)
        if word and winners.isdisjoint(sentence.texts("run")):
            yield f"{word[0]!r} in {str(sentence)!r}, and no such winner"
        for p_value in P_VALUE.findall(sentence.words):
            if not float(p_value) < SIGNIFICANT:
                yield f"p = {p_value} in {str(sentence)!r} is not significant"


def _standing_words(answer: Comparison) -> Iterator[str]:
    """Yield what the verdict's words say beyond its judgements."""
    kinds = {entry.kind for entry in answer.verdict.against}
    text = " ".join(sentence.words for sentence in judging(answer))
    for words, kind in (("ahead of", "ahead_so_far"), ("behind", "behind_so_far")):
        if re.search(rf"\b{words} {MARK}", text) and kind not in kinds:
            yield f"{words!r} in the verdict, and no judgement says so"


def _x_beside_difference(answer: Comparison) -> Iterator[str]:
    for sentence in told(answer):
        about = _rows_of(answer, sentence)
        stands = {place(answer, row) for row in about} or {place(answer, r) for r in rows(answer)}
        allowed = {number(x) for x in [*_x_of(about or rows(answer)), *stands, answer.at.value]}
        if DIFFERENCE.search(sentence.words):
            allowed = {number(x) for x in [*_x_of(about), *stands]}
            if not sentence.texts("place"):
                yield f"a difference without its x: {str(sentence)!r}"
        if CATCHING_UP.search(sentence.words):
            allowed |= {number(x) for x in _projected_x(answer, about)}
        for stated in sentence.texts("place"):
            if stated.removeprefix(f"{answer.at.axis} ") not in allowed:
                yield f"an x at which nothing stands: {str(sentence)!r}"
    differs = any(row.delta is not None for row in rows(answer))
    if differs and not any(sentence.texts("place") for sentence in reading(answer)):
        yield "differences told without their x"


def _x_of(about: list[Row]) -> list[float]:
    return [x for row in about for x in (row.student.x, row.baseline.x) if x is not None]


def _rows_of(answer: Comparison, sentence: Sentence) -> list[Row]:
    """Return the rows whose metric and baseline a sentence names."""
    runs, metrics = set(sentence.texts("run")), set(sentence.texts("metric"))
    return [r for r in rows(answer) if r.metric in metrics and r.baseline.full_name in runs]


def _numbers_lead_back(answer: Comparison) -> Iterator[str]:
    known = {number(value) for value in _numbers(answer)}
    for sentence in told(answer):
        own = COUNTED.sub("", P_VALUE.sub("", sentence.words))
        yield from (
            f"{stray} in {str(sentence)!r} stands nowhere in the answer"
            for stray in LONE_NUMBER.findall(own)
            if stray not in known
        )
        if DIFFERENCE.search(sentence.words) and not _rows_of(answer, sentence):
            yield f"a difference of no run and metric: {str(sentence)!r}"
        for word, marks in SIDES.findall(sentence.words):
            yield from _contradicted(answer, sentence, word, marks)


def _projected_x(answer: Comparison, about: list[Row]) -> Iterator[float]:
    """Yield the x that outlooks of these rows speak of."""
    keys = {(row.metric, row.baseline.full_name) for row in about}
    for one in answer.catch_up:
        if (one.metric, one.baseline) in keys:
            yield from (x for x in (one.at, one.until) if x is not None)


def _numbers(answer: Comparison) -> Iterator[float]:
    yield answer.at.value
    yield answer.at.student_current
    for row in rows(answer):
        yield from (abs(row.delta or 0.0), row.noise or 0.0, row.lags_by, row.baseline_ended or 0.0)
        yield row.minimum_effect or 0.0
        for cell in (row.student, row.baseline):
            given = (cell.value, cell.x, cell.step, cell.gap, cell.spread, cell.n)
            yield from (float(value) for value in given if value is not None)
            yield from cell.between or ()
    for one in answer.catch_up:
        given = (one.at, one.until, one.probability, *(one.interval or ()))
        yield from (value for value in given if value is not None)


def _contradicted(answer: Comparison, sentence: Sentence, word: str, marks: str) -> Iterator[str]:
    says = {"above": 1.0, "below": -1.0, "ahead of": "student", "behind": "baseline"}[word]
    for name in sentence.texts("run", marks):
        about = [row for row in _rows_of(answer, sentence) if row.baseline.full_name == name]
        shows = [_sign(row.delta) if isinstance(says, float) else row.better for row in about]
        if about and says not in shows:
            yield f"{word} {name} in {str(sentence)!r}, and its row says otherwise"


def _sign(delta: float | None) -> float:
    return 0.0 if not delta else 1.0 if delta > 0 else -1.0


def _tail_shown(answer: Answer) -> Iterator[str]:
    if isinstance(answer, ConvergenceAnswer) and len(answer.tail) >= FEWEST_EPOCHS:
        return
    pattern = CONVERGED if isinstance(answer, Comparison) else A_RUN_CONVERGED
    for sentence in claims(answer):
        if pattern.search(sentence.words):
            yield f"'converged' without the last epochs beside it: {str(sentence)!r}"


def _no_cause(answer: Answer) -> Iterator[str]:
    for sentence in claims(answer, but=("partial-said",)):
        cause = CAUSE.search(sentence.words)
        if cause:
            yield f"{cause[0]!r} names a cause: {str(sentence)!r}"


def _no_promise(answer: Answer) -> Iterator[str]:
    projected = isinstance(answer, Comparison) and any(
        entry.interval or entry.behind_then for entry in answer.catch_up
    )
    for sentence in claims(answer):
        if CATCHING_UP.search(sentence.words) and not projected:
            yield f"a promise without a projection: {str(sentence)!r}"


SENTENCE_CHECKS: tuple[Check, ...] = (
    comparison_check("winner-evidence", _winner_words),
    comparison_check("winner-evidence", _standing_words),
    comparison_check("same-x", _x_beside_difference),
    comparison_check("traceable", _numbers_lead_back),
    Check("tail-shown", _tail_shown),
    Check("one-change", _no_cause),
    Check("projection-bounded", _no_promise),
)
