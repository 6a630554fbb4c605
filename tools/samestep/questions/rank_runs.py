"""Which of several candidates is first at the same x, and which cannot be told from it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from samestep.answers.ranking import Ranking
from samestep.errors import BadArgument
from samestep.questions.arguments import Cursor, Limit, MetricName
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import fitting
from samestep.questions.ranking.arguments import Candidates, Constraints, Objectives, RankedX
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.questions.ranking.candidates import Candidates as Found
    from samestep.questions.ranking.goal import Goal

FEWEST = 2
FEW = 10  # candidates of a page below which its lists of names are cut as well


@checked
def rank_runs(  # noqa: PLR0913, PLR0917 # the arguments are the tool's contract
    runs: Candidates,
    metric: MetricName,
    at: RankedX = None,
    constraints: Constraints = None,
    objectives: Objectives = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    *,
    project: Project | None = None,
) -> Ranking:
    """Order runs at the same x, with all that cannot be told from the first.

    Raises:
        SamestepError: A run or metric that is not there, a run in two candidates, fewer than two
            candidates, a metric of which nobody knows which way is better.
    """
    from samestep.analysis.ranking.constraints import Constraint
    from samestep.questions.ranking.at_one_x import contest
    from samestep.questions.ranking.goal import goal_of
    from samestep.questions.ranking.order import order
    from samestep.questions.ranking.page import Whole
    from samestep.questions.ranking.record import with_record

    asked_in = project or Project.here()
    kept = [Constraint.parse(name, text) for name, text in (constraints or {}).items()]
    found = _found(runs, _wanted(metric, constraints or {}, objectives or []), asked_in)
    goal = goal_of(metric, "metric", found.runs, asked_in)
    others = _others(objectives or [], goal, found, asked_in)
    whole = Whole.of(found, order(contest(found, goal.name, at), goal, kept, others), kept, others)

    def of_page(most: int) -> Ranking:
        room = 1.0 if most == limit else min(1.0, most / FEW)
        return whole.page(most, cursor, room)

    return validate(with_record(identified(fitting(of_page, limit), "rnk")))


def _wanted(
    metric: str, constraints: Mapping[str, str], objectives: "Sequence[str]"
) -> Callable[[str], bool]:
    """Return which metrics are needed of runs where each costs a request."""
    from samestep.questions.ranking.goal import bare_name

    written = {metric, *constraints, *objectives}
    names = written | set(map(bare_name, written))
    return lambda name: name in names


def _found(runs: Candidates, wanted: Callable[[str], bool], project: Project) -> "Found":
    from samestep.questions.ranking.candidates import candidates

    found = candidates(runs, wanted, project)
    if len(found.sides) + len(found.unreadable) < FEWEST:
        names = ", ".join(side.name for side in found.sides)
        takes = (
            f"two or more candidates; this is {len(found.sides)} ({names}). Each entry is one; "
            "a source, or one group alone, is all its runs"
        )
        raise BadArgument("runs", runs, takes)
    return found


def _others(
    objectives: "Sequence[str]", goal: "Goal", found: "Found", project: Project
) -> "list[Goal]":
    from samestep.questions.ranking.goal import goal_of

    goals = [goal_of(text, "objectives", found.runs, project) for text in objectives]
    names = [goal.name, *(one.name for one in goals)]
    twice = [text for text, one in zip(objectives, goals, strict=True) if names.count(one.name) > 1]
    if twice:
        raise BadArgument("objectives", twice[0], "each metric once, and none that runs rank by")
    return goals
