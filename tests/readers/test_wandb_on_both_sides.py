"""A run that lies on this machine and on a W&B server too is listed once."""

import shutil
from pathlib import Path

import pytest
from tests.readers.wandb_stub.fixtures import home, project, running_stub, stub
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import Stub
from tests.record.wandb_runs import recorded as recorded_runs

from samestep import Project, list_runs
from samestep.answers import RunList

__all__ = ["home", "running_stub", "stub"]

ONCE = (
    "1 run lies on this machine and on a server too, and is listed once: "
    "from this machine where all of it lies here, else from the server."
)


@pytest.fixture(name="here")
def project_directory(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """Copy one run of the project `vision` that the real wandb wrote, which has ended."""
    recorded = recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")
    [made] = recorded.glob("offline-run-*-yolo")
    shutil.copytree(made, tmp_path / "wandb" / made.name)
    return tmp_path


def listed(here: Path, stub: Stub, home: Path, where: str) -> RunList:
    entity, _, name = where.partition("/")
    stub.projects[where] = [StubRun("yolo", "yolo", rows=[logged(0, loss=2.5)])]
    settings = project(stub, home, WANDB_ENTITY=entity, WANDB_PROJECT=name).environment
    return list_runs(project=Project(here, environment=settings))


def test_a_run_that_is_whole_here_is_listed_from_here(here: Path, stub: Stub, home: Path):
    answer = listed(here, stub, home, "lab/vision")

    assert [item.run for item in answer.items] == ["wandb:./wandb#yolo"]
    assert ONCE in [caveat.text for caveat in answer.caveats]


def test_a_run_that_lies_here_in_part_is_listed_from_its_server(here: Path, stub: Stub, home: Path):
    [log] = here.glob("wandb/*/*.wandb")
    log.write_bytes(log.read_bytes()[:-20])
    answer = listed(here, stub, home, "lab/vision")

    assert [item.run for item in answer.items] == ["wandb:lab/vision#yolo"]
    assert ONCE in [caveat.text for caveat in answer.caveats]


def test_a_run_of_the_same_id_in_another_project_is_another_run(here: Path, stub: Stub, home: Path):
    answer = listed(here, stub, home, "lab/speech")

    assert {item.run for item in answer.items} == {"wandb:lab/speech#yolo", "wandb:./wandb#yolo"}
    assert answer.caveats == []
