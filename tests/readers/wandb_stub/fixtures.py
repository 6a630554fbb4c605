"""A project on a stub, and the reader of it: the client is real, and one for all tests."""

from collections.abc import Generator
from pathlib import Path

import pytest
from tests.readers.wandb_stub.runs import StubRun
from tests.readers.wandb_stub.server import Stub, serving

from samestep.model import Metric, Run, Source
from samestep.readers.base import Selective
from samestep.readers.wandb.online import opened_online
from samestep.settings import Project

KEY = "0123456789abcdef0123456789abcdef01234567"
SOURCE = "wandb:vision/imagenet"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the one home of the client, so that one process serves all tests of all files."""
    directory = tmp_path_factory.getbasetemp() / "home of the client"
    directory.mkdir(exist_ok=True)
    return directory


@pytest.fixture(scope="session")
def running_stub() -> Generator[Stub]:
    with serving() as stub:
        yield stub


@pytest.fixture
def stub(running_stub: Stub) -> Stub:
    """Return a stub without runs, requests and faults."""
    running_stub.reset()
    return running_stub


def project(stub: Stub, home: Path, **environment: str) -> Project:
    """Return a project whose environment leads to the stub."""
    named = {"WANDB_BASE_URL": stub.address, "WANDB_API_KEY": KEY, "HOME": str(home)}
    return Project(home, environment={**named, **environment})


def reader(stub: Stub, home: Path, source: str = SOURCE, **environment: str) -> Selective:
    """Open the reader of a project on the stub."""
    opened = opened_online(Source.parse(source), project(stub, home, **environment))
    assert isinstance(opened, Selective)
    return opened


def read(stub: Stub, home: Path, run: StubRun) -> Run:
    """Put one run on the server and read it."""
    stub.projects["vision/imagenet"] = [run]
    return reader(stub, home).read(run.id)


def points(metric: Metric) -> list[tuple[int, float, float]]:
    """Return the row, the step and the value of every point."""
    return list(
        zip(metric.rows.tolist(), metric.steps.tolist(), metric.values.tolist(), strict=True)
    )
