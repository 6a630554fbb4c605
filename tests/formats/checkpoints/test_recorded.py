"""What real checkpoints say of themselves, in every format torch has had, and in safetensors."""

import json
import shutil
import sys
from pathlib import Path
from subprocess import run

import pytest
from tests.formats.checkpoints.written import RECORDED, saved

from samestep.errors import NotReadable
from samestep.formats.checkpoints import Checkpoint, Count, RunName, is_checkpoint, read_checkpoint

LOADED = json.loads((RECORDED / "as_torch_loads_them.json").read_text())
FORMS = {"legacy.pth": "legacy", "tar.pth": "tar"}


def read(name: str) -> Checkpoint:
    return read_checkpoint(RECORDED / name)


@pytest.mark.parametrize("name", LOADED)
def test_the_keys_are_those_that_torch_finds(name: str) -> None:
    found = read(name)

    assert [key for key in found.keys if key != "_metadata"] == LOADED[name]["keys"]
    assert found.form == FORMS.get(name, "zip")
    assert (found.more_keys, found.calls, found.losses) == (False, (), ())


@pytest.mark.parametrize("name", [name for name in LOADED if "epoch" in LOADED[name]["plain"]])
def test_the_epoch_and_the_step_are_those_that_torch_finds(name: str) -> None:
    found, plain = read(name), LOADED[name]["plain"]
    step = "step" if "step" in plain else "global_step"

    assert found.epoch == Count(plain["epoch"], "epoch")
    assert found.step == Count(plain[step], step)


@pytest.mark.parametrize(
    ("name", "run"),
    [
        ("zip.pt", RunName("W&B path", "vision/resnet50/k3v9x1qd", "wandb_run_path")),
        ("legacy.pth", RunName("W&B path", "vision/resnet50/k3v9x1qd", "wandb_run_path")),
        ("protocol_5.pt", RunName("W&B path", "vision/resnet50/k3v9x1qd", "wandb_run_path")),
        (
            "epoch=3-step=1200.ckpt",
            RunName(
                "MLflow run id",
                "0f6bd1c8b7c84f9b8b9d8c0d7a1f2e34",
                "hyper_parameters.logger.mlflow_run_id",
            ),
        ),
        ("model.safetensors", RunName("Neptune id", "RES-12", "neptune_run_id")),
        ("output/checkpoint-40", RunName("run name", "warm-start", "training_args.bin: run_name")),
    ],
)
def test_the_run_is_named_where_it_was_written(name: str, run: RunName) -> None:
    assert read(name).names == (run,)


def test_a_model_alone_names_no_run_and_gives_neither_epoch_nor_step() -> None:
    found = read("model_only.pth")

    assert (found.names, found.epoch, found.step) == ((), None, None)


def test_safetensors_give_their_metadata_and_their_tensors() -> None:
    found = read("model.safetensors")

    assert (found.epoch, found.step) == (Count(3.0, "epoch"), Count(1200.0, "step"))
    assert sorted(found.keys) == ["bias", "epoch", "format", "neptune_run_id", "step", "weight"]


def test_a_directory_of_trainers_has_the_counts_of_its_state() -> None:
    found = read("output/checkpoint-40")

    assert found.form == "directory"
    assert found.epoch == Count(2.0, "trainer_state.json: epoch")
    assert found.step == Count(40.0, "trainer_state.json: global_step")


def test_a_model_in_such_a_directory_has_them_too() -> None:
    found = read("output/checkpoint-40/model.safetensors")

    assert (found.form, found.step) == (
        "safetensors",
        Count(40.0, "trainer_state.json: global_step"),
    )


def test_the_card_that_trl_writes_links_the_run(tmp_path: Path) -> None:
    copied = Path(shutil.copytree(RECORDED / "output/checkpoint-40", tmp_path / "checkpoint-40"))
    page = "https://wandb.ai/vision/resnet50/runs/k3v9x1qd"
    (copied / "README.md").write_text(f"# Model\n\n[<img alt='W&B'>]({page})\n")

    assert read_checkpoint(copied).names[0] == RunName("run page", page, "README.md: link")


def test_a_broken_part_of_a_directory_is_said_and_takes_no_other_down(tmp_path: Path) -> None:
    copied = Path(shutil.copytree(RECORDED / "output/checkpoint-40", tmp_path / "checkpoint-40"))
    (copied / "training_args.bin").write_bytes(b"PK\x03\x04 torn")

    found = read_checkpoint(copied)

    assert found.step == Count(40.0, "trainer_state.json: global_step")
    assert [loss.partition(":")[0] for loss in found.losses] == ["training_args.bin cannot be read"]


def test_a_state_with_a_long_history_gives_its_counts_from_its_beginning(tmp_path: Path) -> None:
    rows = [{"epoch": 9.5, "step": at, "text": "x" * 100} for at in range(20_000)]
    state = {"log_history": rows, "global_step": 40, "epoch": 2.5, "max_steps": 100}
    text = json.dumps(state, indent=2, sort_keys=True)
    (tmp_path / "trainer_state.json").write_text(text)
    found = read_checkpoint(tmp_path)

    assert len(text) > 2_000_000
    assert (found.epoch, found.step) == (
        Count(2.5, "trainer_state.json: epoch"),
        Count(40.0, "trainer_state.json: global_step"),
    )


def test_an_epoch_that_has_hardly_begun_is_read_of_a_long_state_too(tmp_path: Path) -> None:
    state = {"epoch": 1.6e-05, "global_step": 40, "log_history": ["x" * 2_000_000]}
    (tmp_path / "trainer_state.json").write_text(json.dumps(state, indent=2))

    assert read_checkpoint(tmp_path).epoch == Count(1.6e-05, "trainer_state.json: epoch")


def test_a_long_state_whose_counts_stand_behind_its_history_is_refused(tmp_path: Path) -> None:
    state = {"log_history": ["x" * 2_000_000], "epoch": 2.5, "global_step": 40}
    (tmp_path / "trainer_state.json").write_text(json.dumps(state))

    with pytest.raises(NotReadable, match="its counts do not stand in its first 2 MB"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize(
    ("name", "epoch", "step"), [("checkpoint-500", None, 500.0), ("epoch_3", 3.0, None)]
)
def test_a_directory_without_a_state_has_the_counts_of_its_name(
    tmp_path: Path, name: str, epoch: float | None, step: float | None
) -> None:
    found = read_checkpoint(saved(tmp_path / name / "optimizer.bin", {"step": 7}).parent)

    assert found.epoch == (None if epoch is None else Count(epoch, "its name"))
    assert found.step == (None if step is None else Count(step, "its name"))
    assert found.keys == ("optimizer.bin",)


def test_a_broken_state_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "trainer_state.json").write_text('{"epoch": 2')

    with pytest.raises(NotReadable, match="not whole JSON"):
        read_checkpoint(tmp_path)


@pytest.mark.parametrize(
    ("name", "epoch", "step"),
    [
        ("epoch=12-step=3400.ckpt", 12.0, 3400.0),
        ("model_ep07.pth", 7.0, None),
        ("step_1000.pt", None, 1000.0),
        ("deep2.pt", None, None),
    ],
)
def test_counts_that_stand_only_in_the_files_name(
    tmp_path: Path, name: str, epoch: float | None, step: float | None
) -> None:
    found = read_checkpoint(saved(tmp_path / name, {"model": {}}))

    assert found.epoch == (None if epoch is None else Count(epoch, "its name"))
    assert found.step == (None if step is None else Count(step, "its name"))


def test_counts_that_trainers_keep_one_level_down(tmp_path: Path) -> None:
    content = {"meta": {"epoch": 4, "iter": 800}, "optimizer": {"step": 9}, "epochs": 100}
    found = read_checkpoint(saved(tmp_path / "latest.pth", content))

    assert (found.epoch, found.step) == (Count(4.0, "meta.epoch"), Count(800.0, "meta.iter"))


@pytest.mark.parametrize("epoch", [-1, float("nan"), True, "third", 10**400])
def test_what_is_no_epoch_is_none(tmp_path: Path, epoch: object) -> None:
    assert read_checkpoint(saved(tmp_path / "model.pt", {"epoch": epoch})).epoch is None


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (
            {"wandb_id": "k3v9x1qd", "wandb_entity": "vision", "wandb_project": "resnet50"},
            [("W&B path", "vision/resnet50/k3v9x1qd")],
        ),
        ({"config": {"wandb": {"run_id": "k3v9x1qd"}}}, [("W&B run id", "k3v9x1qd")]),
        (
            {"url": "https://wandb.ai/vision/resnet50/runs/k3v9x1qd"},
            [("run page", "https://wandb.ai/vision/resnet50/runs/k3v9x1qd")],
        ),
        (
            {"page": f"http://127.0.0.1:5000/#/experiments/1/runs/{'0f' * 16}"},
            [("MLflow run id", "0f" * 16)],
        ),
        ({"run_id": "0f" * 16}, [("MLflow run id", "0f" * 16)]),
        ({"sys/id": "RES-12"}, [("Neptune id", "RES-12")]),
        (
            {"wandb_run_path": "vision/\x1b[2J/k3v9x1qd", "run_name": "a\nb", "mlflow_run_id": "x"},
            [],
        ),
        ({"run_id": "7", "run_path": "outputs/wide/last", "id": "last"}, []),
        (
            {"run_name": "wide", "mlflow_run_id": "0f" * 16},
            [("MLflow run id", "0f" * 16), ("run name", "wide")],
        ),
    ],
)
def test_the_keys_under_which_a_run_is_named(
    tmp_path: Path, content: dict[str, object], names: list[tuple[str, str]]
) -> None:
    found = read_checkpoint(saved(tmp_path / "model.pt", content))

    assert [(name.kind, name.value) for name in found.names] == names


def test_only_the_first_keys_of_many_are_kept_and_the_rest_is_said(tmp_path: Path) -> None:
    found = read_checkpoint(saved(tmp_path / "model.pt", {f"layer{n}": n for n in range(201)}))

    assert (len(found.keys), found.more_keys) == (200, True)


def test_what_lies_beyond_the_bounds_is_said(tmp_path: Path) -> None:
    deep: dict[str, object] = {"wandb_run_path": "vision/resnet50/k3v9x1qd"}
    for _ in range(9):
        deep = {"further": deep}
    found = read_checkpoint(saved(tmp_path / "model.pt", deep))

    assert found.names == ()
    beyond = "50,000 values, 8 levels or keys of 300 characters"
    assert found.losses == (f"What lies beyond {beyond} was not looked at.",)


def test_which_paths_are_checkpoints(tmp_path: Path) -> None:
    for name in ("last.pt", "last.CKPT", "notes.txt", "model.safetensors"):
        (tmp_path / name).touch()
    (tmp_path / "folder.pt").mkdir()
    for name in ("checkpoint-40/trainer_state.json", "step-1000/__0_0.distcp", "step-9/notes.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()

    assert sorted(path.name for path in tmp_path.iterdir() if is_checkpoint(path)) == [
        "checkpoint-40",
        "last.CKPT",
        "last.pt",
        "model.safetensors",
        "step-1000",
    ]


def test_reading_changes_nothing_and_needs_neither_torch_nor_numpy() -> None:
    before = {path: path.stat() for path in RECORDED.rglob("*")}
    code = (
        "import sys; from pathlib import Path; from samestep.formats.checkpoints import *\n"
        f"read_checkpoint(Path({str(RECORDED / 'zip.pt')!r}))\n"
        "print([name for name in ('torch', 'numpy', 'pickle') if name in sys.modules])"
    )

    told = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "[]\n"
    assert {path: path.stat().st_mtime_ns for path in RECORDED.rglob("*")} == {
        path: status.st_mtime_ns for path, status in before.items()
    }
