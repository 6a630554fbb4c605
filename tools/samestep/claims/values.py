"""Claims of one run's value, held against every recorded value."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls, rewrites
from samestep.claims.facts import Cell
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.lexicon import DEFINITIVE
from samestep.claims.marks import M, N
from samestep.claims.numbers import agrees, is_beyond
from samestep.claims.pairs import differences, is_single, stands, stands_at_any
from samestep.claims.patterns import words
from samestep.claims.relations import delta_numbers
from samestep.claims.statement import Statement
from samestep.claims.told import NAMED_BEFORE, SOME_VALUE, TIGHT, Told, is_place, told
from samestep.claims.words_of_coming import FUTURE

RELATING = words(
    r"\bvs\.?\b|\bversus\b|\bwhereas\b|\bwhile\b|\bcompared\b|\bagainst\b|\bthan\b|\bbehind\b"
    r"|\bbut\b|\bbelow\b|\bunder\b|\bfar from\b|\babove\b|\bshort of\b"
    r"|\brelative to\b|\bahead of\b|\b(?:up|down) from\b|\bfrom\b[^.;]*\bto\b|\(was\b|\bonly\b"
    r"|\brather than\b|\binstead of\b|\bopposed to\b|\bcontrast\b|\byet\b|→|[-=]>|\bover\b",
    re.IGNORECASE,
)
VERSUS = words(
    r"\bvs\.?\b|\bversus\b|\bcompared\b|\bagainst\b|\(was\b|\b(?:up|down) from\b|→|[-=]>"
    r"|\brather than\b|\bopposed to\b",
    re.IGNORECASE,
)
ELSEWHERE = words(r"\b(?:original (?:paper|authors|publication)|the literature)\b")
ERROR = words(r"\berrors?(?: rates?)?\b")
SEED_BY_SEED = words(
    r"\bseed by seed|\b(?:individual|per|each|single|five|three|all)[- ](?:\w+ )?seeds?\b"
    r"|\bby seed\b"
    rf"|(?:{N},\s+){{3}}"
)
THIS = words(r"\W*(?:this|that|it|the (?:result|finding|difference|gap|lead|effect|ordering))\b")
PROVEN = words(
    r"\b(?:prov(?:es|ed|en)|definitive(?:ly)?|robust(?:ly|ness)?|establish(?:es|ed)"
    r"|conclusive(?:ly)?|beyond (?:any )?doubt)\b"
)
HAD_BEFORE = words(
    r"\b(?:at|has|had|is|was|gets?|got|scores?|scored|reach(?:es|ed)|hits?|with|to|vs\.?|versus"
    r"|against)\s+$"
)
ON_METRIC = words(rf"\s*(?:on|in|of|for)\s+(?:the\s+)?{M}")
BEFORE_VALUE = words(
    r"(?:^|\b(?:at|is|was|are|were|of|to|from|vs\.?|versus|against|has|had|have|with|gets?|got"
    r"|gives|gave"
    r"|reach(?:es|ed)|hits?|and|or|by|about|around|roughly|than|exactly|only|now|stands|currently"
    r"|scores?"
    r"|says?|shows?|still|just|already)|[=:(,;>~≈+/|-])\s*$"
)
"""What stands before the value of a run named earlier: no other thing, as in `CUDA 12.1`."""
WORKED_OUT = words(rf"{N}\s*[-/\u2212\u00f7]\s*{N}\s*[=\u2248]\s*$")  # `14.32 / 10.30 = `
NOT_AS = words(r"\bnot (?:as |at )?$")
WHOLE = (1.0, 100.0)  # what an error is the rest of
OF = words(r"\s*of\b")
SIDES = 2


def values(claim: Statement) -> Iterator[Finding]:
    """Yield a finding for every number that is told as a value."""
    if ELSEWHERE.search(claim.words):
        return
    apart = {at for at, _ in delta_numbers(claim)}
    is_foreign = not (claim.marked.runs or claim.marked.metrics or claim.refers_back)
    held: list[list[Cell]] = []
    for match in re.finditer(N, claim.words):
        if match.start() in apart or claim.is_taken(match.start()) or is_place(claim, match):
            continue
        if WORKED_OUT.search(claim.words[: match.start()]) or NOT_AS.search(
            claim.words[: match.start()]
        ):
            continue
        if is_foreign and not BEFORE_VALUE.search(claim.words[: match.start()]):
            continue
        one = told(claim, match)
        cells = _standing(claim, one)
        if not cells and not one.limit and _is_count(claim, match):
            continue
        held.extend([cells] if cells else [])
        yield from _judged(claim, match, one, cells)
    yield from _crossed(claim, held)
    yield from _settled(claim, held)
    yield from _proven(claim)


def _proven(claim: Statement) -> Iterator[Finding]:
    """Yield what is wrong where a sentence calls what was told of two single runs proven."""
    found, lead = PROVEN.search(claim.words), claim.lead
    if found is None or lead is None or not THIS.match(claim.words) or claim.marked.numbers:
        return
    runs = lead.names_in(lead.words)
    asserted = not claim.is_negated(found.start()) and not claim.is_open(found.start())
    if asserted and len(set(runs)) == SIDES and is_single(claim.record, runs):
        yield Finding("delta", "blocked", ("single-seed",), (), "A single seed cannot settle it.")


def _settled(claim: Statement, held: Sequence[Sequence[Cell]]) -> Iterator[Finding]:
    """Yield what is wrong where values of two single runs are told as settling something."""
    runs = {cells[0].run for cells in held}
    found = (DEFINITIVE if len(runs) == SIDES else PROVEN).search(claim.words)
    if found is None or len(runs) not in {1, SIDES} or not is_single(claim.record, runs):
        return
    if not claim.is_negated(found.start()) and not claim.is_open(found.start()):
        yield Finding("delta", "blocked", ("single-seed",), (), "A single seed cannot settle it.")


def _judged(
    claim: Statement, match: "re.Match[str]", one: Told, cells: Sequence[Cell]
) -> Iterator[Finding]:
    if cells:
        yield supported("value", evidence_of(cells[:SIDES]))
    elif not one.runs:
        yield from _of_nobody(claim, one)
    elif any(
        (run, metric) in claim.record.absent for run in one.runs[:1] for metric in one.metrics or ()
    ):
        why = f"{one.runs[0]} has not logged it: absent is no number."
        yield Finding("value", "blocked", ("absent-said",), (), why)
    elif not _of(claim, one):
        yield from _not_held(claim, one)
    elif _is_part(claim, match.end(), one):
        yield _as_part(claim, one)
    elif _is_yet_to_come(claim, one):
        return
    elif not _is_anothers(claim, one) and _is_value(claim, one):
        yield from _otherwise(claim, one)


def _otherwise(claim: Statement, one: Told) -> Iterator[Finding]:
    """Judge a number that is no value: it may be a difference there, or the end of an interval."""
    names = list(dict.fromkeys([*claim.runs, *one.runs]))
    pairs = [(a, b) for a in names for b in names if a != b]
    known = [d for p in pairs for d in differences(claim.record, p, one.metrics, one.places)]
    right = [d for d in known if one.places and agrees(one.stated, abs(d.delta))]
    if right:
        yield supported("delta", evidence_of([right[0].one, right[0].other]))
    elif "." not in one.stated.text or not any(
        agrees(one.stated, end) for ends in claim.record.intervals for end in ends
    ):
        yield _nowhere(claim, one)


def _is_part(claim: Statement, end: int, one: Told) -> bool:
    """Return whether a number is the part that one run's value is of another's: `97 % of`."""
    if one.stated.unit != "%" or not OF.match(claim.words[end:]) or not one.runs:
        return False
    names = claim.names_in(claim.words)
    found = [
        d.one.value / d.other.value
        for name in names
        for other in names
        for d in differences(claim.record, (name, other), one.metrics, one.places)
        if name != other and d.other.value
    ]
    return any(abs(one.stated.value - 100.0 * part) <= one.stated.slack for part in found)


def _as_part(claim: Statement, one: Told) -> Finding:
    cells = _of(claim, one)
    if one.places:
        return supported("delta", evidence_of(cells[:SIDES]))
    why = "It tells a part of another run's value without the x of both."
    rewrite = rewrites.of_values(claim.record, cells)
    return Finding("delta", "blocked", ("same-x",), evidence_of(cells[:SIDES]), why, rewrite)


def _of(claim: Statement, one: Told) -> list[Cell]:
    """Return the recorded values of the runs and metrics that a number is told of."""
    return [
        cell
        for run in _each(claim, one.runs)
        for cell in claim.record.of_run.get(run, [])
        if (one.metrics is None or cell.metric in one.metrics)
    ]


def _is_count(claim: Statement, match: "re.Match[str]") -> bool:
    """Return whether a whole number stands where no value does: beside no metric, after no verb."""
    text = claim.marked.numbers_in(match[0])[0].text
    if re.search(r"[.%]", text) or not text.strip().isdecimal():
        return False
    before, after = claim.words[: match.start()], claim.words[match.end() :]
    in_slot = NAMED_BEFORE.search(before) or TIGHT.search(before) or HAD_BEFORE.search(before)
    return not (in_slot or ON_METRIC.match(after) or re.match(rf"\s*{M}", after))


def _each(claim: Statement, runs: Sequence[str]) -> list[str]:
    """Return the runs, and the members of groups where the values of their seeds are listed."""
    seeds = claim.record.members if SEED_BY_SEED.search(claim.words) else {}
    return list(dict.fromkeys(one for run in runs for one in (run, *seeds.get(run, ()))))


def _standing(claim: Statement, one: Told) -> list[Cell]:
    """Return the recorded values that a number may be."""
    cells = [c for c in _of(claim, one) if stands_at_any(c, one.places)]
    limit = one.limit
    if limit:
        return [c for c in cells if is_beyond(one.stated, c.value, over=limit == "over")]
    found = [c for c in cells if agrees(one.stated, c.value)]
    if not found and ERROR.search(claim.words):
        return [c for c in cells if any(agrees(one.stated, w - c.value) for w in WHOLE)]
    return found


def _is_anothers(claim: Statement, one: Told) -> bool:
    """Return whether a number may be the value of another run of the sentence."""
    if one.is_sure:
        return False
    others = [
        c
        for run in claim.runs
        for c in claim.record.of_run.get(run, [])
        if claim.is_about(c.metric)
    ]
    return any(
        stands_at_any(cell, one.places) and agrees(one.stated, cell.value) for cell in others
    )


def _cannot_be_set(claim: Statement, held: Sequence[Sequence[Cell]]) -> bool:
    """Return whether the record bars any difference of the values: that is said instead."""
    one, other = held[0][0], held[-1][0]
    known = differences(claim.record, (one.run, other.run), [one.metric])
    return bool(known) and all(difference.is_barred for difference in known)


def _share_a_metric(held: Sequence[Sequence[Cell]]) -> bool:
    """Return whether values of two runs are of one metric: of two, nothing is set side by side."""
    told = [(cell.run, cell.metric) for cells in held for cell in cells]
    return any(a[0] != b[0] and a[1] == b[1] for a in told for b in told)


def _is_yet_to_come(claim: Statement, one: Told) -> bool:
    """Return whether a projection tells the number of an x that no run has reached."""
    places = one.places or tuple(claim.places)
    reached = [c.x if c.axis == p.axis else c.step for c in _of(claim, one) for p in places]
    beyond = all(p.value > max((x or 0.0 for x in reached), default=0.0) for p in places)
    return bool(places) and beyond and FUTURE.search(claim.words) is not None


def _is_value(claim: Statement, one: Told) -> bool:
    """Return whether a number is told as a value: of a metric, or written as values are."""
    return one.metrics is not None or (
        bool(SOME_VALUE.search(one.stated.text)) and bool(claim.runs)
    )


def _not_held(claim: Statement, one: Told) -> Iterator[Finding]:
    """Yield what would tell a value that no answer holds; a number without a metric is no claim."""
    if one.metrics is None:
        return
    call = calls.fetching(claim.record, one.runs[0], one.metrics)
    why = f"No answer holds this metric of {one.runs[0]}. {call} would."
    yield Finding("value", "unverifiable", (), (), why)


def _of_nobody(claim: Statement, one: Told) -> Iterator[Finding]:
    """Yield what would tell the value of a run that no answer holds."""
    is_value = claim.marked.metrics_in(claim.words) or SOME_VALUE.search(one.stated.text)
    if is_value and any(m.how == "short" and not m.names for m in claim.mentions):
        why = "It names no run by its full name."
        yield Finding("value", "blocked", ("full-names",), (), why)
    if claim.unknown and is_value:
        call = calls.fetching(claim.record, claim.unknown[0].text, None)
        why = f"No answer holds {claim.unknown[0].text}. {call} would."
        yield Finding("value", "unverifiable", (), (), why)


def _nowhere(claim: Statement, one: Told) -> Finding:
    of_runs = _of(claim, one)
    at = [cell for cell in of_runs if any(stands(cell, place) for place in one.places)]
    near = at or of_runs
    why = f"No recorded value of {near[0].run} there is {one.stated.text.strip()}."
    rewrite = rewrites.of_values(claim.record, near)
    return Finding("value", "blocked", ("traceable",), evidence_of(near[:SIDES]), why, rewrite)


def _crossed(claim: Statement, held: Sequence[Sequence[Cell]]) -> Iterator[Finding]:
    """Yield what is wrong where values of two runs are set side by side at different x."""
    if len({cells[0].run for cells in held}) < SIDES:
        return
    if claim.places and not RELATING.search(claim.words):
        return
    if _cannot_be_set(claim, held) or not _share_a_metric(held):
        return
    spots = [(cells[0].run, {cell.x for cell in cells}) for cells in held]
    is_shared = all(
        any(run != other and xs & beside for other, beside in spots) for run, xs in spots
    )
    if is_shared and (claim.places or not VERSUS.search(claim.words)):
        return
    cells = [cell for of_number in held for cell in of_number]
    why = "It sets values side by side that do not stand at one stated x."
    rewrite = rewrites.of_values(claim.record, cells)
    yield Finding("delta", "blocked", ("same-x",), evidence_of(cells[:4]), why, rewrite)
