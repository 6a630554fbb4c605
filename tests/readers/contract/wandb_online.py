"""Projects on a W&B server: a stub on loopback, asked by the real client."""

import math
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.readers.contract.known import KnownRun, Row
from tests.readers.contract.store import Kept
from tests.readers.wandb_stub.fixtures import project
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import serving

from samestep.settings import Project


class WandbServerStore:
    """A project on the server for each world."""

    name = "wandb online"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Serve the runs of each world."""
        home = root.with_name("home of the client")  # the one of all tests: it has one process
        home.mkdir(exist_ok=True)
        with serving() as stub:
            for world, runs in worlds.items():
                (root / world).mkdir()
                stub.projects[f"contract/{world}"] = [
                    StubRun(f"{number:08x}", run.name, _rows(run.rows), config=run.config)
                    for number, run in enumerate(runs)
                ]
            asking = project(stub, home)
            yield {
                world: Kept(
                    Project(root / world, environment=asking.environment),
                    f"wandb:contract/{world}",
                    on_disk=False,
                    behind_network=True,
                )
                for world in worlds
            }

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Fail: nothing lies on a disk."""
        pytest.fail(f"{run.name} of {kept.source} has no file")


def _rows(rows: Sequence[Row]) -> list[Mapping[str, object]]:
    """Return rows as the server keeps them, with a counter of their own."""
    return [
        logged(number, **{_key(name): _value(value) for name, value in row.items()})
        for number, row in enumerate(rows)
    ]


def _key(name: str) -> str:
    return "global_step" if name == "step" else name


def _value(value: float) -> float | str:
    """Return a value as W&B writes it: what is no number is a text."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
