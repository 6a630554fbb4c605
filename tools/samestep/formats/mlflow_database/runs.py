"""The runs of a database, without their metrics."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from samestep.formats.mlflow_database.connection import Database, Row
from samestep.formats.mlflow_database.schema import Schema, number, text
from samestep.formats.mlflow_records import (
    COMMIT,
    DELETED,
    OWN_TAGS,
    READ_TAGS,
    RUN_NAME,
    SOURCE_NAME,
    USER,
    Latest,
    RunRecord,
    unclamped,
)

OLD_COLUMNS = {USER: "user_id", SOURCE_NAME: "source_name", COMMIT: "source_version"}
"""Columns in which the first versions kept what now are tags."""
READ = f"(key not like '{OWN_TAGS}%' or key in ({', '.join(map(repr, READ_TAGS))}))"

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class StoredRuns:
    """The runs that are not deleted, and how many are."""

    records: tuple[RunRecord, ...]
    deleted: int


def runs(database: Database, schema: Schema) -> StoredRuns:
    """Return every run with its params and tags.

    Raises:
        NotReadable: SQLite refuses.
    """
    heads = list(_heads(database, schema, "1"))
    kept = [record for record, is_deleted in heads if not is_deleted]
    params, tags = _texts(database, "params", "1"), _texts(database, "tags", READ)
    return StoredRuns(tuple(_with(kept, params, tags)), len(heads) - len(kept))


def named(database: Database, schema: Schema) -> tuple[RunRecord, ...]:
    """Return every run that is not deleted with no more than its name.

    Raises:
        NotReadable: SQLite refuses.
    """
    kept = [record for record, is_deleted in _heads(database, schema, "1") if not is_deleted]
    return tuple(_with(kept, {}, _texts(database, "tags", "key = ?", RUN_NAME)))


def run(database: Database, schema: Schema, run_id: str) -> tuple[RunRecord, bool] | None:
    """Return one run with its params and tags, and whether it is deleted; None without one."""
    found = next(_heads(database, schema, "run_uuid = ?", run_id), None)
    if found is None:
        return None
    record, is_deleted = found
    params = _texts(database, "params", "run_uuid = ?", run_id)
    tags = _texts(database, "tags", f"run_uuid = ? and {READ}", run_id)
    return next(_with([record], params, tags)), is_deleted


def latest(database: Database, schema: Schema) -> dict[str, dict[str, Latest]] | None:
    """Return the newest point of every metric by run; None where the database keeps none apart."""
    if not schema.has("latest_metrics", "run_uuid", "key", "value", "timestamp", "step", "is_nan"):
        return None
    found: dict[str, dict[str, Latest]] = defaultdict(dict)
    value = f"case when is_nan then null else {number('value')} end"
    columns = f"run_uuid, key, {number('step')}, {value}, {number('timestamp')}"
    for page in database.pages(columns, "latest_metrics", "1"):
        _, run_ids, keys, *numbers = zip(*page, strict=True)
        steps, values, times = (np.array(column, dtype=np.float64) for column in numbers)
        points = map(Latest, steps.tolist(), unclamped(values).tolist(), times.tolist())
        for run_id, key, point in zip(run_ids, keys, points, strict=True):
            if isfinite(point.step) and isfinite(point.timestamp):
                found[text(run_id)][text(key)] = point
    return found


def _heads(
    database: Database, schema: Schema, where: str, *arguments: str
) -> Iterator[tuple[RunRecord, bool]]:
    gone = schema.column("experiments", "lifecycle_stage", "null")
    experiments = {
        number: (text(name), _is_deleted(stage))
        for page in database.pages(f"experiment_id, name, {gone}", "experiments", "1")
        for _, number, name, stage in page
    }
    others = ("name", "lifecycle_stage", *OLD_COLUMNS.values())
    columns = ", ".join(
        ["run_uuid", "experiment_id", "status", "start_time"]
        + [schema.column("runs", name, "null") for name in others]
    )
    for page in database.pages(columns, "runs", where, *arguments):
        for row in page:
            experiment, is_gone = experiments.get(row[2], (None, False))
            yield _record(row, experiment), is_gone or _is_deleted(row[6])


def _record(row: Row, experiment: str | None) -> RunRecord:
    _, run_id, _, status, started, name, _, *old = row
    tags = {tag: text(value) for tag, value in zip(OLD_COLUMNS, old, strict=True) if value}
    return RunRecord(
        id=text(run_id),
        name=text(name) if name else None,
        experiment=experiment,
        status=text(status) if status else None,
        started=float(started) if isinstance(started, int | float) else None,
        tags=tags,
    )


def _with(records: Iterable[RunRecord], params: Texts, tags: Texts) -> Iterator[RunRecord]:
    for record in records:
        own = tags.get(record.id, {})
        yield replace(record, params=params.get(record.id, {}), tags={**record.tags, **own})


def _texts(database: Database, table: str, where: str, *arguments: str) -> Texts:
    """Return the values of a table of params or tags by run and key."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for page in database.pages("run_uuid, key, value", table, where, *arguments):
        for _, run_id, key, value in page:
            found[text(run_id)][text(key)] = "" if value is None else text(value)
    return found


def _is_deleted(stage: object) -> bool:
    return stage is not None and text(stage) == DELETED
