"""What a sentence says beside what is judged of it: with it unread, nothing is supported."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls
from samestep.claims.finding import Finding
from samestep.claims.marks import M, N, R
from samestep.claims.numbers import DECIMAL, INTERVAL, SPREADS, agrees, plain
from samestep.claims.pairs import differences
from samestep.claims.patterns import words
from samestep.claims.statement import Statement

DIGITS = r"[-+\u2212]?\d*\.?\d+(?:e[-+]?\d+)?"
SPREAD = words(
    rf"(?:\u00b1|\+/-|\b(?:std|sd|s\.d\.|se|sem|stderr|standard (?:deviation|error))(?: dev)?"
    rf"(?: of| is|:|=)?)\s*({DIGITS})",
    re.IGNORECASE,
)
BRACKETS = words(rf"\[(?=[^\]]*\.\d)\s*{DIGITS}\s?%?\s*(?:,|;|to|-|\u2013)\s*{DIGITS}\s?%?\s*\]")
ENDS = words(r"(?:(?<![\d%])[-+\u2212])?(?:\d+\.\d+|\d+|(?<!\.)\.\d+)(?:e[-+]?\d+)?")
ALL_OF = words(
    r"\b(?:(?:every|each|any) (?:single |one of (?:the|its) )?(?:[a-z]+ )?"
    r"|all (?:of )?(?:the |its |our )?(?:\w+ )?)"
    r"(?:seeds?|runs?|epochs?|steps?|checkpoints?|members?)\b|\b(?:throughout|always"
    r"|consistently)\b"
    r"|\bacross (?:seeds|epochs|runs)\b|\bno (?:seed|epoch|run)\b",
    re.IGNORECASE,
)
NEEDS = words(
    r"\b(?:needs?|needed|takes?|took|requires?|required)\s+(?:\w+ ){0,3}?\d[\d,.]*\s?k?\s*"
    r"(?:more |extra |additional )?(?:epochs?|steps?|iterations?|updates?|tokens|samples)\b",
    re.IGNORECASE,
)
RATIO = words(rf"({R})\s+(?:\w+\s+){{0,3}}?({N})\s*(?:(?:that|the {M}) of\s+|of\s+)?({R})")
ZEROS = words(r"(?<=^[1-9])0+$")
SCALES = (1.0, 100.0)
PAIR = 2


def beside(claim: Statement, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what keeps a sentence, of which all that was judged is true, from being supported."""
    if any(one.verdict != "supported" for one in found):
        return
    if not found:
        yield from _needed(claim) if claim.names_in(claim.words) else ()
        return
    yield from _spreads(claim)
    yield from _intervals(claim)
    yield from _ratios(claim)
    if not any(one.kind == "projection" for one in found):
        yield from _needed(claim)
    if ALL_OF.search(claim.words) and not any(one.kind in {"winner", "ranking"} for one in found):
        yield _open(claim, "What holds of every seed, or at every x, is not judged here.")
    if not claim.passage.cells and claim.metrics is None and not claim.places:
        runs = set(claim.names_in(claim.words))
        if len(runs) >= PAIR and all(one.kind == "value" for one in found):
            yield _open(claim, "It names neither the metric nor the x of its values.")


def _spreads(claim: Statement) -> Iterator[Finding]:
    text = claim.passage.text
    told = [found[1] for found in SPREAD.finditer(text)]
    told += [one for stretch in SPREADS.finditer(text) for one in DECIMAL.findall(stretch[0])]
    known = [s for name in _runs(claim) for s in claim.record.spreads.get(name, ())]
    for spread in dict.fromkeys(told):
        if _is_one_of(spread, known):
            continue
        if known:
            why = f"No recorded spread of these runs is {spread}."
            yield Finding("value", "blocked", ("traceable",), (), why)
        else:
            yield _open(claim, f"No answer holds a spread such as {spread}.")


def _intervals(claim: Statement) -> Iterator[Finding]:
    text = claim.passage.text
    known = claim.record.intervals
    for found in [*INTERVAL.finditer(text)] or BRACKETS.finditer(text):
        first, last = ENDS.findall(found[0])[-PAIR:]
        if any(_is_one_of(first, [low]) and _is_one_of(last, [high]) for low, high in known):
            continue
        if known:
            why = f"No recorded interval is {first} to {last}."
            yield Finding("delta", "blocked", ("traceable",), (), why)
        else:
            call = calls.testing(claim.record, claim.runs, claim.metrics)
            why = f"No answer holds an interval such as {first} to {last}. {call} may."
            yield Finding("delta", "unverifiable", (), (), why)


def _ratios(claim: Statement) -> Iterator[Finding]:
    """Yield a ratio whose sides are the wrong way round."""
    for found in RATIO.finditer(claim.words):
        [stated] = claim.marked.numbers_in(found[2])
        one, other = claim.names_in(found[1]), claim.names_in(found[3])
        if stated.unit != "x" or not one or not other:
            continue
        known = differences(claim.record, (one[0], other[0]), claim.metrics, claim.places)
        ratios = [d.one.value / d.other.value for d in known if d.other.value]
        if ratios and not any(abs(stated.value - ratio) <= stated.slack for ratio in ratios):
            why = f"The recorded ratio of {one[0]} to {other[0]} is {ratios[0]:.4g}."
            yield Finding("delta", "blocked", ("traceable",), (), why)


def _needed(claim: Statement) -> Iterator[Finding]:
    if NEEDS.search(claim.passage.text):
        yield _open(claim, "How long a run needs for a value is not judged here.")


def _open(claim: Statement, why: str) -> Finding:
    runs = _runs(claim)
    call = calls.fetching(claim.record, runs[0], claim.metrics) if runs else "fetch_history(...)"
    return Finding("other", "unverifiable", (), (), f"{why} {call} may tell.")


def _runs(claim: Statement) -> list[str]:
    return claim.runs or list(claim.record.spreads)


def _is_one_of(written: str, known: Sequence[float]) -> bool:
    """Return whether a number is one of those recorded, rounded, as it is or in percent."""
    stated = plain(written)
    if stated is not None and (
        zeros := ZEROS.search(written.strip())
    ):  # `± 100` is what a table has of 103
        stated = stated._replace(slack=0.5 * 10.0 ** len(zeros[0]))
    return stated is not None and any(
        agrees(stated, value * scale) for value in known for scale in SCALES
    )
