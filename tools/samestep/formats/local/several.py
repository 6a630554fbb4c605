"""The runs of a file that holds several, each under what tells it apart from the others.

A run of such a file is called `<file>?<column>=<value>`, as in `walker-run.csv?seed=3`, with `&`
between several columns; runs that follow one another in a text log are `?run=1`, `?run=2`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.local.log import Log
from samestep.model import Metric

if TYPE_CHECKING:
    from samestep.model import Integers

MARK = "?"
MOST_RUNS = 1_000  # of one file; a column with more values counts something else
RUN_COLUMNS = ("run_id", "run", "model", "task", "method", "fold", "seed", "run_name")
"""Columns whose values tell the runs of one file apart; what can be spared is dropped in order."""
ESCAPED = str.maketrans({"%": "%25", "/": "%2F", "\\": "%5C", "&": "%26"})
"""What would make a value look like a path or like two values."""


def label(values: Mapping[str, str]) -> str:
    """Return what stands after the mark in a run's id: `method=sac&seed=3`."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in values.items())


def numbered(logs: Iterable[Log]) -> dict[str, Log]:
    """Return the runs that follow one another in a file under their numbers, counted from 1."""
    return {label({"run": str(number)}): log for number, log in enumerate(logs, start=1)}


def split(log: Log, columns: Mapping[str, list[str]]) -> dict[str, Log]:
    """Return the runs of a table by the columns that tell runs apart; empty where it holds one.

    Args:
        log: The whole table as one log.
        columns: The value in every row, "" where there is none, of each such column.
    """
    varying = {name: values for name, values in columns.items() if len(set(values)) > 1}
    if not varying:
        return {}
    codes = {name: _codes(values) for name, values in varying.items()}
    needed = _needed(codes)
    _, first_rows, groups = np.unique(
        _combined([codes[name] for name in needed]), return_index=True, return_inverse=True
    )
    if len(first_rows) > MOST_RUNS or _counts_rows(log, groups):
        return {}
    first: list[int] = first_rows.tolist()
    parts = _by_group(log.metrics, groups, len(first))
    runs: dict[str, Log] = {}
    for row, metrics in zip(first, parts, strict=True):
        named = {name: values[row] for name, values in columns.items()}
        measured = {name: metric for name, metric in metrics.items() if name not in varying}
        common = {name: value for name, value in log.config.items() if name not in varying}
        run = _run(replace(log, config=common), measured, named)
        runs[label({name: named[name] for name in needed})] = run
    return runs if len(runs) == len(first) else {}


def _escaped(text: str) -> str:
    printable = (letter if letter.isprintable() else " " for letter in text)
    return "".join(printable).translate(ESCAPED)


def _codes(values: Sequence[str]) -> "Integers":
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _needed(codes: Mapping[str, "Integers"]) -> list[str]:
    """Return the fewest columns that still tell all runs apart."""
    needed = sorted(codes, key=lambda name: RUN_COLUMNS.index(name.lower()))
    runs = _count([codes[name] for name in needed])
    for name in list(needed):
        others = [other for other in needed if other != name]
        if others and _count([codes[other] for other in others]) == runs:
            needed = others
    return needed


def _combined(codes: Sequence["Integers"]) -> "Integers":
    """Return one number for each row, equal where the rows are equal in every column."""
    combined = codes[0]
    for column in codes[1:]:
        _, combined = np.unique(combined * (int(column.max()) + 1) + column, return_inverse=True)
    return combined


def _count(codes: Sequence["Integers"]) -> int:
    return len(np.unique(_combined(codes)))


def _counts_rows(log: Log, groups: "Integers") -> bool:
    """Return whether a column only goes along with the steps of one run, as a re-drawn seed does."""
    if len(np.unique(groups)) < len(groups):
        return False
    longest = max(log.metrics.values(), key=lambda metric: len(metric.steps), default=None)
    return longest is not None and bool((np.diff(longest.steps) > 0).all())


def _by_group(
    metrics: Mapping[str, Metric], groups: "Integers", count: int
) -> list[dict[str, Metric]]:
    """Return the metrics of each group of rows, without those that it does not log."""
    parts: list[dict[str, Metric]] = [{} for _ in range(count)]
    for name, metric in metrics.items():
        of_points = groups[metric.rows]
        order = np.argsort(of_points, kind="stable")
        bounds = np.searchsorted(of_points[order], np.arange(1, count))
        for part, kept in zip(parts, np.split(order, bounds), strict=True):
            if len(kept):
                part[name] = _points(metric, kept)
    return parts


def _points(metric: Metric, kept: "Integers") -> Metric:
    return replace(
        metric,
        steps=metric.steps[kept],
        values=metric.values[kept],
        rows=metric.rows[kept],
        times=None if metric.times is None else metric.times[kept],
    )


def _run(log: Log, metrics: dict[str, Metric], named: Mapping[str, str]) -> Log:
    """Return one run of a table, with the values that name it as settings."""
    epochs = log.epochs if log.epochs is not None and log.epochs.metric in metrics else None
    settings = {
        name: int(value) if value.isdecimal() and str(int(value)) == value else value
        for name, value in named.items()
        if value
    }
    return replace(log, metrics=metrics, epochs=epochs, config={**settings, **log.config})
