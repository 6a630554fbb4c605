"""Claims of what a convergence check tells of a curve: gains still expected, and its slope."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls
from samestep.claims.facts import Gain, close
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.marks import N
from samestep.claims.numbers import agrees
from samestep.claims.patterns import words
from samestep.claims.statement import Statement
from samestep.claims.words_of_coming import FUTURE

GAINED = words(
    rf"\bgain(?:s|ed)?\b[^.;{N[1:-1]}]{{0,30}}?({N})|({N})[^.;]{{0,30}}?\b(?:gain|improvement)s?\b"
    rf"|\b(?:improv|ris|fall|drop|climb|increas"
    rf"|decreas)\w*[^.;{N[1:-1]}]{{0,40}}?\bby\b[^.;{N[1:-1]}]{{0,12}}({N})"
)
A_STEP = r"(?:per|each|every|an?)\s+(?:epoch|step|1k steps)"
SLOPE = words(rf"({N})\s*(?:\w+ )?{A_STEP}\b")


def gains(claim: Statement) -> Iterator[Finding]:
    """Yield the gain that one run is told to make yet, and how much it makes an epoch."""
    yield from _slopes(claim)
    future, found = FUTURE.search(claim.words), GAINED.search(claim.words)
    if future is None or found is None or len(set(claim.names_in(claim.words) or claim.runs)) != 1:
        return
    if not re.search(r"project|further|another|remain|left|still to", claim.words):
        return
    if claim.is_open(found.start(), future=True) or claim.is_negated(found.start()):
        return
    known = [one for one in claim.record.gains if _is_of(claim, one)]
    if known:
        claim.taken.append((found.start(), len(claim.words)))
        yield _judged(claim, found, known)


def _judged(claim: Statement, found: "re.Match[str]", known: Sequence[Gain]) -> Finding:
    [stated] = claim.marked.numbers_in(next(filter(None, found.groups())))
    places = claim.marked.places_in(claim.words[found.start() :])
    right = [
        one
        for one in known
        if agrees(stated, one.gain) and (not places or any(close(p.value, one.x) for p in places))
    ]
    evidence = tuple(_evidence(one) for one in (right or known))
    if right:
        return supported("projection", evidence)
    told = "; ".join(f"{one.gain:.4g} by {one.axis} {one.x:g}" for one in known)
    why = f"No projected gain is {stated.text.strip()}: of {known[0].metric} {told}."
    return Finding("projection", "blocked", ("projection-bounded",), evidence, why)


def _slopes(claim: Statement) -> Iterator[Finding]:
    for found in SLOPE.finditer(claim.words):
        [stated] = claim.marked.numbers_in(found[1])
        claim.taken.append(found.span())
        runs = claim.names_in(claim.words) or claim.runs
        known = [slope for name in runs for slope in claim.record.slopes.get(name, ())]
        if not any(agrees(stated, slope) for slope in known) and runs:
            call = calls.converging(claim.record, runs[0], claim.metrics)
            why = f"No recorded slope is {stated.text.strip()}. {call} tells it."
            yield Finding("other", "unverifiable", (), (), why)


def _is_of(claim: Statement, one: Gain) -> bool:
    return one.run in claim.runs and claim.is_about(one.metric)


def _evidence(one: Gain) -> Evidence:
    return Evidence(
        one.answer_id, f"projected gain of {one.run} on {one.metric}", one.gain, one.x, one.axis
    )
