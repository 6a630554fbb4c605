from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from samestep.model import History, Purge, Source
from samestep.readers.tensorboard import TensorBoardReader

# The generated protobuf modules carry no types, and a module's attributes are Any.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
record_writer = import_module("tensorboard.summary.writer.record_writer")
tensorboardx = import_module("tensorboardX")

REAL = Path(__file__).parents[2].parent / "shared" / "data"
SOURCE = Source("tensorboard", "runs")
FILE = "events.out.tfevents.1700000000.host"


def write(path: Path, *events: Any) -> None:  # Any: protobuf messages carry no types
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = record_writer.RecordWriter(file)
        for event in (event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2"), *events):
            writer.write(event.SerializeToString())


def scalar(tag: str, step: int, value: float, time: float = 1.7e9) -> Any:  # Any: as above
    event = event_pb2.Event(wall_time=time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def session_start(step: int, time: float) -> Any:  # Any: as above
    log = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    return event_pb2.Event(wall_time=time, step=step, session_log=log)


def names(directory: Path) -> list[str]:
    return [run.full_name for run in TensorBoardReader(SOURCE, directory).list().runs]


def history(directory: Path, run_id: str) -> History:
    return TensorBoardReader(SOURCE, directory).read(run_id).history


def values(found: History) -> dict[str, list[float]]:
    return {name: metric.values.tolist() for name, metric in found.metrics.items()}


def test_keras_roles_are_one_run(tmp_path: Path):
    write(tmp_path / "resnet50/train" / f"{FILE}.v2", scalar("epoch_loss", 0, 0.5))
    write(tmp_path / "resnet50/validation" / f"{FILE}.v2", scalar("epoch_loss", 0, 0.75))
    found = history(tmp_path, "resnet50")

    assert names(tmp_path) == ["resnet50"]
    assert values(found) == {"train/epoch_loss": [0.5], "validation/epoch_loss": [0.75]}
    assert found.metrics["validation/epoch_loss"].counts == "epochs, first is 0"


def test_epochs_in_roles_of_another_writer_are_steps(tmp_path: Path):
    write(tmp_path / "resnet50/train" / FILE, scalar("epoch_loss", 0, 0.5))
    write(tmp_path / "resnet50/validation" / FILE, scalar("epoch_loss", 0, 0.75))

    assert history(tmp_path, "resnet50").metrics["train/epoch_loss"].counts == "steps"


def test_roles_right_in_the_location_are_the_run_of_the_location(tmp_path: Path):
    write(tmp_path / "resnet50/train" / FILE, scalar("loss", 0, 0.5))
    write(tmp_path / "resnet50/val" / FILE, scalar("loss", 0, 0.75))
    (tmp_path / "resnet50/config.json").write_text('{"seed": 3}')
    run = TensorBoardReader(SOURCE, tmp_path / "resnet50").read(".")

    assert values(run.history) == {"train/loss": [0.5], "val/loss": [0.75]}
    assert (run.full_name, run.seed) == ("resnet50", "3")


def test_an_evaluation_below_a_run_is_its_role(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 0.5))
    write(tmp_path / "resnet50/eval" / FILE, scalar("loss", 0, 0.75))
    write(tmp_path / "resnet50/extra" / FILE, scalar("loss", 0, 0.25))

    assert names(tmp_path) == ["resnet50", "resnet50/extra"]
    assert values(history(tmp_path, "resnet50")) == {"loss": [0.5], "eval/loss": [0.75]}


def test_a_role_that_stands_alone_is_folded(tmp_path: Path):
    write(tmp_path / "resnet50/train" / FILE, scalar("loss", 0, 0.5))

    assert values(history(tmp_path, "resnet50")) == {"train/loss": [0.5]}


def test_a_run_that_is_called_train_stays_one(tmp_path: Path):
    write(tmp_path / "beside/train" / FILE, scalar("loss", 0, 0.5))
    write(tmp_path / "beside/train2" / FILE, scalar("loss", 0, 0.5))
    write(tmp_path / "alone/train" / FILE, scalar("train/loss", 0, 0.5))

    assert names(tmp_path) == ["alone/train", "beside/train", "beside/train2"]


def test_of_two_directories_that_log_one_metric_the_runs_own_is_kept(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("eval/loss", 0, 0.5))
    write(tmp_path / "resnet50/eval" / FILE, scalar("loss", 0, 0.75))
    found = history(tmp_path, "resnet50")

    assert values(found) == {"eval/loss": [0.5]}
    assert found.read.losses == (
        "1 point of eval/loss in resnet50/eval left out: resnet50 logs it too.",
    )


def test_rows_of_roles_are_numbered_by_the_time_they_were_written(tmp_path: Path):
    training = [scalar("loss", step, 0.5, 1.7e9 + 10 * step) for step in range(3)]
    write(tmp_path / "resnet50/train" / FILE, *training)
    write(
        tmp_path / "resnet50/val" / FILE,
        scalar("loss", 0, 0.5, 1.7e9 + 5),
        scalar("loss", 1, 0.5, 1.7e9 + 2),
        scalar("loss", 2, 0.5, 1.7e9 + 25),
    )
    found = history(tmp_path, "resnet50").metrics

    assert found["train/loss"].rows.tolist() == [0, 3, 4]
    assert found["val/loss"].rows.tolist() == [1, 2, 5]


def test_a_late_evaluation_voids_nothing_of_the_training(tmp_path: Path):
    training = [session_start(0, 1.7e9), scalar("loss", 600, 0.5, 1.7e9 + 1)]
    resumed = [session_start(550, 1.7e9 + 3), scalar("loss", 550, 0.5, 1.7e9 + 4)]
    write(tmp_path / "resnet50" / FILE, *training, *resumed)
    write(tmp_path / "resnet50/eval" / FILE, session_start(500, 1.7e9 + 2), scalar("loss", 500, 1))

    assert history(tmp_path, "resnet50").purges == (Purge(row=4, step=550.0),)


def test_add_hparams_gives_the_run_its_config_and_final_metrics(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50")) as writer:
        writer.add_scalar("loss", 0.5, 7)
        writer.add_hparams(
            {"lr": 0.5, "seed": 3, "bias": True}, {"best": 0.25, "loss": 0.125}, global_step=9
        )
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")

    assert names(tmp_path) == ["resnet50"]
    assert run.config == {"lr": 0.5, "seed": 3, "bias": True}
    assert run.seed == "3"
    assert values(run.history) == {"loss": [0.5], "best": [0.25]}
    assert run.history.metrics["best"].steps.tolist() == [9.0]
    assert len(run.history.read.losses) == 1
    assert run.history.read.losses[0].startswith("1 point of loss in resnet50/")


def test_later_hyperparameters_win_and_the_difference_is_said(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50")) as writer:
        writer.add_scalar("loss", 0.5, 7)
        writer.add_hparams({"lr": 0.5, "seed": 3}, {"best": 0.25}, name="1700000000.5")
        writer.add_hparams({"lr": 0.25, "seed": 3}, {"best": 0.125}, name="1700000001.25")
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")

    assert run.config == {"lr": 0.25, "seed": 3}
    assert values(run.history) == {"loss": [0.5], "best": [0.25, 0.125]}
    assert run.history.read.losses == (
        "Hyperparameters logged twice differ in lr; the last are used.",
    )


def test_a_sweep_of_nothing_but_hyperparameters_is_a_run_each(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "sweep")) as writer:
        writer.add_hparams({"lr": 0.5}, {"best": 0.25}, name="1700000000.5")
        writer.add_hparams({"lr": 0.25}, {"best": 0.125}, name="1700000001.25")
    listing = TensorBoardReader(SOURCE, tmp_path).list()

    assert [run.full_name for run in listing.runs] == ["sweep/1700000000.5", "sweep/1700000001.25"]
    assert [one.where for one in listing.unreadable] == ["tensorboard:runs#sweep"]
    assert TensorBoardReader(SOURCE, tmp_path).read("sweep/1700000000.5").config == {"lr": 0.5}


def test_a_run_that_is_named_by_its_time_stays_one(tmp_path: Path):
    write(tmp_path / FILE, scalar("loss", 0, 0.5))
    write(tmp_path / "1700000000.5" / FILE, scalar("loss", 0, 0.25))

    assert "1700000000.5" in names(tmp_path)


def test_hyperparameters_below_a_role_belong_to_the_run(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50/train")) as writer:
        writer.add_scalar("loss", 0.5, 7)
        writer.add_hparams({"lr": 0.5}, {"best": 0.25})
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50/val")) as writer:
        writer.add_scalar("loss", 0.75, 7)
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")

    assert names(tmp_path) == ["resnet50"]
    assert run.config == {"lr": 0.5}
    assert values(run.history) == {"train/loss": [0.5], "val/loss": [0.75], "train/best": [0.25]}


def test_added_scalars_of_tensorboardx_are_metrics_of_the_run(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50")) as writer:
        writer.add_scalar("lr", 0.5, 0)
        writer.add_scalars("loss/all", {"train": 0.25, "val": 0.125}, 0)

    assert names(tmp_path) == ["resnet50"]
    assert values(history(tmp_path, "resnet50")) == {
        "lr": [0.5],
        "loss/all/train": [0.25],
        "loss/all/val": [0.125],
    }


def test_added_scalars_of_torch_are_metrics_of_the_run(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE)
    write(tmp_path / "resnet50/loss_all_train" / FILE, scalar("loss/all", 0, 0.25))
    write(tmp_path / "resnet50/loss_all_val" / FILE, scalar("loss/all", 0, 0.125))

    assert names(tmp_path) == ["resnet50"]
    assert values(history(tmp_path, "resnet50")) == {
        "loss/all/train": [0.25],
        "loss/all/val": [0.125],
    }


@pytest.mark.parametrize(
    ("parent", "tags"),
    [
        pytest.param([], ["loss"], id="no events above"),
        pytest.param([scalar("lr", 0, 0.5)], ["loss", "accuracy"], id="two tags"),
        pytest.param([scalar("lr", 0, 0.5)], ["accuracy"], id="another tag"),
    ],
)
def test_a_run_that_begins_like_a_metric_stays_one(
    tmp_path: Path, parent: list[Any], tags: list[str]
):
    if parent:
        write(tmp_path / FILE, *parent)
    write(tmp_path / "loss_ablation" / FILE, *(scalar(tag, 0, 0.5) for tag in tags))

    assert "loss_ablation" in names(tmp_path)


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")
def test_real_runs_of_keras_are_one_each():
    launches = (
        "tensorboard/10tanmay100__DEEPCNNCLASSIFIER/artifacts/prepare_callbacks/tensorboard_log_dir"
    )
    run = TensorBoardReader(SOURCE, REAL / launches).read("tb_logs_at_2022-09-27-18-50-22")
    counts = {name: metric.counts for name, metric in run.history.metrics.items()}

    assert len(names(REAL / launches)) == 15
    assert counts == {
        "train/epoch_loss": "epochs, first is 0",
        "train/epoch_accuracy": "epochs, first is 0",
        "validation/evaluation_loss_vs_iterations": "steps",
        "validation/evaluation_accuracy_vs_iterations": "steps",
        "validation/epoch_loss": "epochs, first is 0",
        "validation/epoch_accuracy": "epochs, first is 0",
    }
