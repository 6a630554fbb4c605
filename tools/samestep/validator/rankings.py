"""The rules over a ranking: its order, its places, its words, and who may be called a winner."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from samestep.answers.answer import Answer
from samestep.answers.ranking import Ranked, Ranking
from samestep.errors import BadReference
from samestep.model import RunRef
from samestep.phrases import number
from samestep.rules import RuleId
from samestep.validator.parts import slack
from samestep.validator.problems import Check
from samestep.validator.sentences import WINNING
from samestep.verdict import FEWEST_SEEDS, SIGNIFICANT, Kind

GROUP = "group:"
PROXY_KINDS: tuple[Kind, ...] = ("undecided", "not_comparable")
SIGNIFICANCE = re.compile(r"\bsignifican", re.IGNORECASE)


def _traceable(answer: Ranking) -> Iterator[str]:
    for row in (*answer.ranked, *answer.removed):
        for text in row.runs or [row.run or ""]:
            yield from _leads_nowhere(row.full_name, text)
    names = [row.full_name for row in (*answer.ranked, *answer.removed)]
    yield from (
        f"{name} stands there twice" for name in sorted(set(names)) if names.count(name) > 1
    )
    counts = answer.counts
    if counts.candidates != counts.ranked + counts.removed + counts.apart:
        yield f"{counts.candidates} candidates, and the parts are not as many"
    for one, other in pairwise(answer.ranked):
        if other.place != one.place + 1:
            yield f"place {other.place} follows place {one.place}"
        ordered = one.value >= other.value if _is_higher(answer) else one.value <= other.value
        if not ordered:
            yield f"{other.full_name} stands behind {one.full_name}, and is better"


def _leads_nowhere(name: str, text: str) -> Iterator[str]:
    if text.startswith(GROUP):
        return
    try:
        RunRef.parse(text)
    except BadReference:
        yield f"{name} leads to no run"


def _is_higher(answer: Ranking) -> bool:
    return answer.metric.direction == "higher"


def _same_x(answer: Ranking) -> Iterator[str]:
    at = answer.at
    if at.value > at.newest + slack(at.newest):
        yield f"a ranking at {at.value:g}, and nobody got beyond {at.newest:g}"
    if f"{at.axis} {number(at.value)}" not in answer.reading:
        yield "a reading without its x"
    for row in answer.ranked:
        logged = row.match == "exact" and row.step is not None
        if logged and at.axis == "step" and row.step != at.value:
            yield f"{row.full_name} is told as logged at step {row.step}"
        if row.match == "nearest" and row.gap is None:
            yield f"{row.full_name}: nearest, and not how far off"


def _roles_apart(answer: Ranking) -> Iterator[str]:
    metric = answer.metric
    if not metric.role_why or not metric.direction_why or metric.direction is None:
        yield f"{metric.metric} does not say why it is {metric.role}, or why that direction"
    if metric.role == "downstream" and not metric.role_why.startswith("declared"):
        yield f"{metric.metric} is downstream, and nobody declared it"


def _no_proxy_winner(answer: Ranking) -> Iterator[str]:
    verdict = answer.verdict
    if answer.metric.role == "proxy" and (verdict.kind not in PROXY_KINDS or verdict.winner):
        yield f"{verdict.kind} on a proxy"


def _winner_evidence(answer: Ranking) -> Iterator[str]:
    verdict = answer.verdict
    if (verdict.kind == "winner") != (verdict.winner is not None):
        yield f"{verdict.kind}, and {verdict.winner} named winner"
    if verdict.winner is not None:
        yield from (f"{verdict.winner} named winner, and {lack}" for lack in _lacks(answer))
    elif verdict.kind != "within_noise" and not verdict.blocked_by:
        yield f"{verdict.kind}, and nothing says what it lacks"
    for row in answer.ranked:
        shown = row.adjusted_p is not None and row.adjusted_p < SIGNIFICANT
        if not row.tied and not shown and row.evidence != "curve":
            yield f"{row.full_name} is told from the first without a p-value that says so"
        if row.tied != (row.full_name in answer.first) and not answer.first_left:
            yield f"{row.full_name}: tied is {row.tied}, and the first are others"
    said = any(c.rule == "winner-evidence" and "on average" in c.text for c in answer.caveats)
    if answer.counts.ranked > 1 and not (said and answer.selection):
        yield "the first of several, and nothing says that it is so by luck too"


def _lacks(answer: Ranking) -> Iterator[str]:
    verdict = answer.verdict
    if verdict.blocked_by:
        yield f"blocked by {', '.join(verdict.blocked_by)}"
    if answer.first != [verdict.winner]:
        yield "it is not alone in standing first"
    for row in answer.ranked:
        if (row.n or 1) < FEWEST_SEEDS:
            yield f"{row.full_name} has a single seed"
        if row.match != "exact":
            yield f"{row.full_name} did not log it there"
    yield from (f"a caveat blocks: {c.text}" for c in answer.caveats if c.severity == "blocks")


def _words(answer: Ranking) -> Iterator[str]:
    for text in (answer.reading, answer.verdict.text, *(caveat.text for caveat in answer.caveats)):
        own = _without_names(answer, text)
        word = WINNING.search(own)
        if word and (answer.verdict.winner is None or answer.verdict.winner not in text):
            yield f"{word[0]!r} in {text!r}, and no such winner"
        if SIGNIFICANCE.search(own) and not re.search(r"\bn = .*\bp = |\bp = .*\bn = ", own):
            yield f"significance without n and p: {text!r}"


def _without_names(answer: Ranking, text: str) -> str:
    """Return a text without what others wrote: names, and what stands in parentheses."""
    rows = (*answer.ranked, *answer.removed, *answer.apart, *answer.runs)
    names = {*(row.full_name for row in rows), *answer.first, answer.metric.metric}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "") if name else text
    return re.sub(r"\([^()]*\)", "", text)


def _absent_said(answer: Ranking) -> Iterator[str]:
    for row in answer.ranked:
        yield from (
            f"{row.full_name} is ranked, and {one.metric} is {one.status}"
            for one in row.constraints
            if one.status != "meets"
        )
    for row in answer.removed:
        if not any(one.status != "meets" for one in row.constraints):
            yield f"{row.full_name} is removed, and keeps to every constraint"
    for row in (*answer.ranked, *answer.removed):
        for one in row.constraints:
            if one.value is None and (one.status != "unknown" or not one.why):
                yield f"{row.full_name}: {one.metric} is absent, and is {one.status}"
    yield from (
        f"{row.full_name} stands apart without a reason" for row in answer.apart if not row.why
    )


def _single_seed(answer: Ranking) -> Iterator[str]:
    single = [row for row in answer.ranked if (row.n or 1) < FEWEST_SEEDS]
    told = any(
        caveat.rule == "single-seed" and "single" in caveat.text for caveat in answer.caveats
    )
    if single and not told:
        yield f"{single[0].full_name} is ranked as a single run, and no caveat says so"
    yield from (
        f"{row.full_name}: several seeds without their spread"
        for row in answer.ranked
        if (row.n or 1) >= FEWEST_SEEDS and row.spread is None and _is_small(row)
    )


def _is_small(row: Ranked) -> bool:
    """Return whether squares of a value are floats: of others there is no standard deviation."""
    return abs(row.value) < 1e150  # noqa: PLR2004 # the square root of the largest float


def _partial(answer: Ranking) -> Iterator[str]:
    if (answer.left > 0) != bool(answer.next_cursor):
        yield f"{answer.left} candidates are left, and the cursor is {answer.next_cursor!r}"
    lost = [row for row in answer.apart if row.run is None and not row.runs]
    if lost and not any(caveat.rule == "partial-said" for caveat in answer.caveats):
        yield f"{len(lost)} candidates cannot be read, and no caveat counts them"


def _recorded(answer: Ranking) -> Iterator[str]:
    record, verdict = answer.record, answer.verdict
    if record is None:
        return
    if record.answer_id != answer.answer_id or not record.date or not record.samestep:
        yield "a record that does not say which answer it keeps, of which day and version"
    if (record.kind, record.winner, record.test) != (verdict.kind, verdict.winner, answer.test):
        yield "a record that judges otherwise than its answer"
    if (record.metric, record.x) != (answer.metric.metric, answer.at.value):
        yield "a record of another metric, or at another x"


def _check(rule: RuleId, problems: Callable[[Ranking], Iterator[str]]) -> Check:
    def of_rankings(answer: Answer) -> Iterator[str]:
        return problems(answer) if isinstance(answer, Ranking) else iter(())

    return Check(rule, of_rankings)


RANKING_CHECKS: tuple[Check, ...] = (
    _check("traceable", _traceable),
    _check("same-x", _same_x),
    _check("roles-apart", _roles_apart),
    _check("no-proxy-winner", _no_proxy_winner),
    _check("winner-evidence", _winner_evidence),
    _check("winner-evidence", _words),
    _check("absent-said", _absent_said),
    _check("single-seed", _single_seed),
    _check("partial-said", _partial),
    _check("traceable", _recorded),
)
