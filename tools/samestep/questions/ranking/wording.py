"""The sentences of a ranking, built from what was found."""

from samestep.phrases import number
from samestep.questions.caveats.words import joined, listed
from samestep.questions.ranking.order import Order, Placed

BEYOND = "a difference beyond 1.96 times the noise of their curves around x"
BY_CURVE = "every other lies beyond the noise of the curves, which says nothing of other seeds"
SINGLE = "the difference in deviations from seed to seed"


def reading(found: Order, candidates: int, most: int) -> str:
    """Return who is first and who cannot be told from it, full names and the x stated.

    Args:
        found: The candidates in order.
        candidates: How many there are, ranked or not.
        most: How many are named beside the first.
    """
    at = found.contest
    where = f"At {at.chosen.name} {number(at.x)}"
    if not found.placed:
        counts = f"{len(found.removed)} removed by constraints and {len(at.apart)} apart"
        return f"{where} none of {candidates} candidates is ranked on {found.goal.name}: {counts}."
    first, *others = found.placed
    role = "a proxy" if found.goal.character.role == "proxy" else "downstream"
    metric = f"{found.goal.name} ({role}, {found.goal.direction} is better)"
    name = first.entrant.side.name
    opening = f"{where} {name} is first of {len(found.placed)} on {metric}: {_value(first)}"
    rest = _rest(found)
    tied = [one for one in others if one.tied]
    if not others:
        return f"{opening}; nothing else is ranked{rest}."
    if not tied:
        by_curve = any(one.distance and one.distance.evidence == "curve" for one in others)
        told = BY_CURVE if by_curve else "every other can be told from it"
        return f"{opening}; {told}{rest}."
    names = [one.entrant.side.name for one in tied]
    told = joined(names) if len(names) <= most else listed(names, most)
    return f"{opening}; {told} cannot be told from it{rest}."


def test_told(found: Order) -> str:
    """Return what tells candidates from the first, over how many comparisons."""
    ways = {one.distance.evidence for one in found.placed if one.distance is not None}
    if not ways:
        return "none: nothing is compared"
    parts = [
        told
        for evidence, told in (
            ("seeds", "Welch's t-test over seeds against the first"),
            ("declared", f"{SINGLE} that samestep.toml declares"),
            ("borrowed", f"{SINGLE} borrowed from {found.luck.borrowed_from}"),
            ("curve", f"for single runs no test, but {BEYOND}"),
            ("none", "none where a candidate has one seed and no deviation is known"),
        )
        if evidence in ways
    ]
    count = len(found.placed) - 1
    least = found.goal.minimum_effect
    effect = f"; differences below {number(least)} do not matter" if least else ""
    is_tested = bool(ways - {"none", "curve"})
    adjusted = f"two-sided at 0.05, Holm-adjusted for {count}" if is_tested else "no p-value"
    return f"{'; '.join(parts)}; {adjusted}{effect}"


def _value(first: Placed) -> str:
    value = first.entrant.value
    seeds = len(value.points)
    mean = f", mean of {seeds}" if seeds > 1 else ""
    found = "" if value.match == "exact" else f", {value.match}"
    between = ""
    if first.interval is not None:
        low, high = map(number, first.interval)
        between = f" (95 % interval {low} to {high})"
    return f"{number(value.value)}{mean}{found}{between}"


def _rest(found: Order) -> str:
    """Return how many candidates are not ranked."""
    removed, apart = len(found.removed), len(found.contest.apart)
    told = [
        *([f"{removed} removed by constraints"] if removed else []),
        *([f"{apart} apart"] if apart else []),
    ]
    return f"; {' and '.join(told)}" if told else ""
