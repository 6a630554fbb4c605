"""Claims that a curve has converged, has reached a plateau, or still improves."""

import re
from collections.abc import Iterator

from samestep.claims import calls, rewrites
from samestep.claims.facts import Curve
from samestep.claims.finding import Evidence, Finding, evidence_of, supported
from samestep.claims.sides import sides
from samestep.claims.statement import Statement
from samestep.claims.words_of_curving import CONVERGED, DIVERGED, PLATEAU, STILL

ALLOWED = {
    "converged": {"converged"},
    "plateaued": {"plateaued", "converged"},
    "improving": {"improving"},
    "diverging": {"diverging"},
    "not converged": {"improving", "plateaued", "diverging", "undecided"},
}
"""What is recorded of a curve, by what may be said of it."""


def convergences(claim: Statement) -> Iterator[Finding]:
    """Yield every claim about the shape of a curve in a sentence."""
    for pattern, said in ((CONVERGED, ""), (STILL, "improving"), (DIVERGED, "diverging")):
        for found in pattern.finditer(claim.words):
            at = found.start()
            taken = claim.is_taken(at)
            if taken or claim.is_open(at):
                continue
            word = said or ("plateaued" if PLATEAU.search(found[0]) else "converged")
            if claim.is_negated(at):
                word = "not converged"
            yield from _judged(claim, at, word)


def _judged(claim: Statement, at: int, said: str) -> Iterator[Finding]:
    about = sides(claim, at, alone=True)
    if about.unknown:
        name = about.unknown[0].text
        call = calls.converging(claim.record, name, claim.metrics)
        yield Finding("converged", "unverifiable", (), (), f"No answer holds {name}. {call} would.")
    elif about.subject is not None:
        for name in claim.runs if re.search(r"\bboth\b", claim.words) else [about.subject]:
            yield _of_run(claim, name, said)


def _of_run(claim: Statement, name: str, said: str) -> Finding:
    curves = [
        curve
        for curve in claim.record.curves
        if curve.run == name and (claim.metrics is None or curve.metric in claim.metrics)
    ]
    newest = {curve.metric: curve for curve in reversed(curves)}
    if not newest:
        return _unchecked(claim, name, said)
    wrong = [curve for curve in newest.values() if curve.kind not in ALLOWED[said]]
    if not wrong:
        return supported("converged", [e for curve in newest.values() for e in _evidence(curve)])
    why = (
        f"The record says of {wrong[0].metric} at {wrong[0].axis} {wrong[0].x:g}: {wrong[0].kind}."
    )
    return Finding(
        "converged", "blocked", ("tail-shown",), _evidence(wrong[0]), why, _told(wrong[0])
    )


def _told(curve: Curve) -> str:
    """Return what an answer says of a curve, without the rule that decided."""
    return f"{curve.told.partition(': ')[0].rstrip('.')}."


def _unchecked(claim: Statement, name: str, said: str) -> Finding:
    call = calls.converging(claim.record, name, claim.metrics)
    why = f"No answer shows the last epochs of {name}. {call} would."
    if said in {"improving", "diverging", "not converged"}:
        return Finding("converged", "unverifiable", (), (), why)
    cells = [
        cell
        for cell in claim.record.cells
        if cell.run == name and (claim.metrics is None or cell.metric in claim.metrics)
    ]
    rewrite = rewrites.of_values(claim.record, cells)
    return Finding("converged", "blocked", ("tail-shown",), evidence_of(cells[:1]), why, rewrite)


def _evidence(curve: Curve) -> tuple[Evidence, ...]:
    verdict = Evidence(
        curve.answer_id,
        f"verdict on {curve.metric} of {curve.run}",
        curve.kind,
        curve.x,
        curve.axis,
    )
    return (verdict, *evidence_of(curve.tail))
