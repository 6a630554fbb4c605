"""What a candidate has of a metric beside the one it is ranked on: a cost, another objective."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis.align import Absent, Point, value_at
from samestep.analysis.choose import Chosen
from samestep.answers.ranking import How
from samestep.model import Run
from samestep.questions.ranking.at_one_x import curve_of
from samestep.questions.ranking.entrants import Entrant

MOST_DIRECT: tuple[How, ...] = ("exact", "interpolated", "nearest", "once", "final")


@dataclass(frozen=True, slots=True)
class Measured:
    """One candidate's value of a metric, the mean over its seeds; or why it has none."""

    value: float | None
    how: How | None = None
    """The least direct way in which a seed's value was found."""
    x: float | None = None
    """Where it stands, if not at x."""
    why: str | None = None
    """Why it is absent."""
    seeds: tuple[float, ...] = ()
    """The value of each seed that has one."""


@dataclass(frozen=True, slots=True)
class _Found:
    value: float
    how: How
    x: float | None = None


def measured(entrant: Entrant, metric: str, chosen: Chosen, x: float) -> Measured:
    """Return a metric of a candidate at x; what was logged once, before x, holds there too.

    A value without a step counts where the run is known to have finished.
    """
    found = [_of_run(entrant, run, metric, (chosen, x)) for run in entrant.counted]
    known = [one for one in found if isinstance(one, _Found)]
    if not known:
        reasons = dict.fromkeys(one.why for one in found if isinstance(one, Absent))
        return Measured(None, why="; ".join(reasons) or "not logged")
    return _mean(known)


def _mean(known: Sequence[_Found]) -> Measured:
    values = tuple(one.value for one in known)
    mean = math.fsum(values) / len(values) if all(map(math.isfinite, values)) else math.nan
    if math.isnan(mean):
        mean = values[0] if len(set(values)) == 1 else math.nan  # one infinity is its own mean
    ways: list[How] = [one.how for one in known]
    how = max(ways, key=MOST_DIRECT.index)
    places = {one.x for one in known}
    return Measured(mean, how, places.pop() if len(places) == 1 else None, None, values)


def _of_run(entrant: Entrant, run: Run, metric: str, at: tuple[Chosen, float]) -> _Found | Absent:
    chosen, x = at
    curve = curve_of(run, metric, chosen)
    if isinstance(curve, Absent):
        final = run.finals.get(metric)
        has_finished = entrant.side.states[str(run.ref)] == "finished"
        return _Found(final.value, "final") if final and has_finished else curve
    point = value_at(curve, x)
    if isinstance(point, Point):
        return _Found(point.value, point.match, None if point.match == "exact" else point.x)
    once = len(curve) == 1 and float(curve.x[0]) <= x
    return _Found(float(curve.values[0]), "once", float(curve.x[0])) if once else point
