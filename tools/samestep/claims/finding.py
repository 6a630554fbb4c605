"""What was found wrong, right or open in one sentence."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from samestep.claims.facts import Cell
from samestep.rules import RuleId

Kind = Literal["winner", "delta", "converged", "ranking", "value", "projection", "cause", "other"]
Verdict = Literal["supported", "blocked", "unverifiable"]


class Evidence(NamedTuple):
    """Where a claim, or what is true instead, was recorded."""

    answer_id: str
    cell: str
    value: float | str
    x: float | None = None
    axis: str | None = None


class Finding(NamedTuple):
    """One claim of a sentence, judged."""

    kind: Kind
    verdict: Verdict
    rules: tuple[RuleId, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    rewrite: str | None = None
    is_bare: bool = False
    """Whether it is a direction without a number, told without an x."""


def evidence_of(cells: Sequence[Cell]) -> tuple[Evidence, ...]:
    """Return recorded values as evidence, each once."""
    told = (
        Evidence(cell.answer_id, f"{cell.metric} of {cell.run}", cell.value, cell.x, cell.axis)
        for cell in cells
    )
    return tuple(dict.fromkeys(told))


def supported(kind: Kind, evidence: Sequence[Evidence]) -> Finding:
    """Return a claim that the record bears out."""
    return Finding(kind, "supported", (), tuple(evidence))
