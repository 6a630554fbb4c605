"""MLflow's database and its directories of files, written by its client."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.readers.contract.known import LOSS, KnownRun
from tests.readers.contract.plan import write_with
from tests.readers.contract.store import Kept, put_noise

from samestep.settings import Project

QUIET = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
}


@dataclass(frozen=True)
class MlflowStore:
    """One of MLflow's two ways to keep runs on a disk."""

    name: str
    kind: str
    """What the writer calls it: `database` or `files`."""
    source: str

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Log the runs of each world, in one process for both ways: importing mlflow is slow."""
        both = root.with_name("mlflow-both")
        if not both.exists():
            places = {f"{kind}-{world}": worlds[world] for kind in KINDS for world in worlds}
            write_with("write_mlflow.py", both, places, QUIET)
        yield {world: Kept(Project(both / f"{self.kind}-{world}"), self.source) for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the file of the run's loss inside a line."""
        path = directory_of(kept, run) / "metrics" / LOSS
        lines = path.read_bytes().splitlines(keepends=True)
        half = len(lines) // 2
        path.write_bytes(b"".join(lines[:half]) + lines[half].rpartition(b" ")[0])

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise where the run says what it is."""
        put_noise(directory_of(kept, run) / "meta.yaml")


KINDS = ("database", "files")
MLFLOW_DATABASE = MlflowStore("mlflow database", "database", "mlflow:sqlite:///mlflow.db")
MLFLOW_FILES = MlflowStore("mlflow files", "files", "mlflow:./mlruns")


def directory_of(kept: Kept, run: KnownRun) -> Path:
    """Return the directory of the run of that name."""
    names = (kept.project.directory / "mlruns").glob("*/*/tags/mlflow.runName")
    [name] = [name for name in names if name.read_text() == run.name]
    return name.parents[1]
