"""Conditions over rows, and columns derived from others."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import RunAxis
from samestep.analysis.table import Table
from samestep.errors import BadArgument
from samestep.expressions import derived as derived_values
from samestep.expressions import matching, parse

if TYPE_CHECKING:
    from samestep.model import Floats

Notes = list[str]


def derived(table: Table, derive: Mapping[str, str], axis: RunAxis | None) -> tuple[Table, Notes]:
    """Return the table with every derived column, and what is to be known of them.

    Raises:
        BadArgument: A derived column has the name of one there is.
        BadExpression: The text is no arithmetic over the columns.
    """
    notes: Notes = []
    for name, text in derive.items():
        columns = _columns(table, axis)
        if name in columns:
            raise BadArgument("derive", name, "names that no column has yet")
        found = derived_values(parse(text, columns.keys(), f"derive[{name!r}]"), columns)
        table = table.with_column(name, np.array(found.values, dtype=np.float64))
        notes.extend(f"{name}: {note}." for note in found.notes)
        if found.missing:
            notes.append(
                f"{name} has no value in {found.missing} rows: a metric it needs is not logged there, "
                "or the arithmetic has no result."
            )
    return table, notes


def holding(table: Table, where: str | None, axis: RunAxis | None) -> tuple[Table, Notes]:
    """Return the rows in which a condition holds; where a fact is missing it does not.

    Raises:
        BadExpression: The text is no condition over the columns.
    """
    if where is None:
        return table, []
    columns = _columns(table, axis)
    found = matching(parse(where, columns.keys(), "where", gives="truth"), columns)
    notes = [f"where: {note}." for note in found.notes]
    if found.missing:
        notes.append(f"where: {found.missing} rows lack a value it asks for, and are left out.")
    return table.at(found.values), notes


def _columns(table: Table, axis: RunAxis | None) -> "dict[str, Floats]":
    """Return what an expression may name: x, the axis by its own name, step, every metric."""
    own = {} if axis is None else {axis.name: table.x}
    return {"x": table.x, "step": table.step, **own, **table.columns}
