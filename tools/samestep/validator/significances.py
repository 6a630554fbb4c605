"""The rules over an answer that tests a difference."""

import re
from collections.abc import Callable, Iterator, Sequence

from samestep.answers.answer import Answer
from samestep.answers.significance import (
    DifferenceRow,
    Sample,
    SignificanceAnswer,
    TestedAgainst,
)
from samestep.rules import RuleId
from samestep.validator.own_words import SENTENCE_END
from samestep.validator.parts import CLOSE, ROUNDED, size, slack
from samestep.validator.problems import Check
from samestep.verdict import FEWEST_SEEDS, SIGNIFICANT, better_side

NAME = "\N{REPLACEMENT CHARACTER}"  # stands for a name that others chose
SIZE = re.compile(r"\bn = \d")
PLACE = re.compile(r"\b[Aa]t (no x|.+? -?\d)")
WINNING = re.compile(r"\b(winner|wins|won|beats|outperforms|superior)\b", re.IGNORECASE)
ENOUGH_EXAMPLES = 20  # values a side from which an interval alone may say something


def _winner_evidence(answer: SignificanceAnswer) -> Iterator[str]:
    roles = {metric.metric: metric for metric in answer.metrics}
    for entry in answer.verdict.against:
        row = next((r for r in answer.rows if _is_about(r, entry)), None)
        if entry.kind == "winner" and row is not None and not _may_win(answer, row):
            yield f"{entry.winner} named winner on {entry.metric}, without the evidence"
        if entry.role == "proxy" and entry.kind not in {"undecided", "not_comparable"}:
            yield f"{entry.kind} on {entry.metric}, a proxy"
    for row in answer.rows:
        known = roles.get(row.metric)
        says = None if known is None else better_side(row.delta, known.direction)
        told = {"a": "student", "b": "baseline"}.get(row.better or "")
        if known is not None and told != says:
            yield f"{row.metric}: better is {row.better}, which its difference does not say"
        yield from _unfounded(row)


def _may_win(answer: SignificanceAnswer, row: DifferenceRow) -> bool:
    blocked = any(caveat.severity == "blocks" for caveat in answer.caveats)
    return min(row.a.n, row.b.n) >= FEWEST_SEEDS and row.delta is not None and not blocked


def _unfounded(row: DifferenceRow) -> Iterator[str]:
    """Yield where a row says more, or less, than its numbers."""
    low, high = row.given.interval or (0.0, 0.0)
    by_interval = row.adjusted_p is None and (low > 0.0 or high < 0.0)
    by_interval = by_interval and min(row.given.n) >= ENOUGH_EXAMPLES
    found = by_interval or (row.adjusted_p is not None and row.adjusted_p < SIGNIFICANT)
    if row.outcome == "significant" and not found:
        yield f"{row.metric} against {row.b.full_name}: significant, and no number says so"
    if row.outcome == "not significant" and found:
        yield f"{row.metric} against {row.b.full_name}: not significant, and its numbers are"
    own = row.given.p or 0.0
    if row.adjusted_p is not None and row.adjusted_p < own * (1.0 - ROUNDED):
        yield f"{row.metric} against {row.b.full_name}: adjusted below its own p-value"


def _words(answer: SignificanceAnswer) -> Iterator[str]:
    """Yield sentences that say `significant` without n, test and x, or name a winner in passing."""
    tests = {test.test for row in answer.rows for test in (row.given, *row.beside)}
    if answer.ranking is not None:
        tests.add(answer.ranking.given.test)
    for sentence in _sentences(answer):
        says = "significant" in sentence
        if says and not any(test in sentence for test in tests):
            yield f"significant by no test: {sentence!r}"
        if says and not SIZE.search(sentence):
            yield f"significant without n: {sentence!r}"
        if says and not PLACE.search(sentence):
            yield f"significant without its x: {sentence!r}"
    told = f"{answer.reading} {answer.verdict.text}"
    if WINNING.search(_named(answer, told)) and not _winners(answer):
        said_why_not = "a winner is named on one metric" in told
        if not said_why_not:
            yield f"a winner in words, and none in the verdict: {told!r}"


def _same_x(answer: SignificanceAnswer) -> Iterator[str]:
    at = answer.at
    for row in answer.rows:
        over_tasks = row.unit in {"tasks", "runs"}
        if row.delta is not None and at is not None and row.x is None and not over_tasks:
            yield f"{row.metric}: a difference without an x"
        if row.x is not None and at is not None and row.x > at.value + slack(at.value):
            yield f"{row.metric}: tested at {row.x:g}, beyond {at.value:g}"
        for value in (*row.a.values, *row.b.values):
            off = abs(value.x - (value.x if row.x is None else row.x))
            if off > (1.0 + ROUNDED) * (value.gap or 0.0) + slack(value.x):
                yield f"{row.metric} of {value.full_name} stands at {value.x:g}, its row elsewhere"


def _traceable(answer: SignificanceAnswer) -> Iterator[str]:
    known = {entry.full_name for entry in answer.runs} | {file.file for file in answer.files}
    for row in answer.rows:
        for sample in (row.a, row.b):
            if sample.full_name not in known:
                yield f"{sample.full_name} is no side of this answer"
            yield from _not_its_values(row, sample)
        if row.delta is not None and not _is_difference(row, row.delta):
            yield f"{row.metric}: {row.delta:g} is not a's mean minus b's"


def _not_its_values(row: DifferenceRow, sample: Sample) -> Iterator[str]:
    if sample.mean is None or len(sample.values) != sample.n:
        return
    mean = sum(value.value for value in sample.values) / sample.n
    if abs(mean - sample.mean) > CLOSE * max(abs(value.value) for value in sample.values):
        yield f"{row.metric} of {sample.full_name}: {sample.mean:g} is not the mean of its values"


def _is_difference(row: DifferenceRow, delta: float) -> bool:
    ours, theirs = row.a.mean, row.b.mean
    if ours is None or theirs is None:
        return False
    return abs(ours - theirs - delta) <= ROUNDED * max(abs(ours), abs(theirs))


def _absent_said(answer: SignificanceAnswer) -> Iterator[str]:
    for row in answer.rows:
        for sample in (row.a, row.b):
            if (sample.mean is None) != bool(sample.absent):
                yield f"{row.metric} of {sample.full_name}: absence and its reason do not go together"
        for test in (row.given, *row.beside):
            if test.p is None and test.interval is None and not test.why_not:
                yield f"{row.metric}: {test.test} says nothing, and nothing says why"


def _single_seed(answer: SignificanceAnswer) -> Iterator[str]:
    told = any(caveat.rule == "single-seed" for caveat in answer.caveats)
    single = [entry.full_name for entry in answer.runs if (size(entry) or 1) < FEWEST_SEEDS]
    if (single or answer.files) and not told:
        yield f"{', '.join(single) or 'a file'} is no group of seeds, and no caveat says so"


def _full_names(answer: SignificanceAnswer) -> Iterator[str]:
    first = answer.rows[0].a.full_name if answer.rows else None
    if first is not None and first not in answer.reading:
        yield f"the reading does not name {first}"


def _sentences(answer: SignificanceAnswer) -> list[str]:
    texts = [answer.reading, answer.verdict.text, *(caveat.text for caveat in answer.caveats)]
    return [part for text in texts for part in SENTENCE_END.split(_named(answer, text))]


def _named(answer: SignificanceAnswer, text: str) -> str:
    """Return a text with every name that others chose replaced, the longer of two first."""
    members = [member.full_name for entry in answer.runs for member in entry.members]
    rows = [part for row in answer.rows for part in (row.metric, row.task or "")]
    sides = [*(entry.full_name for entry in answer.runs), *(file.file for file in answer.files)]
    names: Sequence[str] = sorted({*members, *rows, *sides} - {""}, key=len, reverse=True)
    for name in names:
        text = text.replace(name, NAME)
    return text


def _is_about(row: DifferenceRow, entry: TestedAgainst) -> bool:
    about = (row.b.full_name, row.metric, row.task)
    is_over_tasks = row.unit in {"tasks", "runs"}
    return about == (entry.baseline, entry.metric, entry.task) and not is_over_tasks


def _winners(answer: SignificanceAnswer) -> bool:
    return any(entry.kind == "winner" for entry in answer.verdict.against)


def _check(rule: RuleId, problems: Callable[[SignificanceAnswer], Iterator[str]]) -> Check:
    def of_tests(answer: Answer) -> Iterator[str]:
        return problems(answer) if isinstance(answer, SignificanceAnswer) else iter(())

    return Check(rule, of_tests)


SIGNIFICANCE_CHECKS: tuple[Check, ...] = (
    _check("winner-evidence", _winner_evidence),
    _check("winner-evidence", _words),
    _check("same-x", _same_x),
    _check("traceable", _traceable),
    _check("absent-said", _absent_said),
    _check("single-seed", _single_seed),
    _check("full-names", _full_names),
)
