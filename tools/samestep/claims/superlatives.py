"""Claims that a run's value is the highest or the lowest of all."""

from samestep.claims import rewrites
from samestep.claims.facts import Cell
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.lexicon import SUPERLATIVE
from samestep.claims.marks import X
from samestep.claims.patterns import words
from samestep.claims.rankings import NTH
from samestep.claims.relations import Relation
from samestep.claims.statement import Statement

FEWEST_NAMED = 3  # runs that are named as those ranked; of fewer, all recorded are
OVER_TIME = words(rf"\s*(?:at|around|near|after)\s+{X}")  # of one run, among its own values


def is_superlative(claim: Statement) -> bool:
    """Return whether a sentence ranks values."""
    found = SUPERLATIVE.search(claim.words)
    if found is None:
        return False
    own = OVER_TIME.match(claim.words[found.end() :]) and len(set(claim.names_in(claim.words))) <= 1
    return not own


def superlative(claim: Statement, one: Relation) -> Finding:
    """Judge `the lowest M at X is that of R` against every recorded value there."""
    subject = next(iter(claim.names_in(claim.words)), one.sides.subject)
    rewrite = rewrites.of_values(claim.record, [c for c in claim.record.cells if c.run == subject])
    if not claim.places:
        why = "It ranks values without their x."
        return Finding("delta", "blocked", ("same-x",), (), why, rewrite, is_bare=True)
    order, rank = _order(claim)
    evidence = evidence_of(order[:4])
    if rank < len(order) and order[rank].run == subject:
        return supported("ranking", evidence)
    why = f"The record does not rank {subject} so."
    return Finding("ranking", "blocked", ("traceable",), evidence, why, rewrite)


def _order(claim: Statement) -> tuple[list[Cell], int]:
    """Return the values at the stated x in the order told, and the rank that is told."""
    found = SUPERLATIVE.search(claim.words)
    told = (found["nth"] or "").lower() if found else ""
    is_highest = found is not None and found["way"].lower() == "highest"
    named = set(claim.names_in(claim.words))
    cells = {
        cell.run: cell
        for cell in reversed(claim.record.cells)
        if claim.is_about(cell.metric)
        and (len(named) < FEWEST_NAMED or cell.run in named)
        and any(cell.stands_at(place.axis, place.value) for place in claim.places)
    }
    order = sorted(cells.values(), key=lambda cell: cell.value, reverse=is_highest)
    return order, NTH.get(told, 1) - 1
