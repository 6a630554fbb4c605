"""Candidates at one x: who has a value there, and who stands apart and why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.choose import Chosen
from samestep.analysis.comparable import Party
from samestep.analysis.compare import Member, SideValue
from samestep.analysis.copies import once_a_seed, without_copies
from samestep.analysis.ranking.axis import most_shared_axis
from samestep.analysis.ranking.distances import reach, side_at, usual_x
from samestep.analysis.significance.factors import BY_NAMES, folds_of, tasks_of
from samestep.errors import BadArgument
from samestep.model import Run
from samestep.phrases import number
from samestep.progress import tell
from samestep.questions.ranking.candidates import Candidates
from samestep.questions.ranking.entrants import Entrant, Out
from samestep.questions.ranking.same_definition import measured_alike
from samestep.questions.sides import KnownSide

SAME_X = 1e-9  # relative


@dataclass(frozen=True, slots=True)
class Contest:
    """All candidates on one metric at one x."""

    metric: str
    chosen: Chosen
    x: float
    why: str
    """Why this x."""
    newest: float
    """The newest x that a candidate has reached."""
    entrants: tuple[Entrant, ...]
    apart: tuple[Out, ...]


def contest(found: Candidates, metric: str, at: float | None) -> Contest:
    """Stand every candidate at one x.

    Raises:
        BadArgument: Nobody has reached the x asked for, or the metric has no history.
    """
    apart = [Out(lost.where, lost.why) for lost in found.unreadable]
    logging = _logging(found.sides, metric, apart)
    runs = [run for side in logging for run in side.runs if metric in run.history.metrics]
    chosen, without = most_shared_axis(runs, metric)
    members = {id(side): _members(side, metric, chosen, without) for side in logging}
    reached = {key: reach(of_side) for key, of_side in members.items()}
    known = [x for x in reached.values() if x is not None]
    if not known:
        raise BadArgument("metric", metric, f"a metric with a place on the axis {chosen.name}")
    x, why = _x(at, known, chosen.name)
    entrants: list[Entrant] = []
    for done, side in enumerate(logging):
        tell("standing candidates at x", done, len(logging))
        value = side_at(members[id(side)], x)
        if isinstance(value, SideValue) and math.isfinite(value.value):
            party = Party.of(side.name, side.runs)
            entrants.append(Entrant(side, members[id(side)], value, party))
        else:
            apart.append(Out(side.name, _why(value), side, reached[id(side)]))
    alike, others = measured_alike(entrants, metric, x)
    apart.extend(Out(one.side.name, why, one.side, reached[id(one.side)]) for one, why in others)
    return Contest(metric, chosen, x, why, max(known), tuple(alike), tuple(apart))


def _logging(sides: Sequence[KnownSide], metric: str, apart: list[Out]) -> list[KnownSide]:
    """Return the candidates that logged the metric over time, and note the others."""
    logging: list[KnownSide] = []
    for side in sides:
        if any(metric in run.history.metrics for run in side.runs):
            logging.append(side)
        else:
            apart.append(Out(side.name, _never(side.runs, metric), side))
    if not logging:
        takes = "a metric that is logged over time; this one stands at no x"
        raise BadArgument("metric", metric, takes)
    return logging


def _never(runs: Sequence[Run], metric: str) -> str:
    finals = [run.finals[metric] for run in runs if metric in run.finals]
    return f"logged once, without a step ({finals[0].origin})" if finals else "not logged"


def _members(
    side: KnownSide, metric: str, chosen: Chosen, without: Mapping[str, str]
) -> tuple[Member, ...]:
    names = [run.full_name for run in side.runs]
    members = [
        Member(
            run.full_name if names.count(run.full_name) == 1 else f"{run.full_name} ({run.ref})",
            run.seed,
            curve_of(run, metric, chosen, without),
        )
        for run in side.runs
    ]
    kept = without_copies(members)
    return tuple(kept if _seeds_come_again(side.runs) else once_a_seed(kept))


def _seeds_come_again(runs: Sequence[Run]) -> bool:
    """Return whether one seed may count several times: on another task, or another fold.

    Names of runs that all have one seed tell no tasks.
    """
    tasks = tasks_of([runs])
    told = tasks is not None and (tasks.by != BY_NAMES or len({run.seed for run in runs}) > 1)
    return told or folds_of(runs) is not None


def curve_of(
    run: Run, metric: str, chosen: Chosen, without: Mapping[str, str] | None = None
) -> Curve | Absent:
    """Return a run's curve of a metric on the axis, or why there is none."""
    ref = str(run.ref)
    if without and ref in without:
        return Absent(f"no axis {chosen.name}: {without[ref]}")
    axis = chosen.axes.get(ref)
    if axis is not None and metric in axis.curves:
        return axis.curves[metric]
    if axis is not None and metric in axis.unplaced:
        return Absent(axis.unplaced[metric])
    return Absent(_never([run], metric))


def _x(asked: float | None, reached: Sequence[float], axis: str) -> tuple[float, str]:
    newest = max(reached)
    if asked is None:
        x = usual_x(reached)
        count = sum(one >= x for one in reached)
        return x, f"the newest that at least half have reached ({count} of {len(reached)})"
    if asked > newest + SAME_X * max(1.0, abs(newest)):
        takes = f"an x that a candidate has reached: the newest is {axis} {number(newest)}"
        raise BadArgument("at", asked, takes)
    return asked, "asked for"


def _why(value: SideValue | Absent) -> str:
    if isinstance(value, Absent):
        return value.why
    return f"its value there is {number(value.value)}"
