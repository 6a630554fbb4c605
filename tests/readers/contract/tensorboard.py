"""Event files, written by tensorboardX."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from tensorboardX import SummaryWriter  # pyright: ignore[reportMissingTypeStubs] # it ships none
from tests.readers.contract.known import KnownRun
from tests.readers.contract.store import Kept, cut, put_noise

from samestep.settings import Project

SOURCE = "tensorboard:runs"


class TensorBoardStore:
    """A directory of event files for each run, with `hparams.yaml` beside them."""

    name = "tensorboard"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Write the runs of each world below its `runs/`."""
        for world, runs in worlds.items():
            (root / world / "runs").mkdir(parents=True)
            for run in runs:
                write(root / world / "runs" / run.name, run)
        yield {world: Kept(Project(root / world), SOURCE) for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the run's event file inside a record."""
        cut(log_of(kept, run))

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise into the run's event file."""
        put_noise(log_of(kept, run))


def log_of(kept: Kept, run: KnownRun) -> Path:
    """Return the run's event file."""
    [path] = (kept.project.directory / "runs" / run.name).glob("events.out.tfevents.*")
    return path


def write(directory: Path, run: KnownRun) -> None:
    """Log one run."""
    writer: Any = SummaryWriter(str(directory))  # Any: tensorboardX has no types
    for row in run.rows:
        for metric, value in row.items():
            if metric != "step":
                writer.add_scalar(metric, value, int(row["step"]))
    writer.close()
    (directory / "hparams.yaml").write_text(yaml.safe_dump(dict(run.config)))
