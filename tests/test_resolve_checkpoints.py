"""A checkpoint stands for the run that saved it, wherever a run is asked for."""

import shutil
from pathlib import Path

import pytest
from tests.formats.checkpoints.written import RECORDED, saved
from tests.readers.contract.kept import worlds_of
from tests.readers.contract.known import STUDENT
from tests.readers.contract.store import Kept, Store
from tests.readers.contract.stores import STORES
from tests.readers.contract.wandb_local import WandbStore
from tests.readers.wandb_stub.fixtures import home, project, running_stub, stub
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import Stub

from samestep import Project, list_runs
from samestep.errors import (
    AmbiguousRun,
    NoRunNamed,
    NoSuchPath,
    NoSuchRun,
    NotFound,
    NotReadable,
    OutsideProject,
)
from samestep.model import RunRef
from samestep.resolve import Lookup, Side

__all__ = ["home", "running_stub", "stub"]

ROWS = "step,loss\n10,0.5\n20,0.25\n"
WITH_IDS = [store for store in STORES if store.name not in {"memory", "tensorboard", "files"}]
ON_DISK = [
    store
    for store in STORES
    if store.name not in {"memory", "wandb online", "mlflow server", "neptune server"}
]
ID_KEYS = {"wandb": "wandb_run_id", "mlflow": "mlflow_run_id", "neptune": "neptune_run_id"}
MLFLOW_ID = "0f6bd1c8b7c84f9b8b9d8c0d7a1f2e34"


@pytest.fixture(autouse=True)
def _nothing_named_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samestep.resolve.sources._named", {})


def name_of(store: Store) -> str:
    return store.name


def table(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "metrics.csv").write_text(ROWS)
    return directory


def asked(directory: Path, written: str) -> Side:
    return Lookup(Project(directory)).side(written)


def reference(side: Side) -> str:
    return str(side.runs[0].ref)


def how(side: Side) -> str:
    [(_, found)] = side.checkpoints
    return found.how


@pytest.fixture
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Kept:
    """Return known runs as each tracker keeps them, copied where they lie on a disk."""
    known = worlds_of(request.param, request, tmp_path_factory)["known"]
    return known.copied(tmp_path / "copied") if known.on_disk else known


def student_of(kept: Kept) -> str:
    listed = list_runs(kept.source, project=kept.project).items
    [student] = [item.run for item in listed if item.full_name == STUDENT.name]
    return student


@pytest.mark.parametrize("kept", WITH_IDS, indirect=True, ids=name_of)
def test_the_id_it_names_is_found_in_every_tracker(kept: Kept, tmp_path: Path) -> None:
    student = RunRef.parse(student_of(kept))
    tracker, location = student.source.tracker, student.source.location
    content = {ID_KEYS[tracker]: student.id}
    if tracker == "wandb" and kept.behind_network:
        content = {"wandb_run_path": f"{location}/{student.id}"}
    path = saved(tmp_path / "weights/last.pt", {"epoch": 3, **content})

    found = Lookup(kept.project).side(str(path))

    assert reference(found) == str(student)
    assert how(found) == f"it names it under {next(iter(content))}"


@pytest.mark.parametrize("kept", ON_DISK, indirect=True, ids=name_of)
def test_the_directory_it_lies_in_is_a_runs_in_every_tracker(kept: Kept) -> None:
    student = RunRef.parse(student_of(kept))
    directory = directory_of(student, kept.project.directory)
    path = saved(directory / "checkpoints/last.ckpt", {"epoch": 3})

    found = Lookup(kept.project).side(str(path.relative_to(kept.project.directory)))

    assert reference(found) == str(student)
    assert how(found).startswith("it lies in the run's directory ")


def directory_of(student: RunRef, project: Path) -> Path:
    """Return the run's own directory, or the one that Lightning names after its id."""
    if student.source.tracker in {"tensorboard", "files"}:
        return project / student.source.location / student.id
    named = [path for path in project.rglob(f"*{student.id}") if path.is_dir()]
    return named[0] if named else project / "lightning_logs" / student.id


def test_a_path_on_a_server_is_that_of_the_logs_that_lie_here(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    kept = worlds_of(WandbStore(), request, tmp_path_factory)["known"]
    student = student_of(kept)
    path = f"vision/imagenet/{RunRef.parse(student).id}"
    checkpoint = saved(tmp_path / "last.pt", {"wandb_run_path": path})

    assert reference(Lookup(kept.project).side(str(checkpoint))) == student


def test_a_run_on_a_server_is_read_though_no_source_is_here(stub: Stub, home: Path) -> None:
    stub.projects["vision/resnet50"] = [StubRun("k3v9x1qd", "wide", [logged(0, loss=2.5)])]

    found = Lookup(project(stub, home)).side(str(RECORDED / "legacy.pth"))

    assert reference(found) == "wandb:vision/resnet50#k3v9x1qd"
    assert how(found) == "it names it under wandb_run_path"


def test_a_run_that_is_gone_from_its_server_is_said_with_the_nearest(
    stub: Stub, home: Path
) -> None:
    stub.projects["vision/resnet50"] = [StubRun("k3v9x1qe", "wide", [logged(0, loss=2.5)])]

    with pytest.raises(NoSuchRun, match="'k3v9x1qd'") as refused:
        Lookup(project(stub, home)).side(str(RECORDED / "zip.pt"))

    assert "Known runs: 'k3v9x1qe'" in str(refused.value)
    assert str(refused.value).endswith("zip.pt names.")


def test_a_server_that_wants_a_key_says_so_and_not_that_there_is_no_run(tmp_path: Path) -> None:
    shutil.copy(RECORDED / "zip.pt", tmp_path)

    with pytest.raises(NotReadable, match="no key") as refused:
        asked(tmp_path, "zip.pt")

    assert str(refused.value).startswith(
        "The run wandb:vision/resnet50#k3v9x1qd that the checkpoint zip.pt names cannot be read: "
    )


def test_an_id_that_no_source_has_is_refused_with_what_there_is(tmp_path: Path) -> None:
    table(tmp_path / "runs/wide")
    saved(tmp_path / "weights/last.pt", {"mlflow_run_id": MLFLOW_ID})

    with pytest.raises(NoSuchRun, match=MLFLOW_ID) as refused:
        asked(tmp_path, "weights/last.pt")

    assert "(the checkpoint weights/last.pt names it under mlflow_run_id)" in str(refused.value)
    assert "Known runs: 'files:runs#wide'." in str(refused.value)


def test_the_place_decides_where_no_source_has_the_id_and_says_so(tmp_path: Path) -> None:
    table(tmp_path / "runs/wide")
    saved(tmp_path / "runs/wide/last.pt", {"mlflow_run_id": MLFLOW_ID})

    found = asked(tmp_path, "runs/wide/last.pt")

    assert reference(found) == "files:runs#wide"
    assert how(found) == (
        "it lies in the run's directory runs/wide; "
        f"no source searched has the MLflow run id it names, {MLFLOW_ID}"
    )


def test_the_id_decides_where_another_runs_directory_holds_the_checkpoint(
    tmp_path: Path, stub: Stub, home: Path
) -> None:
    stub.projects["vision/resnet50"] = [StubRun("k3v9x1qd", "wide", [logged(0, loss=2.5)])]
    path = table(tmp_path / "deep") / "last.pt"
    shutil.copy(RECORDED / "zip.pt", path)

    found = Lookup(project(stub, home)).side(str(path))

    assert reference(found) == "wandb:vision/resnet50#k3v9x1qd"


def test_a_bare_name_is_looked_up_after_the_place(tmp_path: Path) -> None:
    table(tmp_path / "runs/wide")
    table(tmp_path / "runs/deep")
    saved(tmp_path / "runs/wide/last.pt", {"run_name": "deep"})
    saved(tmp_path / "weights/last.pt", {"run_name": "deep"})

    assert reference(asked(tmp_path, "runs/wide/last.pt")) == "files:runs#wide"
    assert reference(asked(tmp_path, "weights/last.pt")) == "files:runs#deep"


def test_of_two_names_the_outer_one_counts(tmp_path: Path) -> None:
    outer, inner = "vision/resnet50/outer123", "vision/resnet50/inner123"
    content = {"init": {"wandb_run_path": inner}, "wandb_run_path": outer}
    saved(tmp_path / "last.pt", content)

    with pytest.raises(NotReadable, match="#outer123 that the checkpoint"):
        asked(tmp_path, "last.pt")


@pytest.mark.parametrize("kept", [WandbStore()], indirect=True, ids=name_of)
def test_a_link_to_a_runs_directory_leads_to_the_run(kept: Kept) -> None:
    student = student_of(kept)
    directory = directory_of(RunRef.parse(student), kept.project.directory)
    (directory.parent / "newest").symlink_to(directory.name)
    saved(directory / "files/last.pt", {"epoch": 3})

    found = Lookup(kept.project).side("wandb/newest/files/last.pt")

    assert reference(found) == student
    assert how(found) == f"it lies in the run's directory wandb/{directory.name}"


def test_two_runs_it_may_be_of_are_asked_about(tmp_path: Path) -> None:
    for name in ("tb", "logs"):
        table(tmp_path / "exps/wide" / name)
    saved(tmp_path / "exps/wide/checkpoints/last.pt", {"epoch": 3})

    with pytest.raises(AmbiguousRun) as refused:
        asked(tmp_path, "exps/wide/checkpoints/last.pt")

    assert [text.partition(",")[0] for text in refused.value.candidates] == [
        "wide/logs (files:exps#wide/logs)",
        "wide/tb (files:exps#wide/tb)",
    ]


def test_logs_in_a_directory_beside_the_checkpoints_are_its_runs(tmp_path: Path) -> None:
    table(tmp_path / "exps/wide/tb")
    table(tmp_path / "exps/deep/tb")
    saved(tmp_path / "exps/wide/checkpoints/last.pt", {"epoch": 3})

    found = asked(tmp_path, "exps/wide/checkpoints/last.pt")

    assert reference(found) == "files:exps#wide/tb"
    assert how(found) == "it lies beside the run's logs in exps/wide"


def test_a_checkpoint_of_no_run_says_what_it_holds_and_where_to_look(tmp_path: Path) -> None:
    table(tmp_path / "runs/wide")
    shutil.copy(RECORDED / "tar.pth", tmp_path)

    with pytest.raises(NoRunNamed) as refused:
        asked(tmp_path, "tar.pth")

    assert str(refused.value) == (
        "The checkpoint 'tar.pth' names no run and lies in no run's directory. It holds epoch 3 "
        "(epoch), step 1200 (step), the keys 'epoch', 'step', 'weights'. Known runs: 'wide'. "
        "Pass the run itself, from list_runs, or save the next checkpoint with wandb_run_path, "
        "mlflow_run_id or neptune_run_id beside the model."
    )


def test_it_says_so_where_there_is_no_tracker_at_all(tmp_path: Path) -> None:
    shutil.copy(RECORDED / "model_only.pth", tmp_path)

    with pytest.raises(NoRunNamed, match=r"It holds the keys 'weight', 'bias'\. Pass"):
        asked(tmp_path, "model_only.pth")


def test_a_checkpoint_of_trainers_is_of_the_run_that_went_on_from_it(tmp_path: Path) -> None:
    shutil.copytree(RECORDED / "output", tmp_path / "output")

    found = asked(tmp_path, "output/checkpoint-40")

    [(run, by)] = found.checkpoints
    assert reference(found) == "files:output#."
    assert run is found.runs[0]
    assert by.checkpoint.step is not None
    assert by.checkpoint.step.value == 40.0


def test_outside_the_project_the_run_is_looked_for_on_the_way_up(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    table(tmp_path / "elsewhere/wide")
    path = saved(tmp_path / "elsewhere/wide/checkpoints/last.pt", {"epoch": 3})
    trainers = Path(shutil.copytree(RECORDED / "output", tmp_path / "output")) / "checkpoint-40"

    assert reference(asked(here, str(path))) == f"files:{path.parents[1]}#."
    assert reference(asked(here, str(trainers))) == f"files:{trainers.parent}#."


def test_a_confined_caller_reaches_no_checkpoint_beyond_the_roots(tmp_path: Path) -> None:
    here = table(tmp_path / "here/runs/wide").parents[1]
    beyond = saved(tmp_path / "beyond/last.pt", {"epoch": 3})
    (here / "link.pt").symlink_to(beyond)
    confined = Project(here, environment={"SAMESTEP_ROOTS": str(here)}).confined()

    for written in (str(beyond), "../beyond/last.pt", "link.pt"):
        with pytest.raises(OutsideProject):
            Lookup(confined).side(written)
    inside = saved(here / "runs/wide/last.pt", {"epoch": 3})
    assert reference(Lookup(confined).side(str(inside))) == "files:runs#wide"


@pytest.mark.parametrize("name", ["trainer_state.json", "model.safetensors", "README.md"])
def test_no_file_of_a_checkpoint_leads_a_confined_caller_out(tmp_path: Path, name: str) -> None:
    directory = table(tmp_path / "here/runs/wide") / "checkpoint-20"
    directory.mkdir()
    here = tmp_path / "here"
    shutil.copy(RECORDED / "model.safetensors", directory / "adapter_model.safetensors")
    (tmp_path / "beyond").write_text('{"global_step": 20}')
    (directory / name).symlink_to(tmp_path / "beyond")
    confined = Project(here, environment={"SAMESTEP_ROOTS": str(here)}).confined()

    with pytest.raises(OutsideProject, match=name):
        Lookup(confined).side("runs/wide/checkpoint-20")
    assert reference(Lookup(Project(here)).side("runs/wide/checkpoint-20")) == "files:runs#wide"


@pytest.mark.parametrize("written", ["runs/wide/lost.pt", "lost.safetensors"])
def test_a_checkpoint_that_is_not_there_is_no_unknown_run(tmp_path: Path, written: str) -> None:
    table(tmp_path / "runs/wide")

    with pytest.raises(NoSuchPath, match="holds"):
        asked(tmp_path, written)


def test_a_run_whose_name_ends_like_a_checkpoint_is_still_found(tmp_path: Path) -> None:
    table(tmp_path / "runs/yolo11n.pt")

    assert reference(asked(tmp_path, "yolo11n.pt")) == "files:runs#yolo11n.pt"
    assert asked(tmp_path, "yolo11n.pt").checkpoints == ()


def test_a_name_that_no_path_can_have_is_looked_up_as_a_name(tmp_path: Path) -> None:
    table(tmp_path / "runs/wide")

    with pytest.raises(NoSuchRun):
        asked(tmp_path, "wide\0checkpoint")


def test_a_directory_of_shards_is_of_the_run_it_lies_in(tmp_path: Path) -> None:
    directory = table(tmp_path / "runs/wide") / "checkpoints/step-1000"
    directory.mkdir(parents=True)
    (directory / "__0_0.distcp").write_bytes(b"shard")

    found = asked(tmp_path, "runs/wide/checkpoints/step-1000/")

    [(_, by)] = found.checkpoints
    assert reference(found) == "files:runs#wide"
    assert by.checkpoint.step is not None
    assert by.checkpoint.step.value == 1000.0


def test_a_file_of_another_kind_is_refused_as_the_caller_wrote_it(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(b"\x89HDF\r\n\x1a\n")

    with pytest.raises(NotReadable) as refused:
        asked(tmp_path, "model.pt")

    assert str(refused.value).startswith(
        "The checkpoint model.pt cannot be read: it is an HDF5 file, no checkpoint."
    )
    assert not isinstance(refused.value, NotFound)
