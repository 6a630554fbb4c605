"""Several objectives of ranked candidates: the front, who dominates whom, the knee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.ranking.pareto import dominance, knee, membership
from samestep.analysis.ranking.selection import pooled_spread
from samestep.answers.ranking import Objective, Pareto
from samestep.answers.record import derived
from samestep.questions.ranking.goal import Goal
from samestep.questions.ranking.order import Order, Placed
from samestep.questions.ranking.other_metrics import Measured

if TYPE_CHECKING:
    from samestep.model import Floats

MOST_NAMED = 20
MOST_DOMINATORS = 3
MOST_RESAMPLED = 100  # candidates whose front is found again and again
RESAMPLES = 500
DRAWN_WITH = 0  # the same question has the same answer


@dataclass(frozen=True, slots=True)
class Front:
    """The objectives of a ranking, and each candidate's part in them, by its full name."""

    pareto: Pareto
    members: frozenset[str]
    dominated_by: Mapping[str, list[str]]
    on_front: Mapping[str, float]

    def cut(self, most: int) -> Pareto:
        """Return what an answer tells of them, with no more than so many names in a list."""
        whole = self.pareto
        said: dict[str, object] = {
            "front": whole.front[:most],
            "front_left": whole.front_left + max(0, len(whole.front) - most),
            "unknown": whole.unknown[:most],
            "unknown_left": whole.unknown_left + max(0, len(whole.unknown) - most),
        }
        return whole.model_copy(update=said)


def front_of(found: Order, goals: Sequence[Goal]) -> Front | None:
    """Return who is on the front of all objectives; None where only the metric was asked for."""
    if not goals:
        return None
    goals = [found.goal, *goals]
    known = [one for one in found.placed if _complete(one, goals)]
    names = [one.entrant.side.name for one in known]
    lacking = [one.entrant.side.name for one in found.placed if not _complete(one, goals)]
    epsilon = np.array([_epsilon(goal, found) for goal in goals])
    good = _good(known, goals)
    by = dominance(good, epsilon)
    members = [at for at in range(len(known)) if not by[at].any()]
    farthest = knee(good[members])
    often, resampled = _membership(known, goals, epsilon)
    pareto = Pareto(
        objectives=list(map(_told, goals, map(float, epsilon))),
        front=[names[at] for at in members[:MOST_NAMED]],
        front_left=max(0, len(members) - MOST_NAMED),
        knee=None if farthest is None else names[members[farthest]],
        unknown=lacking[:MOST_NAMED],
        unknown_left=max(0, len(lacking) - MOST_NAMED),
        resampled=resampled,
    )
    dominators = {
        name: [names[int(other)] for other in np.flatnonzero(by[at])[:MOST_DOMINATORS]]
        for at, name in enumerate(names)
    }
    on_front = {} if often is None else dict(zip(names, map(float, often), strict=True))
    return Front(pareto, frozenset(names[at] for at in members), dominators, on_front)


def value_of(placed: Placed, goal: Goal) -> Measured:
    """Return what a candidate has of an objective; the metric it is ranked on included."""
    if goal.name in placed.checked.objectives:
        return placed.checked.objectives[goal.name]
    side = placed.entrant.value
    return Measured(side.value, side.match, seeds=tuple(side.values))


def _told(goal: Goal, epsilon: float) -> Objective:
    return Objective(metric=goal.name, direction=goal.direction, epsilon=derived(epsilon))


def _complete(placed: Placed, goals: Sequence[Goal]) -> bool:
    values = [value_of(placed, goal).value for goal in goals]
    return all(value is not None and bool(np.isfinite(value)) for value in values)


def _good(known: Sequence[Placed], goals: Sequence[Goal]) -> "Floats":
    """Return the values, larger is better: shape (candidates, objectives)."""
    values = [[value_of(one, goal).value or 0.0 for goal in goals] for one in known]
    return np.array(values, dtype=np.float64).reshape(len(known), len(goals)) * _signs(goals)


def _signs(goals: Sequence[Goal]) -> "Floats":
    return np.array([1.0 if goal.direction == "higher" else -1.0 for goal in goals])


def _epsilon(goal: Goal, found: Order) -> float:
    """Return the deviation from seed to seed of an objective; 0 where it is not known."""
    if goal.noise is not None:
        return goal.noise
    pooled = pooled_spread([value_of(one, goal).seeds for one in found.placed])
    return 0.0 if pooled is None else pooled.spread


def _membership(
    known: Sequence[Placed], goals: Sequence[Goal], epsilon: "Floats"
) -> "tuple[Floats | None, str]":
    """Return how often each is on the front over draws of its seeds, and how that was found."""
    seeds = [[value_of(one, goal).seeds for goal in goals] for one in known]
    if len(known) > MOST_RESAMPLED:
        return None, f"not resampled: more than {MOST_RESAMPLED} candidates"
    counts = [{len(values) for values in one} for one in seeds]
    if not known or any(len(count) > 1 or min(count) <= 1 for count in counts):
        return None, "not resampled: a candidate has no two seeds with every objective"
    samples = [np.array(one, dtype=np.float64).T * _signs(goals) for one in seeds]
    often = membership(samples, epsilon, DRAWN_WITH, RESAMPLES)
    return often, f"{RESAMPLES} draws of each candidate's seeds"
