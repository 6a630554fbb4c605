"""MLflow's SQLite databases, read without changing a byte of them."""

from samestep.formats.mlflow_database.connection import HELD, Database, opened
from samestep.formats.mlflow_database.lineage import datasets, models
from samestep.formats.mlflow_database.points import points_of
from samestep.formats.mlflow_database.runs import StoredRuns, latest, named, run, runs
from samestep.formats.mlflow_database.schema import Schema, schema_of

__all__ = [
    "HELD",
    "Database",
    "Schema",
    "StoredRuns",
    "datasets",
    "latest",
    "models",
    "named",
    "opened",
    "points_of",
    "run",
    "runs",
    "schema_of",
]
