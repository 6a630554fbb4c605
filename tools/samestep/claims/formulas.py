"""Claims written as a formula: `val/loss(A) - val/loss(B) = -0.021`."""

import re
from collections.abc import Iterator

from samestep.claims import rewrites
from samestep.claims.finding import Finding, evidence_of
from samestep.claims.marks import M, N, R
from samestep.claims.pairs import differences
from samestep.claims.statement import Statement

SIDES = 2
TERM = rf"(?:{M}\s*[(\[]?\s*)?(?P<%s>{R})\s*[)\]]?"
FORMULA = re.compile(
    rf"{TERM % 'one'}\s*[-\u2212\u2013]\s*{TERM % 'other'}\s*[=:≈]\s*(?P<number>{N})"
)


def formulas(claim: Statement) -> Iterator[Finding]:
    """Yield every formula whose number has the wrong sign; how large it is, deltas tell."""
    if len(claim.marked.runs) < SIDES:
        return
    for found in FORMULA.finditer(claim.words):
        stated = claim.marked.numbers_in(found["number"])[0]
        pair = (*claim.names_in(found["one"])[:1], *claim.names_in(found["other"])[:1])
        if len(pair) != SIDES or not stated.value:
            continue
        known = differences(claim.record, (pair[0], pair[1]), claim.metrics, claim.places)
        if known and not any((one.delta > 0) == (stated.value > 0) for one in known):
            why = f"The recorded difference is {known[0].delta:g}."
            cells = [known[0].one, known[0].other]
            rewrite = rewrites.of_differences(claim.record, known)
            yield Finding("delta", "blocked", ("traceable",), evidence_of(cells), why, rewrite)
