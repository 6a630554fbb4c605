"""Rows, metrics and statistics of one run, as answers hold them."""

from samestep.analysis.axis import RunAxis, unit_of
from samestep.analysis.naming import direction_by_name
from samestep.analysis.table import Statistics, Table, joined, statistics
from samestep.answers.history import Axis, SchemaRow, StatsRow
from samestep.model import Run

X_AND_STEP = ["x", "step"]
"""The first columns of every row."""


def numbers(table: Table) -> list[list[float | None]]:
    """Return rows as numbers, None where nothing was logged."""
    known = [[True] * len(table), (table.step == table.step).tolist()]
    logged = [*known, *(points.tolist() for points in table.logged.values())]
    columns = [table.x.tolist(), table.step.tolist(), *(v.tolist() for v in table.columns.values())]
    by_row = zip(zip(*columns, strict=True), zip(*logged, strict=True), strict=True)
    return [
        [value if there else None for value, there in zip(values, points, strict=True)]
        for values, points in by_row
    ]


def schema_row(run: Run, axis: RunAxis | None, name: str) -> SchemaRow:
    """Return one metric that a run logged."""
    metric = run.history.metrics[name]
    curve = axis.curves.get(name) if axis else None
    found = statistics(joined({name: curve}), name) if curve else None
    return SchemaRow(
        metric=name,
        points=len(metric.values),
        first_x=found.first_x if found else None,
        last_x=found.last_x if found else None,
        min=found.least if found else None,
        max=found.most if found else None,
        direction=metric.direction or direction_by_name(name),
    )


def stats_row(name: str, found: Statistics) -> StatsRow:
    """Return what a column amounts to."""
    p10, p25, p50, p75, p90 = found.percentiles or (None,) * 5
    return StatsRow(
        metric=name,
        points=found.points,
        not_finite=found.not_finite,
        first_x=found.first_x,
        last_x=found.last_x,
        min=found.least,
        max=found.most,
        p10=p10,
        p25=p25,
        p50=p50,
        p75=p75,
        p90=p90,
    )


def axis_of(axis: RunAxis | None) -> Axis | None:
    """Return an axis as answers tell it."""
    return axis and Axis(axis=axis.name, unit=unit_of(axis.name), current=axis.newest)
