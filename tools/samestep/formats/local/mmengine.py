"""The `vis_data/scalars.json` of MMEngine's LocalVisBackend: one JSON object per log call.

Training rows have `iter` and the same number as `step`, and `epoch` counted from 1. Evaluation rows
have only `step`, which is the epoch under LoggerHook's default `log_metric_by_epoch` and else the
iteration. `<time>.json` beside it repeats the same rows. The run is named by its directory; the
config is `config.py` beside it, parsed and never executed; no git commit is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from samestep.formats.config_files import plain
from samestep.formats.local.json_lines import Rows, each_row, first_rows
from samestep.formats.local.log import Log
from samestep.formats.local.text import lies_in
from samestep.formats.local.values import parsed
from samestep.formats.python_config import LARGEST_TEXT, read_python
from samestep.model import EpochCounter, Metric, StepMeaning

if TYPE_CHECKING:
    from samestep.model import Integers

SCALARS = "scalars.json"
CONFIG = "config.py"
COPY = re.compile(r"\d{8}_\d{6}\.json")
BY_EPOCH: StepMeaning = "epochs, first is 1"
WHY = "MMEngine counts epochs from 1"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the keys of MMEngine's scalars."""
    named = name == SCALARS or COPY.fullmatch(name) is not None
    return named and any("step" in row for row in first_rows(head))


def read(path: Path) -> Log:
    """Read one launch; of a copy beside the scalars themselves, nothing but its name.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    if path.name != SCALARS and path.with_name(SCALARS).is_file():
        return Log(path.name)
    launch = _Launch()
    losses = each_row(path, launch.add)
    log = launch.log(path.name, losses)
    return replace(log, config={**_settings(path.with_name(CONFIG)), **log.config})


def _settings(path: Path) -> dict[str, object]:
    if not lies_in(path, path.parent):
        return {}
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            settings = read_python(file.read(LARGEST_TEXT + 1))
    except OSError:
        return {}
    return plain(cast("Mapping[object, object]", settings))[0]


@dataclass(slots=True)
class _Part:
    """The rows of one kind, with the numbers they have among all rows of the file."""

    rows: Rows = field(default_factory=Rows)
    numbers: list[int] = field(default_factory=list[int])

    def metrics(self, log: Log, counts: StepMeaning) -> dict[str, Metric]:
        """Return the part's metrics with the numbers their rows have in the file."""
        numbers: Integers = np.array(self.numbers, dtype=np.int64)
        return {
            name: replace(metric, rows=numbers[metric.rows], counts=counts)
            for name, metric in log.metrics.items()
        }


@dataclass(slots=True)
class _Launch:
    """The rows of one launch, those placed by iteration apart from those placed by epoch."""

    by_step: _Part = field(default_factory=_Part)
    by_epoch: _Part = field(default_factory=_Part)
    newest: float = 0.0
    """The iteration of the newest training row."""
    seen: int = 0
    unplaced: int = 0

    def add(self, row: Mapping[str, object]) -> None:
        """Add one row."""
        step = parsed(row.get("step"))
        part = self.by_step
        if "iter" in row:
            self.newest = step if isinstance(step, float) else self.newest
        elif isinstance(step, float) and step < self.newest:
            part = self.by_epoch
        if part is self.by_epoch and step == 0:
            self.unplaced += 1  # iteration-based training counts no epochs, and writes 0
        else:
            part.rows.add({key: value for key, value in row.items() if key != "iter"})  # the step
            part.numbers.append(self.seen)
        self.seen += 1

    def log(self, how: str, losses: list[str]) -> Log:
        """Return everything; names that both kinds use are told apart."""
        if self.unplaced:
            losses.append(f"{self.unplaced} evaluation rows that name no step were skipped")
        log = self.by_step.rows.log(how, losses)
        metrics = self.by_step.metrics(log, "steps")
        evaluated = self.by_epoch.rows.log(how, [])
        for name, metric in self.by_epoch.metrics(evaluated, BY_EPOCH).items():
            own = f"val/{name}" if name in metrics else name
            metrics[own] = replace(metric, name=own)
        epochs = log.epochs and EpochCounter(log.epochs.metric, "first is 1", WHY)
        config = {**evaluated.config, **log.config}
        lost = (*log.losses, *evaluated.losses)
        return replace(log, metrics=metrics, epochs=epochs, config=config, losses=lost)
