"""Tables, written by Python's csv module."""

import csv
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.readers.contract.known import KnownRun
from tests.readers.contract.store import Kept, cut, put_noise

from samestep.settings import Project

SOURCE = "files:results"


class FilesStore:
    """A table for each run, with `config.json` beside it."""

    name = "files"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Write the runs of each world below its `results/`."""
        for world, runs in worlds.items():
            (root / world / "results").mkdir(parents=True)
            for run in runs:
                write(root / world / "results" / run.name, run)
        yield {world: Kept(Project(root / world), SOURCE) for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the run's table inside a record."""
        cut(log_of(kept, run))

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise into the run's table."""
        put_noise(log_of(kept, run))


def log_of(kept: Kept, run: KnownRun) -> Path:
    """Return the run's table."""
    return kept.project.directory / "results" / run.name / "metrics.csv"


def write(directory: Path, run: KnownRun) -> None:
    """Log one run."""
    directory.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(["step", *(name for row in run.rows for name in row)]))
    with (directory / "metrics.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(run.rows)
    (directory / "config.json").write_text(json.dumps(dict(run.config)))
