"""Whether a run is still training, where its tracker does not say."""

from datetime import UTC, datetime

import numpy as np

from samestep.analysis.axis import Unplaced, run_axis
from samestep.analysis.naming import SYSTEM
from samestep.model import Glance, History, Run, State

ROUNDING = 1e-9  # relative; epochs completed are often a quotient
STILL_WARM = 600.0  # seconds since the newest record within which a run counts as running


def state_of(run: Run, now: datetime, *, known_finished: bool = False) -> State:
    """Return the tracker's word, else finished when the planned length is reached, else by time.

    Args:
        run: The run as read.
        now: The time of the question.
        known_finished: Whether the user's settings say that this run has finished.
    """
    if run.state != "unknown":
        return run.state
    if known_finished or reached_plan(run):
        return "finished"
    return _by_time(newest_record(run.history), now)


def glanced_state(glance: Glance, now: datetime, *, known_finished: bool = False) -> State:
    """Return the same of a run whose history was not read."""
    if glance.state != "unknown":
        return glance.state
    return "finished" if known_finished else _by_time(glance.written, now)


def glance_of(run: Run) -> Glance:
    """Return what a listing shows of a run that was read."""
    logged = {*run.history.metrics, *run.finals}
    return Glance(
        state=run.state,
        metrics=sum(not name.startswith(SYSTEM) for name in logged),
        newest={
            name: float(metric.values[-1])
            for name, metric in run.history.metrics.items()
            if len(metric.values)
        },
        epoch=newest_on(run.history, "epoch"),
        step=newest_on(run.history, "step"),
        written=newest_record(run.history),
        config=run.config,
        seed=run.seed,
        group=run.group,
        tags=run.tags,
    )


def reached_plan(run: Run) -> bool:
    """Return whether the history reaches the planned length; a first step of 0 counts as one."""
    if run.planned is None:
        return False
    if run.planned.unit == "epochs":
        reached = newest_on(run.history, "epoch")
        return reached is not None and reached >= run.planned.length * (1.0 - ROUNDING)
    reached = newest_on(run.history, "step")
    return reached is not None and reached >= run.planned.length - 1


def newest_on(history: History, axis: str) -> float | None:
    """Return the newest x a run has reached on an axis; None where it has no such axis."""
    placed = run_axis(history, axis)
    return None if isinstance(placed, Unplaced) else placed.newest


def _by_time(newest: datetime | None, now: datetime) -> State:
    fresh = newest is not None and abs((now - newest).total_seconds()) <= STILL_WARM
    return "running" if fresh else "unknown"


def newest_record(history: History) -> datetime | None:
    """Return when the newest point was written; None where the format does not say."""
    newest = [
        float(np.nanmax(metric.times))
        for metric in history.metrics.values()
        if metric.times is not None and np.isfinite(metric.times).any()
    ]
    try:
        return datetime.fromtimestamp(max(newest), UTC) if newest else None
    except (OverflowError, ValueError, OSError):  # a clock far outside the calendar
        return None
