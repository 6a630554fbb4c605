"""The `<time>.log.json` of MMCV 1 and older: a line about the run, then one object per log call.

Rows have `mode`, `epoch` counted from 1, and `iter`. Trained by epoch, `iter` starts again in every
epoch and the rows name no step; trained by iteration, it is the step of training rows, while in
evaluation rows it is the size of the evaluation set. The first line holds `seed`, `exp_name` and
the `config` as Python text, which is parsed and never executed; the run is named by its directory,
and no git commit is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.local.columns import LONGEST_SETTING
from samestep.formats.local.json_lines import Rows, each_row, first_rows
from samestep.formats.local.log import Log
from samestep.formats.local.values import parsed
from samestep.formats.python_config import read_python
from samestep.model import EpochCounter

if TYPE_CHECKING:
    from samestep.model import Floats

SUFFIX = ".log.json"
KEYS = frozenset({"mode", "epoch", "iter"})
WHY = "MMCV counts epochs from 1"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the keys of MMCV's log."""
    if not name.endswith(SUFFIX):
        return False
    rows = first_rows(head)
    return any(row.keys() >= KEYS or {"env_info", "exp_name"} & row.keys() for row in rows)


def read(path: Path) -> Log:
    """Read one launch.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    launch = _Launch()
    losses = each_row(path, launch.add)
    log = launch.rows.log(path.name, losses)
    steps, unplaced = launch.steps()
    if unplaced:
        what = "evaluation rows name no step and stand at that of the training row before them"
        log = replace(log, losses=(*log.losses, f"{unplaced} {what}"))
    metrics = {name: replace(m, steps=steps[m.rows]) for name, m in log.metrics.items()}
    epochs = log.epochs and EpochCounter(log.epochs.metric, "first is 1", WHY)
    return replace(log, metrics=metrics, epochs=epochs)


@dataclass(slots=True)
class _Launch:
    """The rows of one launch without `iter`, whose meaning shows only at the end."""

    rows: Rows = field(default_factory=Rows)
    places: list[tuple[bool, float, float]] = field(default_factory=list[tuple[bool, float, float]])
    """Of each row, whether it is one of training, its epoch and its `iter`."""

    def add(self, row: Mapping[str, object]) -> None:
        """Add one row."""
        if "mode" not in row:
            self._describe(row)
            return
        trains = row["mode"] == "train"
        self.places.append((trains, _number(row.get("epoch")), _number(row.get("iter"))))
        self.rows.begin()
        self.rows.add({key: value for key, value in row.items() if key != "iter"})

    def _describe(self, row: Mapping[str, object]) -> None:
        """Add what the first line says about the run."""
        if self.places:
            return
        config = read_python(str(row.get("config", "")))
        settings = {key: value for key, value in row.items() if _is_setting(key, value)}
        self.rows.add({key: value for key, value in config.items() if key not in KEYS} | settings)

    def steps(self) -> "tuple[Floats, int]":
        """Return the step of each row, and how many rows have that of the row before them."""
        if self._by_epoch():
            return np.full(len(self.places), np.nan), 0
        steps: list[float] = []
        unplaced = 0
        for trains, _, iteration in self.places:
            unplaced += not trains
            steps.append(iteration if trains else (steps or [np.nan])[-1])
        return np.array(steps, dtype=np.float64), unplaced

    def _by_epoch(self) -> bool:
        """Return whether `iter` starts again in a new epoch."""
        trained = [(epoch, iteration) for trains, epoch, iteration in self.places if trains]
        return any(
            epoch > before and iteration <= reached
            for (before, reached), (epoch, iteration) in pairwise(trained)
        )


def _number(value: object) -> float:
    number = parsed(value)
    return number if isinstance(number, float) else np.nan


def _is_setting(key: str, value: object) -> bool:
    """Return whether a value is a setting and not a document, as the text of the config is."""
    return key not in KEYS and not (isinstance(value, str) and len(value) > LONGEST_SETTING)
