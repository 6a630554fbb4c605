"""Claims written as a formula: `val/loss(A) - val/loss(B) = -0.021`."""

from collections.abc import Iterator

from samestep.claims import rewrites
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.marks import M, N, R, Stated
from samestep.claims.numbers import agrees
from samestep.claims.pairs import Difference, differences
from samestep.claims.patterns import words
from samestep.claims.statement import Statement

SIDES = 2
TERM = rf"(?:{M}\s*[(\[]?\s*)?(?P<%s>{R})\s*[)\]]?"
FORMULA = words(rf"{TERM % 'one'}\s*[-\u2212\u2013]\s*{TERM % 'other'}\s*[=:≈]\s*(?P<number>{N})")


def formulas(claim: Statement) -> Iterator[Finding]:
    """Yield every difference that a formula tells, with its sign."""
    if len(claim.marked.runs) < SIDES:
        return
    for found in FORMULA.finditer(claim.words):
        [stated] = claim.marked.numbers_in(found["number"])
        pair = (*claim.names_in(found["one"])[:1], *claim.names_in(found["other"])[:1])
        if len(pair) != SIDES or claim.is_taken(found.start()):
            continue
        known = differences(claim.record, (pair[0], pair[1]), claim.metrics, claim.places)
        if known:
            claim.taken.append(found.span())
            yield _judged(claim, stated, known)


def _judged(claim: Statement, stated: Stated, known: list[Difference]) -> Finding:
    right = [one for one in known if _is(stated, one)]
    nearest = (right or known)[0]
    evidence = evidence_of([nearest.one, nearest.other])
    rewrite = rewrites.of_differences(claim.record, known)
    if not claim.places:
        why = "It tells a difference without its x."
        return Finding("delta", "blocked", ("same-x",), evidence, why, rewrite)
    if right:
        return supported("delta", evidence)
    why = f"The recorded difference is {nearest.delta:g}."
    return Finding("delta", "blocked", ("traceable",), evidence, why, rewrite)


def _is(stated: Stated, one: Difference) -> bool:
    return agrees(stated, one.delta) and (one.delta > 0) == (stated.value > 0)
