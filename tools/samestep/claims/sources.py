"""Claims about where a value comes from: a summary, an end not reached, an estimate as logged."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import rewrites
from samestep.claims.facts import Cell
from samestep.claims.finding import Finding, evidence_of
from samestep.claims.marks import N
from samestep.claims.numbers import agrees
from samestep.claims.pairs import stands
from samestep.claims.patterns import words
from samestep.claims.recorded import Record
from samestep.claims.statement import Statement
from samestep.claims.told import told
from samestep.claims.words_of_coming import FUTURE

SUMMARY = words(
    r"\b(?:summary(?!\s*:)(?: (?:value|metric|page|tab|panel|table))?|run summary"
    r"|last logged value)\b"
)
ENDED = words(
    r"\b(?:final(?:ly|ises|izes)?|at the end of (?:its )?training|end result|finish(?:es|ed)? "
    r"(?:at|with|on)|end(?:s|ed)(?: up)? (?:at|with|on)|when it finished|after training finished"
    r"|best[- ]epoch|best checkpoint)\b"
)
ESTIMATED = words(r"\binterpolat\w*|\bnearest\b|\bestimat\w*")
THAT_VALUE = words(r"\b(?:that|this|the) (?:value|number|figure)\b")
LOGGED = words(r"\b(?:logged|exact(?:ly)?|precisely|measured|recorded)\b")


def sources(claim: Statement) -> Iterator[Finding]:
    """Yield what is wrong with where a value is said to come from."""
    numbers = list(re.finditer(N, claim.words))
    runs = claim.names_in(claim.words) or (claim.runs if claim.is_of_it else [])
    told_before = claim.lead is not None and THAT_VALUE.search(claim.words)
    runs = runs or (claim.runs if told_before else [])
    if not (numbers or told_before) or len(runs) != 1:
        yield from _estimates(claim)
        return
    found = SUMMARY.search(claim.words)
    if found and not _is_denied(claim, found.start()):
        yield _blocked(
            claim,
            runs[0],
            "It takes a value from a summary: values come from histories, with their x.",
        )
        return
    ended = ENDED.search(claim.words)
    if ended and FUTURE.search(_up_to_number(claim, ended)):
        ended = None
    running = claim.record.states.get(runs[0]) == "running"
    if ended and running and not _is_denied(claim, ended.start()):
        yield unended(claim.record, runs[0], claim.metrics)
        return
    yield from _estimates(claim)


def _up_to_number(claim: Statement, ended: "re.Match[str]") -> str:
    """Return what stands around words for an end, up to the value there."""
    before, after = claim.clause(ended.start())
    return before + re.split(N, after)[0]


def _is_denied(claim: Statement, at: int) -> bool:
    return claim.is_open(at) or claim.is_negated(at) or claim.is_taken(at)


def unended(record: Record, run: str, metrics: Sequence[str] | None) -> Finding:
    """Return what is wrong with the final value of a run that still runs."""
    return _of_summary(record, run, metrics, f"{run} is still running: it has no final value.")


def _blocked(claim: Statement, run: str, why: str) -> Finding:
    return _of_summary(claim.record, run, claim.metrics, why)


def _of_summary(record: Record, run: str, metrics: Sequence[str] | None, why: str) -> Finding:
    cells = [c for c in record.of_run.get(run, []) if metrics is None or c.metric in metrics]
    rewrite = rewrites.of_values(record, cells)
    evidence = evidence_of(cells[:1])
    return Finding("value", "blocked", ("history-not-summary",), evidence, why, rewrite)


def _estimates(claim: Statement) -> Iterator[Finding]:
    """Yield every estimate that is told as logged: no value was logged at that x."""
    if not LOGGED.search(claim.words) or not claim.places:
        return
    for match in re.finditer(N, claim.words):
        clause = "".join(claim.clause(match.start()))
        one = told(claim, match)
        if not LOGGED.search(clause) or ESTIMATED.search(clause):
            continue
        cells = [
            cell
            for run in one.runs
            for cell in claim.record.of_run.get(run, ())
            if (one.metrics is None or cell.metric in one.metrics)
            and any(stands(cell, place) for place in claim.places)
            and agrees(one.stated, cell.value)
        ]
        if cells and all(cell.match not in {"exact", ""} for cell in cells):
            yield _as_logged(claim, cells)


def _as_logged(claim: Statement, cells: Sequence[Cell]) -> Finding:
    why = f"{cells[0].run} logged nothing there: the value is {cells[0].match}."
    rewrite = rewrites.of_values(claim.record, cells)
    return Finding("value", "blocked", ("match-stated",), evidence_of(cells[:1]), why, rewrite)
