"""A real MLflow tracking server on loopback, over a database that its client wrote."""

import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.readers.contract.known import KnownRun
from tests.readers.contract.mlflow_local import MLFLOW_DATABASE
from tests.readers.contract.store import Kept
from tests.readers.mlflow_server.server import served

from samestep.settings import Project


class MlflowServerStore:
    """One server, which takes seconds to start, and therefore one of the worlds."""

    name = "mlflow server"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Serve the known runs."""
        with MLFLOW_DATABASE.kept(root, worlds) as written:
            shutil.copy(written["known"].project.directory / "mlflow.db", root)
        (root / "project").mkdir()
        with served(root / "mlflow.db") as address:
            project = Project(root / "project")
            yield {"known": Kept(project, f"mlflow:{address}", on_disk=False, behind_network=True)}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")
