"""Which reader a source opens, and which references lead to one run."""

import subprocess
import sys
from pathlib import Path

import pytest

from samestep import Project, forget, remember
from samestep.errors import BadArgument, NoSuchPath, NotReadable, OutsideProject
from samestep.model import RunRef, Source
from samestep.readers.places import location_of, path_of
from samestep.readers.registry import TRACKERS, identity, open_reader

HEAVY = ("mlflow", "neptune", "neptune_query", "numpy", "pandas", "pyarrow", "scipy", "wandb")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with a store of every tracker that keeps runs on a disk."""
    for directory in ("runs/wide", "wandb/run-20260101_000000-abc", "mlruns/1", ".neptune"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "mlruns/1/meta.yaml").touch()
    (tmp_path / "mlflow.db").touch()
    (tmp_path / "linked").symlink_to(tmp_path / "runs")
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tensorboard:runs#wide", "tensorboard:.#runs/wide"),
        ("tensorboard:runs#wide", "files:linked#wide"),
        ("tensorboard:runs#wide", "tensorboard:{here}/runs/wide#."),
        ("mlflow:sqlite:///mlflow.db#3f2a", "mlflow:sqlite:///{here}/mlflow.db#3f2a"),
        ("mlflow:sqlite:///mlflow.db#3f2a", "mlflow:mlflow.db#3f2a"),
        ("mlflow:./mlruns#3f2a", "mlflow:file:./mlruns#3f2a"),
        ("mlflow:./mlruns#3f2a", "mlflow:file://{here}/mlruns#3f2a"),
        ("mlflow:./mlruns#3f2a", "mlflow:./mlruns/1#3f2a"),
        ("mlflow:./mlruns#3f2a", "mlflow:.#3f2a"),
        ("wandb:./wandb#abc", "wandb:wandb#abc"),
        ("wandb:./wandb#abc", "wandb:.#abc"),
        ("wandb:./wandb#abc", "wandb:./wandb/run-20260101_000000-abc#abc"),
        ("mlflow:http://host:5000#3f2a", "mlflow:http://me:secret@host:5000/#3f2a"),
        ("mlflow:http://host:5000#3f2a", "mlflow:http://[redacted]@host:5000#3f2a"),
        ("neptune:./.neptune#RUN-1", "neptune:{here}/.neptune#RUN-1"),
    ],
)
def test_every_way_to_write_a_run_is_that_run(project: Project, one: str, other: str) -> None:
    here = project.directory.as_posix()
    refs = [RunRef.parse(text.format(here=here)) for text in (one, other)]

    assert len({identity(ref, project) for ref in refs}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tensorboard:runs#wide", "tensorboard:runs#narrow"),
        ("mlflow:sqlite:///mlflow.db#3f2a", "mlflow:./mlruns#3f2a"),
        ("mlflow:http://127.0.0.1:5000#3f2a", "mlflow:http://127.0.0.1:5001#3f2a"),
        ("wandb:vision/resnets#abc", "wandb:vision/vits#abc"),
        ("wandb:vision/resnets#abc", "wandb:./wandb#abc"),
        ("memory:may#wide", "memory:june#wide"),
    ],
)
def test_runs_of_other_places_are_other_runs(project: Project, one: str, other: str) -> None:
    assert identity(RunRef.parse(one), project) != identity(RunRef.parse(other), project)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("sqlite:///mlflow.db", "mlflow.db"),
        ("sqlite:////data/mlflow.db", "/data/mlflow.db"),
        ("sqlite:///C:/data/mlflow.db", "C:/data/mlflow.db"),
        ("sqlite:///mlflow.db?timeout=20", "mlflow.db"),
        ("file:///data/mlruns", "/data/mlruns"),
        ("file:mlruns", "mlruns"),
        ("./odd?name", "./odd?name"),
    ],
)
def test_an_address_of_a_path_is_that_path(location: str, path: str) -> None:
    assert path_of(location) == path


def test_a_path_is_written_so_that_it_is_no_name(project: Project, tmp_path: Path) -> None:
    def location(tracker: str, path: str) -> str:
        return location_of(tracker, tmp_path / path, project)

    assert location("wandb", "out/wandb") == "./out/wandb"
    assert location("mlflow", "mlflow.db") == "sqlite:///mlflow.db"
    assert location_of("mlflow", Path("/elsewhere/mlruns"), project) == "/elsewhere/mlruns"
    assert location("wandb", ".") == "."


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("tensorbord:runs", BadArgument),
        ("tensorboard:rnus", NoSuchPath),
        ("tensorboard:mlflow.db", NotReadable),
        ("mlflow:./mlrnus", NoSuchPath),
        ("wandb:./wnadb", NoSuchPath),
        ("neptune:./exprot", NoSuchPath),
        ("memory:nothing", NotReadable),
    ],
)
def test_what_cannot_be_opened_is_refused(
    project: Project, source: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        open_reader(Source.parse(source), project)


ELSEWHERE = [
    *(
        Source(tracker, location)
        for tracker in TRACKERS
        for location in ("../outside", "/etc")
        if tracker != "memory"
    ),
    Source("mlflow", "sqlite:///../mlflow.db"),
    Source("mlflow", "file:///etc"),
]


@pytest.mark.parametrize("source", ELSEWHERE, ids=str)
def test_a_confined_caller_opens_nothing_beyond_its_roots(tmp_path: Path, source: Source) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    confined = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    with pytest.raises(OutsideProject):
        open_reader(source, confined)


def test_knowing_the_trackers_imports_none_of_them() -> None:
    code = (
        "import sys; from samestep.resolve import readers; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.decode().strip() == "[]"


def test_runs_in_memory_are_opened_by_the_name_they_are_held_under() -> None:
    source = Source.parse(remember("registry", []))
    listed = open_reader(source, Project(Path.cwd())).list()
    forget("registry")

    assert listed.runs == ()
    with pytest.raises(NotReadable, match="nothing is held in memory under that name"):
        open_reader(source, Project(Path.cwd()))
