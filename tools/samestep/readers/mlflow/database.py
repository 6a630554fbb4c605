"""MLflow's runs in an SQLite database."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from samestep.formats import mlflow_database
from samestep.formats.mlflow_database import Database, Schema
from samestep.formats.mlflow_records import RunRecord
from samestep.model import Listing, ReadReport, Run, Source
from samestep.readers.mlflow.mapping import full_names, glance_of, head_of, run_of
from samestep.readers.mlflow.refusals import deleted, is_deleted, no_such_run


class DatabaseReader:
    """Reads the runs of one database."""

    def __init__(self, source: Source, path: Path, deadline: float) -> None:
        self.source = source
        self._path = path
        self._deadline = deadline
        self._held = mlflow_database.HELD
        """How long a process that has the database to itself is waited for: once is enough."""

    def list(self) -> Listing:
        """Return the runs by what MLflow keeps apart from their histories."""
        with self._opened() as (database, schema):
            stored = mlflow_database.runs(database, schema)
            newest = mlflow_database.latest(database, schema)
            lacks = database.lacks
        names = full_names(stored.records)
        heads = tuple(
            head_of(
                self.source,
                record,
                names,
                None if newest is None else glance_of(record, names, newest.get(record.id, {})),
            )
            for record in stored.records
        )
        return Listing(heads, left_out=(*deleted(self.source, stored.deleted), *lacks))

    def read(self, run_id: str) -> Run:
        """Return one run with its whole history."""
        with self._opened() as (database, schema):
            names = full_names(mlflow_database.named(database, schema))
            record = self._record(database, schema, run_id, names)
            points, losses = mlflow_database.points_of(database, schema, run_id)
            losses = (*losses, *database.lacks)
        head = head_of(self.source, record, {record.id: record.id, **names})
        return run_of(head, record, names, points, ReadReport("MLflow database", losses))

    def _record(
        self, database: Database, schema: Schema, run_id: str, names: dict[str, str]
    ) -> RunRecord:
        found = mlflow_database.run(database, schema, run_id)
        if found is None:
            raise no_such_run(self.source, run_id, names)
        record, is_gone = found
        if is_gone:
            raise is_deleted(self.source, run_id)
        datasets = tuple(mlflow_database.datasets(database, schema, run_id))
        models = tuple(mlflow_database.models(database, schema, run_id))
        return replace(record, datasets=datasets, models=models)

    @contextmanager
    def _opened(self) -> Generator[tuple[Database, Schema]]:
        with mlflow_database.opened(self._path, self._deadline, self._held) as database:
            if database.lacks:
                self._held = 0.0
            yield database, mlflow_database.schema_of(database)
