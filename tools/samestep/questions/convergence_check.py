"""Whether a run still improves on a metric."""

from dataclasses import replace
from math import inf, isnan
from typing import TYPE_CHECKING

from samestep.answers.convergence import (
    Best,
    Convergence,
    ConvergenceAnswer,
    ConvergenceVerdict,
    CurveAt,
    ProjectedGain,
    Slope,
    TailPoint,
    Tolerance,
)
from samestep.answers.record import derived
from samestep.errors import NoSuchMetric
from samestep.phrases import number
from samestep.questions.arguments import Last, MetricName, RunName, XAxis
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.sides import known, legend_entry, reading_caveats
from samestep.resolve import Lookup, Side
from samestep.rules import RuleId
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from samestep.analysis.axis import Curve, RunAxis
    from samestep.analysis.converge import Convergence as Judged
    from samestep.analysis.roles import Character
    from samestep.model import Run

HELD = ", held within what the metric can be"

SHORT_OF: dict[str, tuple[RuleId, ...]] = {
    "unsettled": ("tail-shown",),
    "too_short": ("tail-shown",),
}
WORDS: dict[Convergence, str] = {
    "converged": "has converged",
    "plateaued": "has reached a plateau",
    "improving": "still improves",
    "diverging": "diverges",
    "undecided": "is undecided",
}
UNDER_THE_RATE = " under the current learning rate"


@checked
def convergence_check(
    run: RunName,
    metric: MetricName,
    x: XAxis = "auto",
    last: Last = 5,
    *,
    project: Project | None = None,
) -> ConvergenceAnswer:
    """Judge whether a run still improves on a metric, its last epochs shown.

    Raises:
        SamestepError: A run, metric or axis that is not there.
    """
    from samestep.analysis.choose import own_axis
    from samestep.analysis.converge import converge
    from samestep.analysis.ends import planned_end_of
    from samestep.analysis.finals import with_finals
    from samestep.analysis.naming import is_reward
    from samestep.analysis.schedule import schedule_open

    asked_in = project or Project.here()
    asked = Lookup(asked_in).one_side(run)
    read = with_finals(asked.runs[0])
    character = _character(read, metric, asked_in)
    axis = own_axis(x, read)
    curve = _curve(read, axis, character.metric)
    planned_end = planned_end_of(read, axis.name)
    judged = converge(
        curve,
        character.direction,
        planned_end=planned_end,
        schedule_open=schedule_open(read, axis, planned_end),
        kind="reward" if is_reward(character.metric) else "supervised",
    )
    side = replace(asked, runs=(read,))
    answer = _answer(side, asked_in, (character, axis, curve, judged, last))
    return validate(identified(answer, "cnv"))


def _character(run: "Run", metric: str, project: Project) -> "Character":
    """Return the one metric asked for, with its direction."""
    from samestep.analysis.roles import character
    from samestep.questions.metrics import Request

    request = Request.of([metric], None, {"downstream": None, "proxy": None}, project.settings)
    [wanted] = request.wanted
    names = list(run.history.metrics)
    if metric in names:
        name = metric
    elif wanted.pattern in names:
        name = wanted.pattern
    else:
        raise NoSuchMetric(metric, names, run.full_name)
    says = run.history.metrics[name].direction
    return character(name, request.declared, says, names=names)


def _curve(run: "Run", axis: "RunAxis", metric: str) -> "Curve":
    if metric not in axis.curves:
        why = axis.unplaced.get(metric, "it has no point")
        raise NoSuchMetric(
            f"{metric} on the axis {axis.name} ({why})", list(axis.curves), run.full_name
        )
    return axis.curves[metric]


Found = tuple["Character", "RunAxis", "Curve", "Judged", int]


def _answer(side: Side, project: Project, found: Found) -> ConvergenceAnswer:
    from samestep.analysis.ranges import room_left
    from samestep.questions.caveats.checkpoints import caveats_of_one

    character, axis, curve, judged, last = found
    [run] = side.runs
    [known_run] = known([side], project)
    kind = _kind(judged)
    tail = _tail(curve, axis.name, last)
    return ConvergenceAnswer(
        answer_id="",
        runs=[legend_entry(known_run, "run", {str(run.ref): axis.rule})],
        caveats=[*reading_caveats([side]), *caveats_of_one(side, axis)],
        reading=_reading(run.full_name, character.metric, axis.name, curve, (kind, judged)),
        curve=_curve_at(character, axis.name, curve, judged),
        tail=tail,
        state=judged.state,
        tolerance=Tolerance(
            part=judged.tolerance,
            value=None if judged.tolerated is None else derived(judged.tolerated),
            of="the improvement so far",
        ),
        best=judged.best and Best(value=judged.best.value, x=judged.best.x, step=judged.best.step),
        stalled=None if judged.stalled is None else derived(judged.stalled),
        projected_gain=_gains(judged, room_left(character.metric, character.direction, curve)),
        slope=_slope(judged),
        rule=judged.rule,
        why=list(judged.why),
        verdict=_verdict(run.full_name, character.metric, axis.name, curve, (kind, judged)),
    )


def _kind(judged: "Judged") -> Convergence:
    if judged.converged:
        return "converged"
    match judged.state:
        case "improving" | "plateaued" | "diverging" as state:
            return state
        case _:
            return "undecided"


def _curve_at(character: "Character", axis: str, curve: "Curve", judged: "Judged") -> CurveAt:
    from samestep.analysis.axis import unit_of

    return CurveAt(
        metric=character.metric,
        direction=character.direction,
        direction_why=character.direction_why,
        axis=axis,
        unit=unit_of(axis),
        current=float(curve.x[-1]),
        points=judged.points,
    )


def _tail(curve: "Curve", axis: str, last: int) -> list[TailPoint]:
    """Return the newest point of each of the last epochs, or the last points on another axis."""
    from samestep.analysis.align import Point, newest_point

    newest = float(curve.x[-1])
    if axis == "epoch":
        found = [newest_point(curve, newest - back) for back in range(last)]
        at = {one.x: one for one in found if isinstance(one, Point)}
        if len(at) >= last:
            points = [at[x] for x in sorted(at)]
            return [TailPoint(x=one.x, step=one.step, value=one.value) for one in points]
    return [
        TailPoint(x=float(x), step=None if isnan(step) else float(step), value=float(value))
        for x, step, value in zip(
            curve.x[-last:], curve.steps[-last:], curve.values[-last:], strict=True
        )
    ]


def _gains(judged: "Judged", room: float | None) -> list[ProjectedGain]:
    """Return the projected gains, none beyond what the metric can be."""
    from samestep.analysis.project import METHOD

    most = inf if room is None else room
    return [
        ProjectedGain(
            times=gain.times,
            x=derived(gain.x),
            gain=None if gain.value is None else derived(min(gain.value, most)),
            interval=gain.interval
            and (_held(gain.interval[0], most), _held(gain.interval[1], most)),
            method=f"{METHOD}{HELD if gain.interval and gain.interval[1] > most else ''}",
            why=gain.why,
        )
        for gain in judged.gains
    ]


def _held(gain: float, most: float) -> float:
    return derived(min(gain, most))


def _slope(judged: "Judged") -> Slope | None:
    slope = judged.slope
    if slope is None:
        return None
    low, high = slope.interval
    return Slope(
        per_x=derived(slope.per_x),
        interval=(derived(low), derived(high)),
        since=derived(slope.since),
    )


def _reading(
    run: str, metric: str, axis: str, curve: "Curve", found: tuple[Convergence, "Judged"]
) -> str:
    kind, judged = found
    newest = f"{axis} {number(float(curve.x[-1]))}"
    value = number(float(curve.values[-1]))
    under = UNDER_THE_RATE if kind == "plateaued" and judged.schedule_open else ""
    return f"At {newest} {run} has {value} on {metric}, which {WORDS[kind]}{under}."


def _verdict(
    run: str, metric: str, axis: str, curve: "Curve", found: tuple[Convergence, "Judged"]
) -> ConvergenceVerdict:
    kind, judged = found
    place = f"{axis} {number(float(curve.x[-1]))}"
    because = f": {judged.rule}" if judged.rule else ""
    return ConvergenceVerdict(
        kind=kind,
        blocked_by=list(SHORT_OF.get(judged.state or "", ())),
        text=f"At {place} {metric} of {run} {WORDS[kind]}{because}.",
    )
