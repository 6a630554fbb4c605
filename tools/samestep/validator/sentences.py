"""The rules over the sentences samestep itself builds.

Names of runs and metrics, and reasons that files brought along, may hold any word: they are taken
out of a sentence before its words are looked at.
"""

import re
from collections.abc import Iterator

from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison
from samestep.answers.convergence import ConvergenceAnswer
from samestep.answers.markdown import number
from samestep.validator.problems import Check

WINNING = re.compile(
    r"\b(winners?|wins?|won|winning|beats?|outperforms?|superior|best|better than|leads?|leading)\b",
    re.IGNORECASE,
)
CONVERGED = re.compile(r"\bconverged\b", re.IGNORECASE)
CAUSE = re.compile(r"\b(because|due to|caused by|thanks to|owing to)\b", re.IGNORECASE)
CATCHING_UP = re.compile(
    r"\b(will|going to|on track to)\b[^.]*\b(catch up|overtake|reach)\b", re.IGNORECASE
)
DIFFERENCE = re.compile(r"\b(above|below|ahead of|behind|differs?|equal to)\b")
FEWEST_EPOCHS = 5
SHORTEST_NAME = 4  # characters below which a part of a name is taken for a word
TAKEN_OUT = "_"


def _winner_words(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Comparison) or any(one.winner for one in answer.verdict.against):
        return
    for sentence, bare in _judging(answer):
        word = WINNING.search(bare)
        if word:
            yield f"{word[0]!r} in {sentence!r}, and there is no winner"


def _x_beside_difference(answer: Answer) -> Iterator[str]:
    """Every difference has an x beside it, and every x is one that a row stands at."""
    if not isinstance(answer, Comparison):
        return
    axis = re.escape(answer.at.axis)
    rows = (*answer.downstream, *answer.proxy)
    cells = [cell for row in rows for cell in (row.student, row.baseline)]
    places = {number(cell.x) for cell in cells if cell.x is not None} | {number(answer.at.value)}
    for sentence, bare in _judging(answer):
        told = re.findall(rf"(?<!\w){axis} (-?[\d.]+(?:e[+-]?\d+)?)(?=[\s,.:;]|$)", sentence)
        told = [x.rstrip(".") for x in told]
        if DIFFERENCE.search(bare) and not told:
            yield f"a difference without its x: {sentence!r}"
        yield from (f"no row stands at {x}: {sentence!r}" for x in told if x not in places)


def _full_names(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Comparison | ConvergenceAnswer):
        return
    names = _names(answer)
    if answer.runs[0].full_name not in answer.reading:
        yield f"the reading does not name {answer.runs[0].full_name}"
    fragments = {part for name in names for part in re.split(r"[/, ]+", name) if _telling(part)}
    for sentence, bare in _judging(answer):
        for fragment in fragments - names:
            if re.search(rf"(?<![\w/.-]){re.escape(fragment)}(?![\w/.-])", bare):
                yield f"{fragment!r} stands for a run in {sentence!r}"


def _telling(part: str) -> bool:
    """Return whether a part of a name could pass for the name: `seed0`, `resnet50-cosine`."""
    return len(part) >= SHORTEST_NAME and bool(re.search(r"[a-z].*[\d_-]|[\d_-].*[a-z]", part))


def _tail_shown(answer: Answer) -> Iterator[str]:
    if isinstance(answer, ConvergenceAnswer) and len(answer.tail) >= FEWEST_EPOCHS:
        return
    for sentence, bare in _judging(answer):
        if CONVERGED.search(bare):
            yield f"'converged' without the last epochs beside it: {sentence!r}"


def _no_cause(answer: Answer) -> Iterator[str]:
    for sentence, bare in _judging(answer):
        cause = CAUSE.search(bare)
        if cause:
            yield f"{cause[0]!r} names a cause: {sentence!r}"


def _no_promise(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Comparison) and any(one.interval for one in answer.catch_up):
        return
    for sentence, bare in _judging(answer):
        if CATCHING_UP.search(bare):
            yield f"a promise without a projection: {sentence!r}"


def _judging(answer: Answer) -> list[tuple[str, str]]:
    """Return the sentences in which a judgement could stand, each also without foreign words."""
    if not isinstance(answer, Comparison | ConvergenceAnswer):
        return []
    foreign = sorted(_foreign(answer), key=len, reverse=True)
    found: list[tuple[str, str]] = []
    for text in (answer.reading, answer.verdict.text):
        bare = text
        for words in foreign:
            bare = bare.replace(words, TAKEN_OUT)
        # Split after the names are out: a name may hold a full stop.
        whole, without = _split(text), _split(bare)
        found.extend(
            zip(whole, without, strict=True) if len(whole) == len(without) else [(text, bare)]
        )
    return found


def _split(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)


def _foreign(answer: Comparison | ConvergenceAnswer) -> set[str]:
    """Return the names and reasons of an answer, which others wrote."""
    if isinstance(answer, ConvergenceAnswer):
        return _names(answer) | {answer.curve.metric, answer.rule}
    rows = (*answer.downstream, *answer.proxy)
    cells = [cell for row in rows for cell in (row.student, row.baseline)]
    reasons = {cell.absent for cell in cells if cell.absent}
    metrics = {metric.metric for metric in answer.metrics}
    return _names(answer) | metrics | reasons | {cell.metric for cell in cells if cell.metric}


def _names(answer: Answer) -> set[str]:
    names = {entry.full_name for entry in answer.runs}
    return names | {member.full_name for entry in answer.runs for member in entry.members}


SENTENCE_CHECKS: tuple[Check, ...] = (
    Check("winner-evidence", _winner_words),
    Check("same-x", _x_beside_difference),
    Check("full-names", _full_names),
    Check("tail-shown", _tail_shown),
    Check("one-change", _no_cause),
    Check("projection-bounded", _no_promise),
)
