"""Claims of how far one run has come between two x."""

from collections.abc import Iterator

from samestep.claims import calls
from samestep.claims.facts import Cell
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.marks import N, Place
from samestep.claims.numbers import agrees
from samestep.claims.pairs import stands
from samestep.claims.patterns import words
from samestep.claims.statement import Statement

CAME = words(
    r"\b(?:grew|grown|rose|risen|climbed|improved|increased|gained|jumped|fell|fallen|dropped"
    r"|decreased|declined|lost|shrank|changed|moved|went (?:up|down)|came down)\s+(?:by\s+)?"
    rf"(?:about |around |roughly |another |only )?({N})"
)
ENDS = 2


def courses(claim: Statement) -> Iterator[Finding]:
    """Yield how far a run is said to have come, held against its values at both x."""
    names, ends = claim.names_in(claim.words), _ends(claim.places)
    found = CAME.search(claim.words)
    if found is None or len(set(names)) != 1 or ends is None:
        return
    if claim.is_open(found.start()) or claim.is_negated(found.start()):
        return
    claim.taken.append(found.span())
    [stated] = claim.marked.numbers_in(found[1])
    known = list(_pairs(claim, names[0], ends))
    right = [pair for pair in known if agrees(stated, abs(pair[1].value - pair[0].value))]
    if right:
        yield supported("value", evidence_of(right[0]))
    elif known:
        why = f"{names[0]} has not come {stated.text.strip()} between the two."
        yield Finding("value", "blocked", ("traceable",), evidence_of(known[0]), why)
    else:
        call = calls.fetching(claim.record, names[0], claim.metrics)
        why = f"No answer holds both values. {call} would."
        yield Finding("value", "unverifiable", (), (), why)


def _ends(places: list[Place]) -> tuple[Place, Place] | None:
    """Return the two x that a sentence names, apart or as a range."""
    if len(places) == 1 and places[0].upto is not None:
        [whole] = places
        return Place("", whole.axis, whole.value), Place("", whole.axis, places[0].upto)
    axes = {place.axis for place in places}
    return (places[0], places[1]) if len(places) == ENDS and len(axes) == 1 else None


def _pairs(claim: Statement, name: str, ends: tuple[Place, Place]) -> Iterator[tuple[Cell, Cell]]:
    cells = [c for c in claim.record.of_run.get(name, []) if claim.is_about(c.metric)]
    for one in cells:
        for other in cells:
            if one.metric == other.metric and stands(one, ends[0]) and stands(other, ends[1]):
                yield one, other
