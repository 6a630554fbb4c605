"""Planned lengths that differ: half-way through one schedule is early in another."""

from collections.abc import Sequence

from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import CONFIG, Party
from samestep.model import Planned


def planned_lengths(parties: Sequence[Party]) -> list[Finding]:
    """Find planned lengths that are not equal, or in different units and so not known to be.

    A run without a plan differs from none.
    """
    plans = {
        party.name: {run.planned for run in party.runs if run.planned is not None}
        for party in parties
    }
    told = {(plan.length, plan.unit) for of_side in plans.values() for plan in of_side}
    if len(told) <= 1:
        return []
    keys = dict.fromkeys(plan.key for of_side in plans.values() for plan in of_side)
    values = {name: " or ".join(map(_length, plan)) for name, plan in plans.items() if plan}
    return found("planned length", [Fact(", ".join(keys), CONFIG, values)])


def _length(plan: Planned) -> str:
    return f"{plan.length:g} {plan.unit}"
