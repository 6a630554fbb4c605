"""The `metrics.csv` that Lightning's CSVLogger writes."""

import re
from dataclasses import replace
from pathlib import Path

from samestep.formats.local import csv_table
from samestep.formats.local.log import Log
from samestep.model import EpochCounter

FILE_NAME = "metrics.csv"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the two counters of Lightning's log."""
    return name == FILE_NAME and {"epoch", "step"} <= set(csv_table.header(head))


def read(path: Path) -> Log:
    """Read a log of Lightning's, or of another writer that looks like one.

    Raises:
        NotReadable: It is empty, too large, not text, or may not be read.
    """
    log = csv_table.read(path)
    if log.epochs is None or not _is_lightning(path.parent):
        return log
    return replace(
        log,
        epochs=EpochCounter(
            log.epochs.metric, "first is 0", "Lightning's CSVLogger counts epochs from 0"
        ),
    )


def _is_lightning(directory: Path) -> bool:
    name = directory.absolute().name
    return re.fullmatch(r"version_\d+", name) is not None or (directory / "hparams.yaml").is_file()
