"""Projects on a Neptune server: a stub on loopback, asked by the real neptune-query."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.readers.contract.known import KnownRun
from tests.readers.contract.store import Kept
from tests.readers.neptune_stub.fixtures import token
from tests.readers.neptune_stub.runs import START, Point, StubRun
from tests.readers.neptune_stub.runs import Kept as Value
from tests.readers.neptune_stub.server import serving

from samestep.settings import Project


class NeptuneServerStore:
    """A project on the server for each world."""

    name = "neptune server"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Serve the runs of each world."""
        with serving() as stub:
            environment = {"NEPTUNE_API_TOKEN": token(stub.address)}
            for world, runs in worlds.items():
                (root / world).mkdir()
                stub.projects[f"contract/{world}"] = [
                    _run(f"NET-{number}", run) for number, run in enumerate(runs)
                ]
            yield {
                world: Kept(
                    Project(root / world, environment=environment),
                    f"neptune:contract/{world}",
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


def _run(run_id: str, run: KnownRun) -> StubRun:
    config = {key: value for key, value in run.config.items() if isinstance(value, float | int)}
    single: dict[str, Value] = {"sys/name": run.name, **config}
    names = dict.fromkeys(name for row in run.rows for name in row if name != "step")
    return StubRun(run_id, single, {name: _series(name, run) for name in names})


def _series(name: str, run: KnownRun) -> list[Point]:
    """Return a metric's points in the order of their steps, as the server keeps them."""
    points = [
        Point(float(row["step"]), float(row[name]), START + 1000 * number)
        for number, row in enumerate(run.rows)
        if name in row
    ]
    return sorted(points, key=lambda point: point.step)
