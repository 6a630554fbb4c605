"""The `summary.csv` that timm's train.py writes into `output/train/<experiment>`.

Its columns are `epoch`, counted from 0, then `train_*`, `eval_*` and `lr`; it names no step. The
run is named by its directory, its config stands in `args.yaml` beside it, and no git commit does.
"""

from dataclasses import replace
from pathlib import Path

from samestep.formats.local import csv_table
from samestep.formats.local.log import Log
from samestep.model import EpochCounter

FILE_NAME = "summary.csv"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the columns of timm's summary."""
    if name != FILE_NAME:
        return False
    first, *logged = csv_table.header(head) or [""]
    return first == "epoch" and any(column.startswith(("train_", "eval_")) for column in logged)


def read(path: Path) -> Log:
    """Read one training.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    log = csv_table.read(path)
    if log.epochs is None:
        return log
    why = "timm's summary.csv counts epochs from 0"
    return replace(log, epochs=EpochCounter(log.epochs.metric, "first is 0", why))
