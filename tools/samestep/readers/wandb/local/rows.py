"""The rows of all logs of one run, one after the other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.wandb_log import Column, Definition, Log
from samestep.readers.wandb.writers import STEP

if TYPE_CHECKING:
    from samestep.model import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of one run; their numbers go on from log to log."""

    columns: Mapping[str, Column]
    machine: Mapping[str, Column]
    others: Mapping[str, int]
    """How many values under a key are neither numbers nor null."""
    definitions: tuple[Definition, ...]
    """What was said of the run's metrics, the newest word last."""
    starts_again: bool
    """Whether W&B's counter starts at 0 again in a later log."""


def joined(logs: Sequence[Log], starting_steps: Sequence[int]) -> Rows:
    """Join logs in the order they were begun.

    Args:
        logs: The logs of one run.
        starting_steps: How many steps the run had when each was begun, as far as W&B's server
            said it; a log that was resumed offline counts from 0 whatever it is.
    """
    columns = [
        _shifted(log.columns, start) for log, start in zip(logs, starting_steps, strict=True)
    ]
    firsts = np.cumsum([0, *(log.row_count for log in logs)]).tolist()
    said = {(one.is_pattern, one.name): one for log in logs for one in log.definitions}
    return Rows(
        columns=_concatenated(zip(columns, firsts, strict=False)),
        machine=_concatenated(zip([log.machine for log in logs], firsts, strict=False)),
        others=sum((Counter(log.others) for log in logs), Counter[str]()),
        definitions=tuple(said.values()),
        starts_again=_starts_again([one[STEP] for one in columns if STEP in one]),
    )


def values_at(columns: Mapping[str, Column], name: str, rows: "Integers") -> "Floats":
    """Return what each row holds under a key; NaN where it holds nothing."""
    column = columns.get(name)
    if column is None:
        return np.full(len(rows), np.nan)
    if np.array_equal(column.rows, rows):
        return column.values
    at = np.maximum(np.searchsorted(column.rows, rows, side="right") - 1, 0)
    return np.where(column.rows[at] == rows, column.values[at], np.nan)


def _shifted(columns: Mapping[str, Column], start: int) -> Mapping[str, Column]:
    """Count W&B's steps on from where the run was resumed, where the log counts them from 0."""
    counted = columns.get(STEP)
    if counted is None or not counted.values[0] < start:
        return columns
    return {**columns, STEP: Column(counted.values + start, counted.rows)}


def _starts_again(counters: Sequence[Column]) -> bool:
    return any(float(later.values[0]) == 0.0 for later in counters[1:])


def _concatenated(
    parts: Iterable[tuple[Mapping[str, Column], int]],
) -> Mapping[str, Column]:
    """Join the columns of several logs, the rows of each numbered from its first on."""
    found: dict[str, list[Column]] = {}
    for columns, first in parts:
        for name, column in columns.items():
            found.setdefault(name, []).append(Column(column.values, column.rows + first))
    return {
        name: Column(
            np.concatenate([column.values for column in columns]),
            np.concatenate([column.rows for column in columns]),
        )
        for name, columns in found.items()
    }
