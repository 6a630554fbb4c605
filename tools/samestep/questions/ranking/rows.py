"""The rows of a ranking's answer: ranked, removed and apart."""

from collections.abc import Sequence

from samestep.analysis.compare import SideValue
from samestep.answers.ranking import Apart, ConstraintSummary, Held, Ranked, Removed
from samestep.answers.record import derived
from samestep.questions.ranking.entrants import Entrant, Out
from samestep.questions.ranking.goal import Goal
from samestep.questions.ranking.objectives import Front, value_of
from samestep.questions.ranking.order import Checked, Order, Placed, Tested
from samestep.questions.sides import KnownSide


def ranked_row(one: Placed, place: int, goals: Sequence[Goal], front: Front | None) -> Ranked:
    """Return the row of a ranked candidate."""
    side, value = one.entrant.side, one.entrant.value
    row = Ranked(
        place=place,
        full_name=side.name,
        run=reference(side),
        value=value.value,
        match=value.match,
        step=_step(value, side),
        interval=None
        if one.interval is None
        else (derived(one.interval[0]), derived(one.interval[1])),
        tied=one.tied,
    )
    said = {**_together(side), **_found_how(value), **_seeds(one.entrant), **_told(one)}
    beside = {**_constraints(one.checked), **_objectives(one, goals, front)}
    return row.model_copy(update={**said, **beside})


def removed_row(one: Checked) -> Removed:
    """Return the row of a candidate that a constraint removed."""
    side = one.entrant.side
    row = Removed(
        full_name=side.name,
        run=reference(side),
        value=one.entrant.value.value,
        match=one.entrant.value.match,
        constraints=[_held(tested) for tested in one.constraints if tested.status != "meets"],
    )
    return row.model_copy(update=_together(side))


def apart_row(one: Out) -> Apart:
    """Return the row of a candidate that is not ranked."""
    row = Apart(
        full_name=one.name,
        run=None if one.side is None else reference(one.side),
        state=one.state,
        reached=one.reached,
        why=one.why,
    )
    return row if one.side is None else row.model_copy(update=_together(one.side))


def summaries(found: Order) -> list[ConstraintSummary]:
    """Return what each constraint removed, over all candidates at x."""
    everyone = [*(one.checked for one in found.placed), *found.removed]
    first = everyone[0].constraints if everyone else ()
    return [_summary(everyone, at) for at in range(len(first))]


def reference(side: KnownSide) -> str | None:
    """Return the reference to pass to the next call; None for runs put together."""
    return side.side.pattern if side.side.is_group else str(side.runs[0].ref)


def references(side: KnownSide) -> list[str]:
    """Return the references of runs that no single one leads to; none where one does."""
    return [str(run.ref) for run in side.runs] if reference(side) is None else []


def _summary(everyone: Sequence[Checked], at: int) -> ConstraintSummary:
    tested = [one.constraints[at] for one in everyone]
    alone = [
        one
        for one in everyone
        if [other.constraint for other in one.constraints if other.status != "meets"]
        == [one.constraints[at].constraint]
    ]
    statuses = [one.status for one in tested]
    return ConstraintSummary(
        metric=tested[0].constraint.metric,
        constraint=str(tested[0].constraint),
        meets=statuses.count("meets"),
        violates=statuses.count("violates"),
        unknown=statuses.count("unknown"),
        removed_alone=len(alone),
    )


def _together(side: KnownSide) -> dict[str, object]:
    runs = references(side)
    return {"runs": runs} if runs else {}


def _step(value: SideValue, side: KnownSide) -> float | None:
    if side.side.is_group:
        return None
    [point] = value.points.values()
    return point.step


def _found_how(value: SideValue) -> dict[str, object]:
    """Return how far the points lie from x that are not at it."""
    points = list(value.points.values())
    gaps = [point.gap for point in points if point.gap is not None]
    said: dict[str, object] = {"gap": derived(max(gaps))} if gaps else {}
    if len(points) == 1 and points[0].between is not None:
        said["between"] = points[0].between
    return said


def _seeds(entrant: Entrant) -> dict[str, object]:
    if not entrant.side.side.is_group:
        return {}
    value = entrant.value
    said: dict[str, object] = {"n": len(value.points)}
    if value.spread is not None:
        said["spread"] = derived(value.spread)
    if value.missing:
        said["not_counted"] = dict(value.missing)
    return said


def _told(one: Placed) -> dict[str, object]:
    """Return how a candidate stands to the first and to luck."""
    said: dict[str, object] = {} if one.shrunken is None else {"shrunken": derived(one.shrunken)}
    if one.distance is None:
        return said
    said |= {"behind": derived(one.distance.behind), "evidence": one.distance.evidence}
    if one.distance.adjusted_p is not None:
        said["adjusted_p"] = derived(one.distance.adjusted_p)
    return said


def _constraints(one: Checked) -> dict[str, object]:
    return {"constraints": [_held(tested) for tested in one.constraints]} if one.constraints else {}


def _held(tested: Tested) -> Held:
    found, constraint = tested.measured, tested.constraint
    slack = constraint.slack(found.value)
    row = Held(
        metric=constraint.metric,
        status=tested.status,
        value=found.value,
        slack=None if slack is None else derived(slack),
    )
    known = {"how": found.how, "x": found.x, "why": found.why}
    return row.model_copy(update={name: it for name, it in known.items() if it is not None})


def _objectives(one: Placed, goals: Sequence[Goal], front: Front | None) -> dict[str, object]:
    if front is None:
        return {}
    name = one.entrant.side.name
    values = {goal.name: value_of(one, goal).value for goal in goals}
    known = {metric: value for metric, value in values.items() if value is not None}
    said: dict[str, object] = {"objectives": known, "front": name in front.members}
    if front.dominated_by.get(name):
        said["dominated_by"] = front.dominated_by[name]
    if name in front.on_front:
        said["on_front"] = derived(front.on_front[name])
    return said
