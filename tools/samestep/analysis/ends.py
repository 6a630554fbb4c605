"""Where runs end, and whether a comparison stands there."""

from collections.abc import Sequence

from samestep.analysis.align import Absent, spacing
from samestep.analysis.axis import RunAxis
from samestep.analysis.compare import Member
from samestep.analysis.state import reached_plan
from samestep.model import Run

UNIT_OF_AXIS = {"epoch": "epochs", "step": "steps"}


def planned_end_of(run: Run, axis: str) -> float | None:
    """Return the x at which a run is planned to end; None where its plan has another unit."""
    if run.planned is None or run.planned.unit != UNIT_OF_AXIS.get(axis):
        return None
    return run.planned.length


def end_of(run: Run, axis: RunAxis, *, finished: bool) -> float | None:
    """Return the x at which a run ended; None while it has not, or nobody knows.

    A run with a plan ends where the plan does and has ended only when it got there, whatever its
    state says. A run without one ends where its history does, if it is known to have finished.
    """
    if run.planned is None:
        return axis.newest if finished else None
    if not reached_plan(run):
        return None
    if run.planned.unit == UNIT_OF_AXIS.get(axis.name):
        return max(axis.newest, run.planned.length)
    return axis.newest


def common_end(members: Sequence[Member], ends: Sequence[float | None], x: float) -> float | None:
    """Return x where it is the end of every member, else where the first of them ends.

    The last point of a metric may lie before the end of its run by half the metric's usual
    spacing: evaluations seldom fall on the very last step.

    Returns:
        None unless every member has ended.
    """
    reached: list[float] = []
    for member, end in zip(members, ends, strict=True):
        if end is None or isinstance(member.curve, Absent):
            return None
        within = (spacing(member.curve) or 0.0) / 2
        reached.append(x if abs(end - x) <= within else end)
    others = [end for end in reached if end != x]
    return min(others, default=x)
