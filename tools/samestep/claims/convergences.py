"""Claims that a curve has converged, has reached a plateau, or still improves."""

import re
from collections.abc import Iterator

from samestep.claims import calls, rewrites
from samestep.claims.facts import Curve
from samestep.claims.finding import Evidence, Finding, evidence_of, supported
from samestep.claims.marks import M, R
from samestep.claims.patterns import words
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
SUBJECT = words(rf"({R})(?:\s+(?:has|have|had|is|was|itself|now|also|\w+ly|all|long))*\s*$")
OF_METRIC = words(rf"\s+(?:\w+\s+)?(?:on|in|for|with respect to)\s+(?:the\s+)?({M})")
METRIC_OF = words(rf"({M})(?:\s+(?:of|for)\s+(?:the\s+)?{R})?(?:\s+\w+){{0,2}}\s*$")
NOT_A_CURVE = words(
    r"\b(?:job|process|script|loaders?|workers?|servers?|program|queue|cluster|node)\b"
    rf"(?:\s+(?:of|for|with|behind))?\s*(?:{R})?\s*(?:\w+\s+)?$"
)


def convergences(claim: Statement) -> Iterator[Finding]:
    """Yield every claim about the shape of a curve in a sentence."""
    for pattern, said in ((CONVERGED, ""), (STILL, "improving"), (DIVERGED, "diverging")):
        for found in pattern.finditer(claim.words):
            at = found.start()
            taken = claim.is_taken(at)
            if taken or claim.is_open(at) or NOT_A_CURVE.search(claim.clause(at)[0]):
                continue
            word = said or ("plateaued" if PLATEAU.search(found[0]) else "converged")
            if claim.is_negated(at):
                word = "not converged"
            yield from _judged(claim, found, word)


def _judged(claim: Statement, found: "re.Match[str]", said: str) -> Iterator[Finding]:
    about = sides(claim, found.start(), alone=True)
    beside = SUBJECT.search(claim.words[: found.start()])
    own = claim.names_in(beside[1]) if beside else []
    if about.unknown:
        name = about.unknown[0].text
        call = calls.converging(claim.record, name, claim.metrics)
        yield Finding("converged", "unverifiable", (), (), f"No answer holds {name}. {call} would.")
    elif about.subject is not None:
        metrics = _metrics(claim, found)
        both = re.search(r"\bboth\b", claim.words)
        near = list(dict.fromkeys(claim.names_in("".join(claim.clause(found.start())))))
        for name in (near or claim.runs) if both else own or [about.subject]:
            yield _of_run(claim, name, metrics, said)


def _metrics(claim: Statement, found: "re.Match[str]") -> list[str] | None:
    """Return the metrics whose curve is told of: `on` one after the word, before it, or any."""
    beside = OF_METRIC.match(claim.words[found.end() :])
    beside = beside or METRIC_OF.search(claim.words[: found.start()])
    named = claim.marked.metrics_in(beside[1]) if beside else []
    return [name for one in named for name in one.names] or claim.metrics


def _of_run(claim: Statement, name: str, metrics: list[str] | None, said: str) -> Finding:
    curves = [
        curve
        for curve in claim.record.curves
        if curve.run == name and (metrics is None or curve.metric in metrics)
    ]
    newest = {curve.metric: curve for curve in reversed(curves)}
    if not newest:
        return _unchecked(claim, name, metrics, said)
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


def _unchecked(claim: Statement, name: str, metrics: list[str] | None, said: str) -> Finding:
    call = calls.converging(claim.record, name, metrics)
    why = f"No answer shows the last epochs of {name}. {call} would."
    if said in {"improving", "diverging", "not converged"}:
        return Finding("converged", "unverifiable", (), (), why)
    cells = [
        cell
        for cell in claim.record.cells
        if cell.run == name and (metrics is None or cell.metric in metrics)
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
