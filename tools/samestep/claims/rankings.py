"""Claims of the place of a run in a recorded ranking: `comes second`, `ranks last`."""

from collections.abc import Iterator

from samestep.claims.facts import Ranked, close
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.marks import R
from samestep.claims.patterns import words
from samestep.claims.places import SMALL
from samestep.claims.statement import Statement

NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "fifth": 5}
PLACED = words(
    rf"(?P<run>{R})(?:\s*\([^()]*\))?,?\s+(?P<verb>(?:\w+\s+)?(?:comes|came|ranks|ranked|placed|places"
    rf"|finishes"
    r"|finished|is|was|lands|landed))\s+(?:in |dead |only )?"
    rf"(?P<nth>{'|'.join(NTH)}|last)(?: place| of (?:the )?(?P<of>\w+))?\b(?! (?:\w+ )?(?:run|epoch"
    rf"|step))"
)


def rankings(claim: Statement) -> Iterator[Finding]:
    """Yield every place that a sentence gives a run at a stated x, where a ranking is recorded."""
    for found in PLACED.finditer(claim.words):
        [name] = claim.names_in(found["run"])[:1] or [""]
        known = _ranked(claim, name)
        if not known or claim.is_open(found.start()) or claim.is_negated(found.start()):
            continue
        claim.taken.append((found.start("verb"), found.end()))
        yield _judged(found["nth"], found["of"] or "", known)


def _ranked(claim: Statement, name: str) -> list[Ranked]:
    """Return the recorded places of a run at the x beside it."""
    return [
        one
        for one in claim.record.ranked
        if one.run == name
        and claim.is_about(one.metric)
        and any(p.axis == one.axis and close(p.value, one.x or 0.0) for p in claim.places)
    ]


def _judged(nth: str, of: str, known: list[Ranked]) -> Finding:
    count = SMALL.get(of) or (int(of) if of.isdecimal() else None)
    for one in known:
        if count in {None, one.last} and one.place == (one.last if nth == "last" else NTH[nth]):
            return supported("ranking", (_evidence(one),))
    why = f"Its recorded place is {known[0].place} of {known[0].last}."
    return Finding("ranking", "blocked", ("traceable",), (_evidence(known[0]),), why)


def _evidence(one: Ranked) -> Evidence:
    cell = f"place of {one.run} on {one.metric}"
    return Evidence(one.answer_id, cell, one.place, one.x, one.axis)
