"""The files of one Ray Tune or RLlib trial: `result.json`, `progress.csv` and `params.json`.

Each line of `result.json` is one report: `timesteps_total` (in newer RLlib
`num_env_steps_sampled_lifetime`) is its step where there is one, else what the user reported, else
`training_iteration`; it counts no epochs of its own. The whole `config` is repeated in every line,
`done` ends the trial, and `error.txt` beside it says that it broke off. The directory is named
after the trial. `progress.csv` repeats the same reports and is read only where `result.json` is
missing; no git commit is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from samestep.errors import NotReadable
from samestep.formats.config_files import plain
from samestep.formats.local import csv_table
from samestep.formats.local.json_lines import Rows, each_row, first_rows
from samestep.formats.local.log import Log
from samestep.formats.local.text import head_of

RESULTS, TABLE, ERROR = "result.json", "progress.csv", "error.txt"
STEPS = ("timesteps_total", "num_env_steps_sampled_lifetime", "num_env_steps_sampled")
MARKS = frozenset({"training_iteration", "time_total_s"})
"""What Ray adds to every report."""
CONFIG = "config/"


def looks_like_results(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the keys of a trial's results."""
    return name == RESULTS and any(row.keys() >= MARKS for row in first_rows(head))


def looks_like_table(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the columns of a trial's table."""
    return name == TABLE and set(csv_table.header(head)) >= MARKS


def read_results(path: Path) -> Log:
    """Read the reports of one trial.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    trial = _Trial()
    losses = each_row(path, trial.add)
    log = trial.rows.log(path.name, losses, STEPS)
    return replace(
        log,
        config={**log.config, **plain(cast("Mapping[object, object]", trial.config))[0]},
        finished=trial.done,
        failed=not trial.done and path.with_name(ERROR).is_file(),
    )


def read_table(path: Path) -> Log:
    """Read the table of one trial; of one whose `result.json` is there, nothing but its name.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    if _has_results(path.with_name(RESULTS)):
        return Log(path.name)
    log = csv_table.read(path, STEPS)
    metrics = {name: m for name, m in log.metrics.items() if not name.startswith(CONFIG)}
    numbers = {name: m.values[0].item() for name, m in log.metrics.items() if name not in metrics}
    config = {name.removeprefix(CONFIG): value for name, value in (log.config | numbers).items()}
    config.pop("done", None)  # true in the last row only
    return replace(log, metrics=metrics, config=config)


@dataclass(slots=True)
class _Trial:
    """The reports of one trial, with what the newest says of the trial as a whole."""

    rows: Rows = field(default_factory=Rows)
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    done: bool = False

    def add(self, row: Mapping[str, object]) -> None:
        """Add one report."""
        config = row.get("config")
        if isinstance(config, Mapping):
            self.config = cast("Mapping[str, object]", config)
        self.done = row.get("done") is True
        self.rows.add({key: value for key, value in row.items() if key != "config"})


def _has_results(path: Path) -> bool:
    try:
        return looks_like_results(path.name, head_of(path))
    except NotReadable:
        return False
