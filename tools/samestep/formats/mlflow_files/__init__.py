"""MLflow's file stores: directories of experiments, runs and metric files."""

from samestep.formats.mlflow_files.folders import Within
from samestep.formats.mlflow_files.lineage import lineage
from samestep.formats.mlflow_files.run_files import metrics, params, tags
from samestep.formats.mlflow_files.store import (
    Store,
    StoredRun,
    holds_runs,
    holds_store,
    is_run,
    read_store,
)

__all__ = [
    "Store",
    "StoredRun",
    "Within",
    "holds_runs",
    "holds_store",
    "is_run",
    "lineage",
    "metrics",
    "params",
    "read_store",
    "tags",
]
