"""The table that Keras' CSVLogger writes, under a name of the user's choice.

Its columns are `epoch`, counted from 0, then the sorted names of what was logged, each with its
`val_` twin. It names no step, holds no config and no git commit.
"""

from dataclasses import replace
from pathlib import Path

from samestep.formats.local import csv_table
from samestep.formats.local.log import Log
from samestep.formats.local.text import is_text
from samestep.model import EpochCounter

VALIDATION = "val_"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is a table with the columns of Keras' CSVLogger."""
    if not (name.lower().endswith(csv_table.SUFFIXES) and is_text(head)):
        return False
    first, *logged = csv_table.header(head) or [""]
    names = set(logged)
    twins = any(f"{VALIDATION}{column}" in names for column in logged)
    # Before Keras saw a validation it appends the twins to the sorted names.
    own = [column for column in logged if not column.startswith(VALIDATION)]
    several = csv_table.may_hold_several(head)
    return first == "epoch" and twins and own == sorted(own) and not several


def read(path: Path) -> Log:
    """Read one training.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    log = csv_table.read(path)
    if log.epochs is None or not (log.metrics[log.epochs.metric].values == 0).any():
        return log  # others write the same columns, and count from 1
    why = "the columns are those of Keras' CSVLogger, which counts epochs from 0, as this file does"
    return replace(log, epochs=EpochCounter(log.epochs.metric, "first is 0", why))
