"""The columns that a condition over runs may speak of."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from samestep.answers.answer import Current
from samestep.expressions import parse
from samestep.model import Run, State
from samestep.readers.facts import leaves

Column = NDArray[np.float64] | NDArray[np.object_]
Facts = tuple[Run, State, Current]


def run_columns(runs: Sequence[Facts]) -> dict[str, Column]:
    """Return one column per fact: full_name, state, config.X, metric.X (newest value) and so on."""
    rows = [_facts(*run) for run in runs]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: _column([row.get(name) for row in rows]) for name in names}


def holding(where: str, columns: Mapping[str, Column], count: int) -> list[bool]:
    """Return for each run whether the condition holds; a run without the fact does not match."""
    if not count:
        return []
    condition = parse(where, columns.keys(), "where")
    return [bool(holds) for holds in condition.over(columns).values]


def _facts(run: Run, state: State, current: Current) -> dict[str, object]:
    newest = {
        f"metric.{name}": float(metric.values[-1])
        for name, metric in run.history.metrics.items()
        if len(metric.values)
    }
    return {
        "full_name": run.full_name,
        "state": state,
        "started": run.head.started.isoformat() if run.head.started else None,
        "seed": run.seed,
        "group": run.group,
        "tags": ",".join(run.tags),
        "current.epoch": current.epoch,
        "current.step": current.step,
        **{f"config.{key}": value for key, value in leaves(run.config)},
        **newest,
    }


def _column(values: Sequence[object]) -> Column:
    """Return numbers as a column of numbers, anything else as text."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        numbers = [np.nan if value is None else float(str(value)) for value in map(_plain, values)]
        return np.array(numbers, dtype=np.float64)
    texts = [None if value is None else str(value) for value in values]
    return np.array(texts, dtype=np.object_)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, bool) else value
