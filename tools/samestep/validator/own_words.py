"""An answer's own sentences, with every name that others chose marked as such."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison
from samestep.answers.convergence import ConvergenceAnswer
from samestep.answers.listing import RunList
from samestep.answers.ranking import Ranking
from samestep.rules import RuleId
from samestep.validator.parts import own_names, rows, whole

NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
LISTS: tuple[RuleId, ...] = ("partial-said", "one-change")
FIRST_MARK = 0xF0000  # private use: no word of ours, and no letter or digit
MARK = "[\U000f0000-\U000ffffd]"
SENTENCE_END = re.compile(rf"(?<=[.!?])\s+(?=[A-Z]|{MARK})")
QUOTED = r"'[^']*'|\"[^\"]*\"|`[^`]*`"
REFERENCE = r"\b[a-z][a-z0-9_]+:[^\s,;]+"

Meaning = Literal["run", "metric", "place", "brought"]
Judging = Comparison | ConvergenceAnswer
"""The answers that hold a verdict."""
FIRST: dict[str, Meaning] = {"place": "place", "brought": "brought"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of text that is no word of ours: a name, a reason, or an x."""

    meaning: Meaning
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, its marked stretches replaced by one character each."""

    words: str
    marks: tuple[Mark, ...]
    """All marks of the text the sentence is part of, by their number."""

    def __str__(self) -> str:
        """Return the sentence as it was written."""
        return re.sub(MARK, lambda found: self._mark(found[0]).text, self.words)

    def texts(self, meaning: Meaning, within: str | None = None) -> list[str]:
        """Return the marked stretches of one meaning, of the sentence or of a part of it."""
        found = map(self._mark, re.findall(MARK, self.words if within is None else within))
        return [mark.text for mark in found if mark.meaning == meaning]

    def _mark(self, character: str) -> Mark:
        return self.marks[ord(character) - FIRST_MARK]


def reading(answer: Answer) -> list[Sentence]:
    """Return the sentences of the reading."""
    return _sentences(answer, [answer.reading])


def judging(answer: Answer) -> list[Sentence]:
    """Return the sentences of the verdict."""
    return _sentences(answer, [answer.verdict.text]) if isinstance(answer, Judging) else []


def told(answer: Answer) -> list[Sentence]:
    """Return the sentences that tell the answer: its reading and its verdict."""
    return [*reading(answer), *judging(answer)]


def claims(answer: Answer, but: Collection[RuleId] = LISTS) -> list[Sentence]:
    """Return every sentence that says something of runs.

    What a caveat brought along stands in its parentheses, and caveats that list settings or losses
    do so in the words of others: neither is a claim.
    """
    texts = [caveat.text for caveat in answer.caveats if caveat.rule not in but]
    said = [_without_parentheses(text) for text in map(_marked_by(answer), texts)]
    return [*told(answer), *(sentence for part in said for sentence in _split(part))]


def _sentences(answer: Answer, texts: Iterable[str]) -> list[Sentence]:
    return [part for marked in map(_marked_by(answer), texts) for part in _split(marked)]


def _split(marked: Sentence) -> list[Sentence]:
    return [Sentence(words, marked.marks) for words in SENTENCE_END.split(marked.words)]


def _without_parentheses(marked: Sentence) -> Sentence:
    return Sentence(re.sub(r"\([^()]*\)", "", marked.words), marked.marks)


def _marked_by(answer: Answer) -> Callable[[str], Sentence]:
    """Return a function that marks a text, the longer of two names first."""
    meanings = _meanings(answer)
    names = [whole(name) for name in sorted(meanings, key=len, reverse=True)]
    pattern = re.compile("|".join([_first(answer), *names]))

    def mark(text: str) -> Sentence:
        marks: list[Mark] = []

        def replaced(found: re.Match[str]) -> str:
            meaning = meanings[found[0]] if found.lastgroup is None else FIRST[found.lastgroup]
            marks.append(Mark(meaning, found[0]))
            return chr(FIRST_MARK + len(marks) - 1)

        words = pattern.sub(replaced, text)
        return Sentence(words, tuple(marks))

    return mark


def _first(answer: Answer) -> str:
    """Return the pattern that comes before any name: an x, or what a path may hold."""
    if isinstance(answer, Judging):
        axis = re.escape(answer.at.axis if isinstance(answer, Comparison) else answer.curve.axis)
        return rf"(?P<place>(?<=\b[Aa]t ){axis} {NUMBER}(?![\w/-]|\.\w))"
    return rf"(?P<brought>{QUOTED}|{REFERENCE})"


def _meanings(answer: Answer) -> dict[str, Meaning]:
    """Return every text of others that may stand in our sentences, with what it is."""
    meanings: dict[str, Meaning] = {}
    if isinstance(answer, Comparison):
        meanings |= dict.fromkeys(_reasons(answer), "brought")
        meanings |= dict.fromkeys((metric.metric for metric in answer.metrics), "metric")
    if isinstance(answer, ConvergenceAnswer):
        meanings |= {answer.rule: "brought", answer.curve.metric: "metric"}
    meanings |= dict.fromkeys(_run_names(answer), "run")
    return {name: meaning for name, meaning in meanings.items() if name}


def _reasons(answer: Comparison) -> Iterator[str]:
    for row in rows(answer):
        for cell in (row.student, row.baseline):
            yield from (cell.absent or "", cell.metric or "", *(cell.not_counted or {}).values())


def _run_names(answer: Answer) -> Iterator[str]:
    for entry in answer.runs:
        yield from own_names(entry)
    if isinstance(answer, Comparison):
        for row in rows(answer):
            yield from (row.student.full_name, row.baseline.full_name)
    if isinstance(answer, Ranking):
        yield from (row.full_name for row in (*answer.ranked, *answer.removed, *answer.apart))
    if isinstance(answer, RunList):
        for item in answer.items:
            yield from (item.full_name, item.run)
