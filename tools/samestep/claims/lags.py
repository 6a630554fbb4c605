"""Claims of how long before a student a baseline had what the student has now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestep.claims.facts import Lag
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.marks import R
from samestep.claims.patterns import words
from samestep.claims.places import AXES
from samestep.claims.statement import Statement

if TYPE_CHECKING:
    import re

LAG = words(
    r"(?:\b(?:lag(?:s|ging|ged)?|trail(?:s|ing|ed)?|lead(?:s|ing)?|behind|ahead|delay(?:ed)?)\b"
    r"[^.;\d]{0,60}?\b(?:by|of|is)\s+(?:about |around |roughly )?)?"
    r"(?<![\w.])(?P<lag>\d[\d,]{0,14}(?:\.\d+)?)(?P<many>k)?[\s-]+(?P<axis>epoch|step|token"
    r"|sample)s?"
    r"(?P<after>\s+(?:behind|ahead|late|lag|earlier|sooner|later))?"
)
LEADS = words(r"ahead|lead|earlier|sooner")
WHAT_HAD = words(rf"\bwhat\s+(?:the\s+)?{R}\s+\w+\s+(?:\w+\s+)?$")
"""`reaches now what ... had 2 epochs earlier`: it is the other one that leads."""
SIDES = 2


def lags(claim: Statement) -> Iterator[Finding]:
    """Yield every lag that a sentence tells between two runs."""
    runs = claim.names_in(claim.words)
    if len(runs) < SIDES or not claim.record.lags:
        return
    for found in LAG.finditer(claim.words):
        told = found[0][: found.start("lag") - found.start()] + (found["after"] or "")
        if not told.strip() or claim.is_open(found.start()) or claim.is_negated(found.start()):
            continue
        claim.taken.append(found.span())
        leads = LEADS.search(told) and not WHAT_HAD.search(claim.words[: found.start("lag")])
        yield _judged(claim, found, leads=bool(leads))


def _judged(claim: Statement, found: "re.Match[str]", *, leads: bool) -> Finding:
    digits = found["lag"].replace(",", "")
    value = float(digits) * (1e3 if found["many"] else 1.0)
    slack = 0.5 * 10.0 ** -len(digits.partition(".")[2]) * (1e3 if found["many"] else 1.0)
    runs = claim.names_in(claim.words)
    known = [one for one in claim.record.lags if {one.student, one.baseline} <= set(runs)]
    known = [one for one in known if claim.is_about(one.metric)]
    if not known:
        return Finding("delta", "unverifiable", (), (), "No answer tells this lag.")
    evidence = tuple(_evidence(one) for one in known[:4])
    if not claim.places:
        why = "It tells a lag without the x it was measured at."
        return Finding("delta", "blocked", ("same-x",), evidence, why, _told(known[0]))
    axis = AXES[found["axis"]]
    for one in known:
        lag = one.lag if runs[0] == one.student else -one.lag
        if axis == one.axis and abs((-lag if leads else lag) - value) <= slack:
            return supported("delta", evidence)
    why = f"No recorded lag is {found['lag']} {found['axis']}s."
    return Finding("delta", "blocked", ("traceable",), evidence, why, _told(known[0]))


def _told(one: Lag) -> str:
    side = "before" if one.lag > 0 else "after"
    told = f"{one.baseline} had it {abs(one.lag):g} {one.axis}s {side}"
    return f"What {one.student} has on {one.metric} now, {told}."


def _evidence(one: Lag) -> Evidence:
    cell = f"lag of {one.student} behind {one.baseline} on {one.metric}"
    return Evidence(one.answer_id, cell, one.lag, one.x, one.axis)
