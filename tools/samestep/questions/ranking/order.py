"""The candidates that keep to the constraints in their order, and how each stands to the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.ranking.constraints import Constraint, Status
from samestep.analysis.ranking.distances import Distance, SeedNoise, distances, in_order, interval
from samestep.analysis.ranking.selection import Pooled, borrowed_spread, pooled_spread, shrunken
from samestep.questions.declared import DECLARED
from samestep.questions.ranking.at_one_x import Contest
from samestep.questions.ranking.entrants import Entrant
from samestep.questions.ranking.goal import Goal
from samestep.questions.ranking.other_metrics import Measured, measured

FEWEST_FREEDOM = 2  # degrees of freedom from which a pooled deviation tells how much is luck
UNKNOWN = "no deviation from seed to seed is known"


@dataclass(frozen=True, slots=True)
class Tested:
    """One candidate held against one constraint."""

    constraint: Constraint
    measured: Measured

    @property
    def status(self) -> Status:
        """Whether it keeps to it."""
        return self.constraint.status(self.measured.value)


@dataclass(frozen=True, slots=True)
class Checked:
    """One candidate with everything it was asked beside the metric."""

    entrant: Entrant
    constraints: tuple[Tested, ...]
    objectives: Mapping[str, Measured]

    @property
    def passes(self) -> bool:
        """Whether it keeps to every constraint."""
        return all(one.status == "meets" for one in self.constraints)


@dataclass(frozen=True, slots=True)
class Placed:
    """One ranked candidate."""

    checked: Checked
    interval: tuple[float, float] | None
    shrunken: float | None
    distance: Distance | None
    """How it stands to the first; None for the first."""

    @property
    def entrant(self) -> Entrant:
        """The candidate."""
        return self.checked.entrant

    @property
    def tied(self) -> bool:
        """Whether it cannot be told from the first."""
        return self.distance is None or self.distance.tied


@dataclass(frozen=True, slots=True)
class Luck:
    """The deviation from seed to seed, as far as it is known."""

    known: SeedNoise
    spread: float | None
    """What the means are drawn together by."""
    source: str
    """Where that is known from, or why not."""

    @property
    def borrowed_from(self) -> str:
        """Whose deviation a single seed borrows."""
        borrowed = self.known.borrowed
        return "nobody" if borrowed is None else _pooled_told(borrowed)


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a ranking found."""

    contest: Contest
    goal: Goal
    placed: tuple[Placed, ...]
    removed: tuple[Checked, ...]
    luck: Luck

    @property
    def tied(self) -> list[Placed]:
        """The first, and all that cannot be told from it."""
        return [one for one in self.placed if one.tied]


def order(
    standing: Contest, goal: Goal, constraints: Sequence[Constraint], objectives: Sequence[Goal]
) -> Order:
    """Hold every candidate against the constraints, and put those that pass in order."""
    checked = [_checked(one, constraints, objectives, standing) for one in standing.entrants]
    passing = [one for one in checked if one.passes]
    removed = [one for one in checked if not one.passes]
    luck = _luck([one.entrant for one in checked], [one.entrant for one in passing], goal)
    placed = _placed(passing, goal, luck)
    return Order(standing, goal, tuple(placed), tuple(removed), luck)


def _checked(
    entrant: Entrant, constraints: Sequence[Constraint], objectives: Sequence[Goal], at: Contest
) -> Checked:
    return Checked(
        entrant,
        tuple(Tested(one, measured(entrant, one.metric, at.chosen, at.x)) for one in constraints),
        {one.name: measured(entrant, one.name, at.chosen, at.x) for one in objectives},
    )


def _luck(everyone: Sequence[Entrant], ranked: Sequence[Entrant], goal: Goal) -> Luck:
    borrowed = borrowed_spread([one.value.values for one in everyone])
    known = SeedNoise(goal.noise, borrowed)
    pooled = pooled_spread([one.value.values for one in ranked])
    if goal.noise is not None:
        return Luck(known, goal.noise, DECLARED)
    if pooled is not None and pooled.freedom >= FEWEST_FREEDOM:
        return Luck(known, pooled.spread, _pooled_told(pooled))
    if borrowed is not None:
        return Luck(known, borrowed.spread, _pooled_told(borrowed))
    return Luck(known, None, UNKNOWN)


def _pooled_told(pooled: Pooled) -> str:
    of = "1 candidate" if pooled.groups == 1 else f"{pooled.groups} candidates"
    return f"the seeds of {of}, {pooled.freedom} degrees of freedom"


def _placed(passing: Sequence[Checked], goal: Goal, luck: Luck) -> list[Placed]:
    sides = [one.entrant.value for one in passing]
    ranked = in_order(sides, goal.direction)
    if not ranked:
        return []
    means = [sides[at].value for at in ranked]
    seeds = [len(sides[at].points) for at in ranked]
    drawn = None if luck.spread is None else shrunken(means, seeds, luck.spread)
    others = [sides[at] for at in ranked[1:]]
    told = [None, *distances(sides[ranked[0]], others, luck.known, goal.minimum_effect)]
    return [
        Placed(
            passing[at],
            interval(sides[at], luck.known),
            None if drawn is None else drawn[place],
            told[place],
        )
        for place, at in enumerate(ranked)
    ]
