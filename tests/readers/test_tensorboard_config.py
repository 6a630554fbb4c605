import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from samestep.model import EpochCounter, Planned, Source
from samestep.readers.tensorboard import TensorBoardReader

# The generated protobuf modules carry no types, and a module's attributes are Any.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
record_writer = import_module("tensorboard.summary.writer.record_writer")
tensorboardx = import_module("tensorboardX")

SOURCE = Source("tensorboard", "runs")
FILE = "events.out.tfevents.1700000000.host"


def write(path: Path, *events: Any) -> None:  # Any: protobuf messages carry no types
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = record_writer.RecordWriter(file)
        for event in (event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2"), *events):
            writer.write(event.SerializeToString())


def scalar(tag: str, step: int, value: float) -> Any:  # Any: as above
    event = event_pb2.Event(wall_time=1.7e9 + step, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def text(tag: str, content: str) -> Any:  # Any: as above
    event = event_pb2.Event(wall_time=1.7e9)
    value = event.summary.value.add(tag=f"{tag}/text_summary")
    value.metadata.plugin_data.plugin_name = "text"
    value.tensor.dtype = 7
    value.tensor.string_val.append(content.encode())
    return event


def keras_graph() -> Any:  # Any: as above
    event = event_pb2.Event(wall_time=1.7e9)
    value = event.summary.value.add(tag="keras")
    value.metadata.plugin_data.plugin_name = "graph_keras_model"
    value.tensor.dtype = 7
    value.tensor.string_val.append(b"{}")
    return event


def test_config_comes_from_sidecars_then_hyperparameters_then_training_arguments(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path / "bert")) as writer:
        writer.add_scalar("train/loss", 0.5, 10)
        writer.add_text("args", json.dumps({"seed": 42, "max_steps": -1, "num_train_epochs": 3}))
        writer.add_text("model_config", json.dumps({"hidden_size": 768}))
        writer.add_hparams({"lr": 0.1, "layers": 12.0, "seed": 2, "bias": True}, {})
    (tmp_path / "bert/config.json").write_text('{"lr": 1, "seed": 1, "dataset": "sst2"}')
    run = TensorBoardReader(SOURCE, tmp_path).read("bert")

    assert run.config == {
        "lr": 0.1,
        "layers": 12,
        "bias": True,
        "seed": 42,
        "dataset": "sst2",
        "max_steps": -1,
        "num_train_epochs": 3,
        "model_config": {"hidden_size": 768},
    }
    assert run.seed == "42"
    assert run.planned == Planned(3.0, "epochs", "num_train_epochs")


@pytest.mark.parametrize(
    ("content", "loss"),
    [
        ("seed=42", "The text 'args' is not JSON and was not used as config."),
        ("[" * 99_999, "The text 'args' is not JSON and was not used as config."),
        ("[1]", "The text 'args' holds no settings with names and was not used as config."),
    ],
)
def test_a_text_that_is_no_config_is_said(tmp_path: Path, content: str, loss: str):
    write(tmp_path / "bert" / FILE, scalar("train/loss", 0, 1.0), text("args", content))
    run = TensorBoardReader(SOURCE, tmp_path).read("bert")

    assert run.config == {}
    assert run.history.read.losses == (loss,)


HUGGING_FACE = EpochCounter(
    "train/epoch",
    "epochs completed",
    "Hugging Face's Trainer logs `train/epoch` as epochs completed",
)
LIGHTNING = EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")
TRAINING_ARGUMENTS = text("args", '{"num_train_epochs": 3}')


@pytest.mark.parametrize(
    ("events", "counter"),
    [
        pytest.param([scalar("train/epoch", 10, 0.5)], HUGGING_FACE, id="a part of an epoch"),
        pytest.param(
            [scalar("train/epoch", 10, 1.0), TRAINING_ARGUMENTS], HUGGING_FACE, id="arguments"
        ),
        pytest.param([scalar("train/epoch", 10, 1.0)], None, id="somebody's whole epochs"),
        pytest.param(
            [scalar("epoch", 10, 1.0), scalar("hp_metric", 0, -1.0)], LIGHTNING, id="lightning"
        ),
        pytest.param([scalar("epoch", 10, 1.0)], None, id="somebody's epoch"),
        pytest.param([scalar("loss", 10, 1.0)], None, id="no epoch"),
    ],
)
def test_the_epoch_counter_is_that_of_a_writer_known_by_its_other_traces(
    tmp_path: Path, events: list[Any], counter: EpochCounter | None
):
    write(tmp_path / "bert" / FILE, *events)

    assert TensorBoardReader(SOURCE, tmp_path).read("bert").history.epochs == counter


def test_epochs_from_1_beside_an_hparams_file_are_not_lightnings(tmp_path: Path):
    write(tmp_path / "mine" / FILE, scalar("epoch", 10, 1.0))
    (tmp_path / "mine/hparams.yaml").write_text("lr: 0.1\n")

    assert TensorBoardReader(SOURCE, tmp_path).read("mine").history.epochs is None


def test_lightning_is_known_by_its_hparams_file(tmp_path: Path):
    write(tmp_path / "version_0" / FILE, scalar("epoch", 10, 0.0))
    (tmp_path / "version_0/hparams.yaml").write_text("lr: 0.1\n")
    run = TensorBoardReader(SOURCE, tmp_path).read("version_0")

    assert run.history.epochs == LIGHTNING
    assert run.config == {"lr": 0.1}


def test_keras_counts_epochs_where_its_graph_says_that_it_is_keras(tmp_path: Path):
    tags = [scalar("epoch_loss", 0, 1.0), scalar("batch_loss", 0, 1.0)]
    write(tmp_path / "keras" / FILE, keras_graph(), *tags)
    write(tmp_path / "other" / FILE, *tags)
    reader = TensorBoardReader(SOURCE, tmp_path)
    keras, other = reader.read("keras").history.metrics, reader.read("other").history.metrics

    assert keras["epoch_loss"].counts == "epochs, first is 0"
    assert keras["batch_loss"].counts == "steps"
    assert other["epoch_loss"].counts == "steps"
