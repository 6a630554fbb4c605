"""neptune-query's tables as plain values: a run's attributes, and points of its series."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from samestep.formats.neptune.held import Points, Value
from samestep.formats.neptune.rows import by_time

if TYPE_CHECKING:
    import pandas as pd

SINGLE = ("bool", "datetime", "float", "int", "string", "string_set")
SERIES: Literal["float_series"] = "float_series"


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says of one run."""

    attributes: dict[str, Value] = field(default_factory=dict[str, Value])
    newest: dict[str, float] = field(default_factory=dict[str, float])
    """The newest value of each series; one that is NaN cannot be told from a series not there."""


def rows_of(table: "pd.DataFrame") -> dict[str, Row]:
    """Return a table's rows by run id; its columns are named `<path>:<type>`."""
    rows = {str(run): Row() for run in table.index}
    for column in map(str, table.columns):
        path, _, kind = column.rpartition(":")
        cells = cast("list[object]", table[column].tolist())
        for row, cell in zip(rows.values(), cells, strict=True):
            if kind == SERIES:
                if isinstance(cell, float) and not np.isnan(cell):
                    row.newest[path] = cell
            elif (value := _value(cell, kind)) is not None:
                row.attributes[path] = value
    return rows


def series_in(table: "pd.DataFrame") -> list[str]:
    """Return the series of the runs in a table, sorted: those that one has, or more."""
    parts = (str(column).rpartition(":") for column in table.columns)
    return sorted(path for path, _, kind in parts if kind == SERIES)


def points_of(tables: Sequence["pd.DataFrame"]) -> tuple[dict[str, Points], int]:
    """Return the points of the series in tables of metrics, and how many previews are left out.

    Every series has the columns `value`, `absolute_time`, `is_preview`; where it has no point,
    they are empty, so that a point whose value is NaN is told by its time.
    """
    steps: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    values: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    times: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    names: list[str] = []
    previews = 0
    for table in tables:
        at = np.asarray(table.index.get_level_values("step"), np.float64)
        for name in dict.fromkeys(str(path) for path, _ in table.columns):
            moments = table[name, "absolute_time"]
            is_there = np.asarray(moments.notna())
            is_preview = is_there & np.asarray(table[name, "is_preview"] == True)  # noqa: E712 # cells may be missing
            previews += int(is_preview.sum())
            kept = is_there & ~is_preview
            if kept.any():
                names.append(name)
                steps.append(at[kept])
                values.append(np.asarray(table[name, "value"], np.float64)[kept])
                times.append(_seconds(moments[kept]))
    points = map(Points, steps, values, times, by_time(steps, times))
    return dict(zip(names, points, strict=True)), previews


def _seconds(moments: "pd.Series[pd.Timestamp]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    plain = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(plain, "datetime64[ms]").astype(np.int64) / 1e3


def _value(cell: object, kind: str) -> Value | None:
    """Return a cell's value; a column with gaps holds whole numbers as floats, and NaN in them."""
    if isinstance(cell, float):
        if kind == "int":
            return None if np.isnan(cell) else int(cell)
        return cell if kind == "float" and not np.isnan(cell) else None
    if isinstance(cell, set | frozenset | list):
        strings = cast("set[object] | frozenset[object] | list[object]", cell)
        return tuple(sorted(map(str, strings)))
    if isinstance(cell, datetime):
        # A moment of pandas, of which a gap is one too: it is not equal to itself.
        return datetime.fromisoformat(cell.isoformat()) if cell == cell else None  # noqa: PLR0124
    return cell if isinstance(cell, str | int) else None
