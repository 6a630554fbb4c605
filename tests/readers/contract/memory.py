"""Runs given as Python data."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.readers.contract.known import KnownRun
from tests.readers.contract.store import Kept

from samestep import MemoryRun
from samestep.model import Source
from samestep.settings import Project


class MemoryStore:
    """Runs held in this process, a name for each world."""

    name = "memory"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Say which runs to hold; every test holds them for itself, and no other sees them."""
        held: dict[str, Kept] = {}
        for world, runs in worlds.items():
            (root / world).mkdir(parents=True)
            # Two runs of one name cannot be held: the later one takes the name.
            named = {run.name: MemoryRun(run.name, run.rows, run.config) for run in runs}
            source = Source("memory", f"contract-{world}")
            project = Project(root / world)
            held[world] = Kept(project, str(source), on_disk=False, in_memory=[*named.values()])
        yield held

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")
