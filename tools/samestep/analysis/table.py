"""Curves of one run side by side: one row per x, one column per metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve

if TYPE_CHECKING:
    from samestep.model import Floats

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

PERCENTILES = (10, 25, 50, 75, 90)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows ascending in x; every array has the shape (rows,), NaN where nothing was logged."""

    x: "Floats"
    step: "Floats"
    columns: Mapping[str, "Floats"]
    logged: Mapping[str, "Mask"]
    """Where each column has a point: a NaN that was logged is a value."""

    def __len__(self) -> int:
        return len(self.x)

    def at(
        self, rows: "Sequence[int] | Mask | np.ndarray[tuple[int], np.dtype[np.int64]]"
    ) -> "Table":
        """Return some of the rows."""
        return Table(
            self.x[rows],
            self.step[rows],
            {name: values[rows] for name, values in self.columns.items()},
            {name: points[rows] for name, points in self.logged.items()},
        )

    def only(self, names: Sequence[str]) -> "Table":
        """Return some of the columns, in the order of the names."""
        return Table(
            self.x,
            self.step,
            {name: self.columns[name] for name in names},
            {name: self.logged[name] for name in names},
        )

    def with_column(self, name: str, values: "Floats") -> "Table":
        """Return the table with one column more; NaN in it means that it has no value there."""
        return Table(
            self.x,
            self.step,
            {**self.columns, name: values},
            {**self.logged, name: ~np.isnan(values)},
        )

    def with_values(self) -> "Table":
        """Return the rows in which at least one column has a point."""
        points = list(self.logged.values())
        return self.at(np.any(points, axis=0)) if points else self.at([])


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one metric's points amount to; None where no point is finite."""

    points: int
    not_finite: int
    first_x: float | None
    last_x: float | None
    least: float | None
    most: float | None
    percentiles: tuple[float, ...] | None
    """p10, p25, p50, p75 and p90, interpolated linearly between points."""


def joined(curves: Mapping[str, Curve]) -> Table:
    """Return the curves on the x of all of them."""
    x = np.unique(np.concatenate([curve.x for curve in curves.values()] or [np.zeros(0)]))
    step = np.full(len(x), np.nan)
    columns: dict[str, Floats] = {}
    logged: dict[str, Mask] = {}
    for name, curve in curves.items():
        rows = np.searchsorted(x, curve.x)
        columns[name] = np.full(len(x), np.nan)
        columns[name][rows] = curve.values
        logged[name] = np.zeros(len(x), dtype=bool)
        logged[name][rows] = True
        known = ~np.isnan(curve.steps)
        step[rows[known]] = curve.steps[known]
    return Table(x, step, columns, logged)


def statistics(table: Table, name: str) -> Statistics:
    """Return the exact statistics of one column over the table's rows."""
    points = table.logged[name]
    values, x = table.columns[name][points], table.x[points]
    finite = values[np.isfinite(values)]
    known = len(finite) > 0
    return Statistics(
        points=len(values),
        not_finite=len(values) - len(finite),
        first_x=float(x[0]) if len(x) else None,
        last_x=float(x[-1]) if len(x) else None,
        least=float(finite.min()) if known else None,
        most=float(finite.max()) if known else None,
        percentiles=tuple(map(float, np.percentile(finite, PERCENTILES))) if known else None,
    )


def sampled(table: Table, most: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return at most `most` rows to show: both ends, each column's extremes, the rest evenly."""
    if len(table) <= most:
        return np.arange(len(table))
    kept = dict.fromkeys([len(table) - 1, 0])
    for name, values in table.columns.items():
        rows = np.flatnonzero(table.logged[name] & np.isfinite(values))
        if len(rows):
            kept.update(
                dict.fromkeys(
                    [int(rows[np.argmin(values[rows])]), int(rows[np.argmax(values[rows])])]
                )
            )
    chosen = list(kept)[:most]
    others = np.setdiff1d(np.arange(len(table)), chosen)
    count = most - len(chosen)
    even = ((np.arange(count) + 0.5) * len(others) / max(count, 1)).astype(np.int64)
    return np.sort(np.concatenate([np.array(chosen, dtype=np.int64), others[even]]))
