"""MLflow's points as a run's history."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.mlflow_records import Points
from samestep.model import History, Metric, ReadReport

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

SYSTEM = "system/"
FIRST_MILLISECONDS = 1e11
"""Timestamps below are seconds: clients before MLflow 1.2 wrote them (mlflow#1798, #1177)."""
ONLY_SYSTEM = "only system metrics are logged, and they count their own samples"


def history_of(
    points: Mapping[str, Points], read: ReadReport, steps_per_epoch: float | None = None
) -> History:
    """Return the history of a run; what was logged at one time and step is one row."""
    steps = {name: _steps(name, logged) for name, logged in points.items()}
    rows = _rows(points, steps)
    metrics = {
        name: Metric(name, steps[name], logged.values, rows[name], seconds(logged.timestamps))
        for name, logged in points.items()
    }
    only_system = bool(metrics) and all(map(is_system, metrics))
    return History(
        metrics,
        read,
        steps_per_epoch=steps_per_epoch,
        append_only=False,
        stepless=ONLY_SYSTEM if only_system else None,
    )


def is_system(metric: str) -> bool:
    """Return whether MLflow's monitor logs a metric: its steps number samples, not training."""
    return metric.startswith(SYSTEM)


def seconds(timestamps: "Floats") -> "Floats":
    """Return MLflow's timestamps as seconds since 1970."""
    return np.where(timestamps < FIRST_MILLISECONDS, timestamps, timestamps / 1000.0)


def _steps(name: str, points: Points) -> "Floats":
    return np.full(len(points.steps), np.nan) if is_system(name) else points.steps


def _rows(points: Mapping[str, Points], steps: Mapping[str, "Floats"]) -> dict[str, "Integers"]:
    """Number the log calls of a run by time, then by step."""
    if not points:
        return {}
    step = np.concatenate(list(steps.values()))
    time = np.concatenate([logged.timestamps for logged in points.values()])
    order = np.lexsort((step, time))
    again = np.equal(time[order][1:], time[order][:-1]) & _same(step[order][1:], step[order][:-1])
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(np.append(False, ~again)[: len(order)])
    ends = np.cumsum([len(logged.values) for logged in points.values()])
    return dict(zip(points, np.split(numbers, ends[:-1]), strict=True))


def _same(one: "Floats", other: "Floats") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return (one == other) | (np.isnan(one) & np.isnan(other))
