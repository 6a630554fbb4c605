"""Exports as neptune-exporter writes them, by hand after its source: it needs a server to run.

The schema, the names of the files and the order of their renaming are those of its README and of
its modules `model`, `storage/parquet_writer` and `utils` (its last commits, early 2026).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

# pyarrow carries no types, and a module's attributes are Any.
pa = import_module("pyarrow")
parquet = import_module("pyarrow.parquet")

Kept = str | int | float | bool | datetime | list[str] | None
Point = tuple[float | None, float | None, float | None]
"""A step, a value and a time in seconds since 1970, each of which may be missing."""
COLUMN = {
    bool: ("bool", "bool_value"),
    int: ("int", "int_value"),
    float: ("float", "float_value"),
    str: ("string", "string_value"),
    datetime: ("datetime", "datetime_value"),
    list: ("string_set", "string_set_value"),
}
SCHEMA = pa.schema(
    {
        "project_id": pa.string(),
        "run_id": pa.string(),
        "attribute_path": pa.string(),
        "attribute_type": pa.string(),
        "step": pa.decimal128(18, 6),
        "timestamp": pa.timestamp("ms", tz="UTC"),
        "int_value": pa.int64(),
        "float_value": pa.float64(),
        "string_value": pa.string(),
        "bool_value": pa.bool_(),
        "datetime_value": pa.timestamp("ms", tz="UTC"),
        "string_set_value": pa.list_(pa.string()),
        "file_value": pa.struct({"path": pa.string()}),
        "histogram_value": pa.struct(
            {
                "type": pa.string(),
                "edges": pa.list_(pa.float64()),
                "values": pa.list_(pa.float64()),
            }
        ),
    }
)
Rows = list[dict[str, Any]]  # Any: a cell of any column


def safe(name: str) -> str:
    """Return the name of a project or run as the exporter writes it into a path."""
    plain = "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in name)
    return f"{plain}-{hashlib.blake2b(name.encode(), digest_size=8).hexdigest()}"


def values(attributes: Mapping[str, Kept], kind: str = "string") -> Rows:
    """Return a row for each single value; one that is None has no value in any column."""
    rows: Rows = []
    for path, value in attributes.items():
        found = next((COLUMN[cls] for cls in COLUMN if isinstance(value, cls)), (kind, None))
        row = {"attribute_path": path, "attribute_type": found[0]}
        rows.append({**row, found[1]: value} if found[1] else row)
    return rows


def series(path: str, points: Sequence[Point], kind: str = "float_series") -> Rows:
    """Return a row for each point of a series."""
    return [
        {
            "attribute_path": path,
            "attribute_type": kind,
            "step": None if step is None else Decimal(repr(step)).quantize(Decimal("1.000000")),
            "timestamp": None if time is None else datetime.fromtimestamp(time, UTC),
            "float_value": value,
        }
        for step, value, time in points
    ]


def curve(*numbers: float) -> list[Point]:
    """Return a point a second, at the steps 0, 1, 2 and so on."""
    return [(float(at), number, 1.7e9 + at) for at, number in enumerate(numbers)]


def write_part(
    directory: Path,
    run: str,
    number: int,
    *groups: Rows,
    project: str = "lab/nets",
    ending: str = "",
) -> Path:
    """Write a part of a run: what one batch of the exporter holds is a row group."""
    path = directory / safe(project) / f"{safe(run)}_part_{number}.parquet{ending}"
    write(
        path, [[{"project_id": project, "run_id": run, **row} for row in group] for group in groups]
    )
    return path


def write(path: Path, groups: Sequence[Rows]) -> None:
    """Write rows to a parquet file, a row group for each group of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with parquet.ParquetWriter(path, SCHEMA, compression="snappy") as writer:
        for group in groups:
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=SCHEMA))
