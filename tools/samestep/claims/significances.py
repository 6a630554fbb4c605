"""Claims that a difference is significant, with how many seeds and what p-value."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestep.claims.facts import Tested, close
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.lexicon import HEDGED, NEGATED
from samestep.claims.marks import N
from samestep.claims.patterns import words
from samestep.claims.places import SMALL
from samestep.claims.statement import Statement
from samestep.claims.words_of_coming import FUTURE
from samestep.claims.words_of_winning import BETTER

if TYPE_CHECKING:
    from samestep.rules import RuleId

SIGNIFICANT = words(r"\b(?:in|non-?)?significan(?:t|tly|ce)\b(?! figures| digits)")
P_VALUE = words(
    r"\bp(?:[- ]values?)?\s*(?:is|of|was)?\s*(?P<sign>[=<>≈~]|below|under|less than"
    r"|above)?\s*(?P<p>\d*\.?\d+(?:e-\d+)?)"
)
SIGNS = {"below": "<", "under": "<", "less than": "<", "above": ">"}
SEEDS = words(
    rf"(?:(?<![\w.-])(?P<count>\d{{1,3}}|{'|'.join(SMALL)})\s+(?:random\s+|independent\s+)?seeds\b"
    r"|\bn\s*=\s*(?P<n>\d{1,3})\b)"
)
SIDES = 2
HALF = 0.5


def significances(claim: Statement) -> Iterator[Finding]:
    """Yield what a sentence says of a test, or of its seeds, where the record tells."""
    known = _tested(claim, SIGNIFICANT.search(claim.words))
    if known is not None:
        yield from _significance(claim, known)
        yield from _p_values(claim, known, _p_of(claim))
    yield from _seeds(claim)


def _tested(claim: Statement, at: "re.Match[str] | None") -> Tested | None:
    """Return the newest test of the runs that a clause, or else its sentence, is about."""
    near = set(claim.names_in("".join(claim.clause(at.start())))) if at else set[str]()
    runs = near if len(near) >= SIDES else set(claim.runs)
    fitting = (
        one
        for one in claim.record.tested
        if len(runs & set(one.sides)) == SIDES and claim.is_about(one.metric) and _there(claim, one)
    )
    return next(fitting, None)


def _there(claim: Statement, one: Tested) -> bool:
    """Return whether a test was made at the x told, or none is told; steps are not looked up."""
    if one.x is None or not claim.places:
        return True
    axes = {cell.axis for cell in claim.record.of_run.get(one.sides[0], [])}
    told = [place.value for place in claim.places if place.axis in axes]
    return not told or any(close(value, one.x) for value in told)


def _significance(claim: Statement, known: Tested) -> Iterator[Finding]:
    found = SIGNIFICANT.search(claim.words)
    if found is None or claim.is_open(found.start()) or claim.is_taken(found.start()):
        return
    denied = claim.is_negated(found.start()) or found[0].startswith(("in", "non"))
    if denied == (known.outcome != "significant"):
        yield supported("other", [_evidence(known)])
    else:
        rule: RuleId = "traceable" if denied else "winner-evidence"
        why = f"The recorded test says: {known.outcome}."
        yield Finding("other", "blocked", (rule,), (_evidence(known),), why, known.told)


def _p_of(claim: Statement) -> list[float]:
    """Return the p-values of every test between two runs of a sentence."""
    runs = set(claim.runs)
    fitting = [one for one in claim.record.tested if set(one.sides) <= runs and _there(claim, one)]
    return [p for one in fitting if claim.is_about(one.metric) for p in one.p]


def _p_values(claim: Statement, known: Tested, p_values: list[float]) -> Iterator[Finding]:
    for found in P_VALUE.finditer(claim.passage.text.lower()):
        text, sign = found["p"], SIGNS.get(found["sign"] or "=", found["sign"] or "=")
        value = float(text)
        if any(_agrees(p, value, text, sign) for p in (*known.p, *p_values)):
            yield supported("other", [_evidence(known)])
        elif known.p:
            why = f"No recorded p-value is {sign} {text}."
            yield Finding("other", "blocked", ("traceable",), (_evidence(known),), why, known.told)


def _agrees(p: float, value: float, text: str, sign: str) -> bool:
    if sign == "<":
        return p < value
    if sign == ">":
        return p > value
    digits = len(text.partition(".")[2].partition("e")[0])
    power = int(text.partition("e")[2] or 0)
    return abs(p - value) <= HALF * 10.0 ** (power - digits) * (1 + 1e-9)


def _seeds(claim: Statement) -> Iterator[Finding]:
    """Yield a number of seeds that the runs do not have."""
    found = SEEDS.search(claim.passage.text.lower())
    names = claim.names_in(claim.words)
    says = re.search(N, claim.words) or BETTER.search(claim.words)
    if found is None or not names or not says:
        return
    if HEDGED.search(claim.words) or NEGATED.search(claim.words) or FUTURE.search(claim.words):
        return
    told = found["count"] or found["n"]
    count = SMALL.get(told) or int(told)
    sizes = {name: claim.record.sizes.get(name, 1) for name in names if name in claim.record.runs}
    if not sizes or count in sizes.values():
        return
    named = ", ".join(f"{name} {size}" for name, size in sizes.items())
    rule: RuleId = "single-seed" if set(sizes.values()) == {1} else "traceable"
    yield Finding("other", "blocked", (rule,), (), f"Seeds recorded: {named}.")


def _evidence(one: Tested) -> Evidence:
    cell = f"test of {one.sides[0]} against {one.sides[1]} on {one.metric}"
    return Evidence(one.answer_id, cell, one.outcome)
