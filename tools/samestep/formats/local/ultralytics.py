"""The `results.csv` of Ultralytics' trainers."""

from dataclasses import replace
from pathlib import Path

from samestep.formats.local import csv_table
from samestep.formats.local.log import Log
from samestep.model import EpochCounter


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the columns of an Ultralytics trainer's results."""
    if not (name.lower().startswith("results") and name.lower().endswith(".csv")):
        return False
    groups = {column.partition("/")[0] for column in csv_table.header(head)}
    return {"epoch", "metrics"} <= groups and bool({"train", "val"} & groups)


def read(path: Path) -> Log:
    """Read the results of one training.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    log = csv_table.read(path)
    if log.epochs is None:
        return log
    if (log.metrics[log.epochs.metric].values == 0).any():
        # YOLOv5, and Ultralytics until pull request 4491 of August 2023.
        why = "older Ultralytics trainers count epochs from 0, as this file does"
        return replace(log, epochs=EpochCounter(log.epochs.metric, "first is 0", why))
    why = "Ultralytics counts epochs from 1"
    return replace(log, epochs=EpochCounter(log.epochs.metric, "first is 1", why))
