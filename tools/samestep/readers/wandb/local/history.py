"""A run's history from its rows: metrics with their steps, the epoch counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.formats.wandb_log import Column, of_metric
from samestep.model import History, Metric, ReadReport, StepMeaning
from samestep.readers.wandb.local.rows import Rows, values_at
from samestep.readers.wandb.writers import (
    ROW_COUNTER,
    STEP,
    TIME,
    counts_epochs,
    counts_log_calls,
    epoch_counter,
    step_name,
)

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

MACHINE = "system."
"""What stands before the names of W&B's measurements of the machine."""
STARTS_AGAIN = (
    "W&B's row counter `_step` starts at 0 again where the run was resumed offline, "
    "and the run logs no step of its own"
)
_MOST_NAMED = 3


def history(rows: Rows, read: ReadReport) -> History:
    """Return what rows say over time."""
    names = sorted(name for name in rows.columns if not name.startswith("_"))
    axis = _StepAxis.of(rows, names)
    declared = _declared(rows)
    return History(
        metrics={
            **{name: axis.metric(rows, name) for name in names},
            **_measurements(rows.machine),
        },
        read=read,
        epochs=epoch_counter(names, declared),
        row_counter=axis.row_counter,
        steps_carry=axis.name not in {STEP, None},
        stepless=axis.stepless,
    )


def no_numbers(rows: Rows) -> tuple[str, ...]:
    """Return a sentence for the values of metrics that are no numbers."""
    counts = {name: count for name, count in rows.others.items() if name in rows.columns}
    if not counts:
        return ()
    total = sum(counts.values())
    more = f" and {len(counts) - _MOST_NAMED} more" if len(counts) > _MOST_NAMED else ""
    named = f"{', '.join(sorted(counts)[:_MOST_NAMED])}{more}"
    values = (
        "1 value that is no number was"
        if total == 1
        else f"{total} values that are no numbers were"
    )
    return (f"{values} left out of {named}.",)


@dataclass(frozen=True, slots=True)
class _StepAxis:
    """Where the step of a row stands."""

    name: str | None
    """The key that holds it; None where nothing in a row is a step."""
    counts: StepMeaning = "steps"
    row_counter: str | None = None
    stepless: str | None = None

    @classmethod
    def of(cls, rows: Rows, names: list[str]) -> Self:
        own = step_name(names, _declared(rows))
        if own is not None:
            return cls(own)
        if rows.starts_again:
            return cls(None, stepless=STARTS_AGAIN)
        if counts_epochs(names):
            return cls(STEP, counts="epochs, first is 1")
        counter = rows.columns.get(STEP)
        if counter is None or not counts_log_calls(counter.values):
            return cls(STEP)
        return cls(STEP, row_counter=ROW_COUNTER)

    def metric(self, rows: Rows, name: str) -> Metric:
        """Return one key's numbers as a metric."""
        column = rows.columns[name]
        said = of_metric(name, rows.definitions)
        return Metric(
            name=name,
            steps=self._steps(rows, column.rows),
            values=column.values,
            rows=column.rows,
            times=_times(rows.columns, column.rows),
            counts=self.counts,
            direction=said.direction if said else None,
        )

    def _steps(self, rows: Rows, at: "Integers") -> "Floats":
        if self.name is None:
            return np.full(len(at), np.nan)
        return values_at(rows.columns, self.name, at)


def _declared(rows: Rows) -> set[str]:
    """Return the keys that the run's own definitions make the x-axis of others."""
    return {one.step_metric for one in rows.definitions if one.step_metric is not None}


def _measurements(machine: Mapping[str, Column]) -> Mapping[str, Metric]:
    """Return what was measured of the machine: on a clock of its own, so by its times alone."""
    return {
        f"{MACHINE}{name}": Metric(
            name=f"{MACHINE}{name}",
            steps=np.full(len(column.rows), np.nan),
            values=column.values,
            rows=column.rows,
            times=_times(machine, column.rows),
        )
        for name, column in sorted(machine.items())
        if name != TIME
    }


def _times(columns: Mapping[str, Column], rows: "Integers") -> "Floats | None":
    times = values_at(columns, TIME, rows)
    return None if np.isnan(times).all() else times
