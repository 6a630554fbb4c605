"""W&B's own files, written by wandb in its offline mode."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.readers.contract.known import KnownRun
from tests.readers.contract.plan import write_with
from tests.readers.contract.store import Kept, cut, put_noise

from samestep.settings import Project

SOURCE = "wandb:./wandb"
OFFLINE = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"}


class WandbStore:
    """A `wandb/` directory with a directory for each run."""

    name = "wandb local"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Log the runs of each world in one process."""
        write_with("write_wandb.py", root, worlds, OFFLINE)
        for world in worlds:
            (root / world / "wandb").mkdir(exist_ok=True)
        yield {world: Kept(Project(root / world), SOURCE) for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the run's log inside a record."""
        cut(log_of(kept, run))

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise into the run's log."""
        put_noise(log_of(kept, run))


def log_of(kept: Kept, run: KnownRun) -> Path:
    """Return the log that holds the run's name."""
    logs = (kept.project.directory / "wandb").glob("offline-run-*/*.wandb")
    [path] = [log for log in logs if run.name.encode() in log.read_bytes()]
    return path
