"""A run's history from the columns of its rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from samestep.formats.wandb_log import Definition, of_metric
from samestep.model import Final, History, Metric, ReadReport, StepMeaning
from samestep.readers.facts import epoch_length
from samestep.readers.wandb.online.columns import Column
from samestep.readers.wandb.online.definitions import declared_axes, definitions
from samestep.readers.wandb.online.fetching import Rows
from samestep.readers.wandb.online.nodes import RunNode, is_metric, numbers
from samestep.readers.wandb.writers import (
    ROW_COUNTER,
    STEP,
    TIME,
    counts_epochs,
    counts_log_calls,
    epoch_counter,
    step_name,
)

HOW = "W&B history"
MOSTLY = 1.5  # steps for each row, up to which a counter of rows is one, some rows being lost


def history_of(node: RunNode, rows: Rows, unread: frozenset[str]) -> History:
    """Return a run's history; a row is one log call, numbered by its `_step`."""
    names = sorted(name for name in rows.columns if is_metric(name))
    every = {*names, *unread}
    defined = definitions(node.internals)
    axis = _StepAxis.of(every, defined, is_row_counter=_counts_log_calls(node, rows, unread))
    return History(
        metrics={name: axis.metric(rows.columns, name, defined) for name in names},
        read=ReadReport(HOW, rows.losses),
        epochs=epoch_counter(every, declared_axes(defined)),
        steps_per_epoch=epoch_length(node.config, every),
        row_counter=axis.row_counter,
        steps_carry=axis.name != STEP,
        unread=unread,
    )


def finals_of(node: RunNode, history: History) -> Mapping[str, Final]:
    """Return the numbers of the summary that no row of the history holds.

    What W&B makes of a metric itself (its last value, its minimum and maximum) is none of them.
    """
    known = {*history.metrics, *history.unread, *node.counts}
    return {
        name: Final(value, f"summary: {name}")
        for name, value in numbers(node.summary)
        if is_metric(name) and not _lies_at(name, known)
    }


@dataclass(frozen=True, slots=True)
class _StepAxis:
    """Where the step of a row stands."""

    name: str
    """The key that holds it."""
    counts: StepMeaning = "steps"
    row_counter: str | None = None

    @classmethod
    def of(
        cls,
        names: Collection[str],
        defined: Sequence[Definition],
        *,
        is_row_counter: bool,
    ) -> Self:
        own = step_name(names, declared_axes(defined))
        if own is not None:
            return cls(own)
        if counts_epochs(names):
            return cls(STEP, counts="epochs, first is 1")
        return cls(STEP, row_counter=ROW_COUNTER if is_row_counter else None)

    def metric(
        self, columns: Mapping[str, Column], name: str, defined: Sequence[Definition]
    ) -> Metric:
        """Return one column as a metric."""
        rows = columns[name].steps
        times = columns.get(TIME, Column.empty()).at(rows)
        said = of_metric(name, defined)
        step = columns.get(self.name, Column.empty())
        return Metric(
            name=name,
            steps=rows.astype(np.float64) if self.name == STEP else step.at(rows),
            values=columns[name].values,
            rows=rows,
            times=None if np.isnan(times).all() else times,
            counts=self.counts,
            direction=said.direction if said else None,
        )


def _counts_log_calls(node: RunNode, rows: Rows, unread: frozenset[str]) -> bool:
    """Return whether `_step` only counts rows; of a part of the rows, the server's count tells."""
    if unread and node.lines:
        return node.last_step < MOSTLY * node.lines
    steps = [column.steps for column in rows.columns.values()]
    every = np.unique(np.concatenate([Column.empty().steps, *steps]))
    return counts_log_calls(every.astype(np.float64))


def _lies_at(name: str, known: set[str]) -> bool:
    """Return whether a dotted key is one of these, or lies below one."""
    parts = name.split(".")
    return any(".".join(parts[: number + 1]) in known for number in range(len(parts)))
