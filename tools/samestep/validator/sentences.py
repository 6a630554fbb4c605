"""The rules over the sentences samestep itself builds."""

import re
from collections.abc import Iterator

from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison
from samestep.validator.problems import Check

WINNING = re.compile(r"\b(winners?|wins?|won|beats?|outperforms?|superior|best)\b", re.IGNORECASE)
CONVERGED = re.compile(r"\b(has |have |is )?converged\b", re.IGNORECASE)
CAUSE = re.compile(r"\b(because of|due to|caused by|thanks to|owing to)\b", re.IGNORECASE)
CATCHING_UP = re.compile(
    r"\b(will|going to|on track to) (catch up|overtake|reach)\b", re.IGNORECASE
)
SHORTEST_NAME = 4  # characters below which a part of a name is taken for a word
DIFFERENCE = re.compile(r"\b(above|below|ahead of|behind|differ)\b")


def _winner_words(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Comparison) or answer.verdict.winner is not None:
        return
    for sentence in _sentences(answer):
        word = WINNING.search(_without_names(sentence, answer))
        if word:
            yield f"{word[0]!r} in {sentence!r}, and there is no winner"


def _x_beside_difference(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Comparison):
        return
    for sentence in _split([answer.reading, answer.verdict.text]):
        bare = _without_names(sentence, answer)
        if DIFFERENCE.search(bare) and not re.search(rf"\b{answer.at.axis} -?[\d.]", sentence):
            yield f"a difference without its x: {sentence!r}"


def _full_names(answer: Answer) -> Iterator[str]:
    names = _names(answer)
    if isinstance(answer, Comparison) and not answer.reading.count(answer.runs[0].full_name):
        yield f"the reading does not name {answer.runs[0].full_name}"
    fragments = {part for name in names for part in re.split(r"[/, ]+", name) if _telling(part)}
    for sentence in _sentences(answer):
        bare = _without_names(sentence, answer)
        for fragment in fragments - names:
            if re.search(rf"(?<![\w/.-]){re.escape(fragment)}(?![\w/.-])", bare):
                yield f"{fragment!r} stands for a run in {sentence!r}"


def _telling(part: str) -> bool:
    """Return whether a part of a name could pass for the name: `seed0`, `resnet50-cosine`."""
    return (
        len(part) >= SHORTEST_NAME
        and bool(re.search(r"[a-z]", part))
        and bool(re.search(r"[\d_-]", part))
    )


def _tail_shown(answer: Answer) -> Iterator[str]:
    if getattr(answer, "tail", None):
        return
    for sentence in _sentences(answer):
        if CONVERGED.search(_without_names(sentence, answer)):
            yield f"'converged' without the last epochs beside it: {sentence!r}"


def _no_cause(answer: Answer) -> Iterator[str]:
    for sentence in _sentences(answer):
        cause = CAUSE.search(_without_names(sentence, answer))
        if cause:
            yield f"{cause[0]!r} names a cause: {sentence!r}"


def _no_promise(answer: Answer) -> Iterator[str]:
    projected = isinstance(answer, Comparison) and any(
        entry.interval is not None for entry in answer.catch_up
    )
    for sentence in _sentences(answer):
        if CATCHING_UP.search(_without_names(sentence, answer)) and not projected:
            yield f"a promise without a projection: {sentence!r}"


def _sentences(answer: Answer) -> list[str]:
    """Return the answer's own sentences, without the reasons and words that runs brought along."""
    texts = [answer.reading, *(caveat.text for caveat in answer.caveats)]
    return [*texts, answer.verdict.text] if isinstance(answer, Comparison) else texts


def _split(texts: list[str]) -> list[str]:
    return [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)]


def _names(answer: Answer) -> set[str]:
    names = {entry.full_name for entry in answer.runs}
    return names | {member.full_name for entry in answer.runs for member in entry.members}


def _without_names(sentence: str, answer: Answer) -> str:
    """Return a sentence without the names of runs and metrics, which may hold any word."""
    own = list(_names(answer))
    if isinstance(answer, Comparison):
        own += [metric.metric for metric in answer.metrics]
    for name in sorted(own, key=len, reverse=True):
        sentence = sentence.replace(name, "_")
    return sentence


SENTENCE_CHECKS: tuple[Check, ...] = (
    Check("winner-evidence", _winner_words),
    Check("same-x", _x_beside_difference),
    Check("full-names", _full_names),
    Check("tail-shown", _tail_shown),
    Check("one-change", _no_cause),
    Check("projection-bounded", _no_promise),
)
