"""The metrics of a run as columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.mlflow_database.connection import Database, Row
from samestep.formats.mlflow_database.schema import Schema, number, text
from samestep.formats.mlflow_records import Points, unclamped
from samestep.progress import tell

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

    Columns = tuple[Floats, Floats, Floats, Floats]


def points_of(
    database: Database, schema: Schema, run_id: str
) -> tuple[dict[str, Points], tuple[str, ...]]:
    """Return every metric of a run, and a sentence for what is no point.

    Raises:
        NotReadable: SQLite refuses.
    """
    step, is_nan = schema.column("metrics", "step", "0"), schema.column("metrics", "is_nan", "0")
    wanted = ", ".join(map(number, ("timestamp", "value", step, is_nan)))
    keys: dict[object, int] = {}
    codes: list[Integers] = []
    chunks: list[Columns] = []
    read = 0
    for page in database.pages(f"key, {wanted}", "metrics", "run_uuid = ?", run_id):
        codes.append(_codes(page, keys))
        chunks.append(_columns(page))
        read += len(page)
        tell(f"points read from {database.path.name}", read)
    if not chunks:
        return {}, ()
    columns = tuple(np.concatenate(parts) for parts in zip(*chunks, strict=True))
    return _by_metric([text(key) for key in keys], np.concatenate(codes), columns)


def _codes(page: Sequence[Row], keys: dict[object, int]) -> "Integers":
    return np.array([keys.setdefault(row[1], len(keys)) for row in page], dtype=np.int64)


def _columns(page: Sequence[Row]) -> "Columns":
    """Return timestamps, values, steps and whether the value is NaN; NaN for what is no number."""
    timestamps, values, steps, are_nan = (
        np.array(column, dtype=np.float64) for column in list(zip(*page, strict=True))[2:]
    )
    return timestamps, values, steps, are_nan


def _by_metric(
    names: Sequence[str], codes: "Integers", columns: "Sequence[Floats]"
) -> tuple[dict[str, Points], tuple[str, ...]]:
    timestamps, values, steps, are_nan = columns
    is_nan = are_nan == 1.0
    # SQLite itself keeps no NaN: one that the database does not declare was no number.
    whole = np.isfinite(timestamps) & np.isfinite(steps) & (is_nan | ~np.isnan(values))
    values = np.where(is_nan, np.nan, unclamped(values))
    order = np.lexsort((timestamps, codes))
    order = order[whole[order]]
    found = np.split(order, np.searchsorted(codes[order], np.arange(1, len(names))))
    points = {
        name: Points(steps[at], values[at], timestamps[at])
        for name, at in zip(names, found, strict=True)
        if len(at)
    }
    lost = len(codes) - len(order)
    return points, (f"{lost} rows of metrics hold no numbers and were skipped.",) if lost else ()
