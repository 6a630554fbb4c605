"""The `log.txt` of DeiT, MAE, DINO and their many descendants: one JSON object per epoch.

Each line has `epoch`, counted from 0, with `train_*` and `test_*` values and often `n_parameters`;
there is no step. The run is named by its directory; neither config nor git commit is written.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from samestep.formats.local.json_lines import Rows, each_row, first_rows
from samestep.formats.local.log import Log
from samestep.model import EpochCounter

FILE_NAME = "log.txt"
PARAMETERS = "n_parameters"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the keys of such a log."""
    return name == FILE_NAME and any(
        "epoch" in row and any(key.startswith(("train_", "test_")) for key in row)
        for row in first_rows(head)
    )


def read(path: Path) -> Log:
    """Read one training.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    rows = Rows()
    parameters: dict[str, object] = {}

    def take(row: Mapping[str, object]) -> None:
        parameters.update({PARAMETERS: row[PARAMETERS]} if PARAMETERS in row else {})
        rows.add({key: value for key, value in row.items() if key != PARAMETERS})

    log = rows.log(path.name, each_row(path, take))
    if log.epochs is None:
        return log
    why = "DeiT's train.py and its descendants count epochs from 0 in log.txt"
    return replace(
        log,
        epochs=EpochCounter(log.epochs.metric, "first is 0", why),
        config={**parameters, **log.config},
    )
