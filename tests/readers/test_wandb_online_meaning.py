import math
from pathlib import Path

import pytest
from tests.readers.wandb_stub.fixtures import home, points, read, running_stub, stub
from tests.readers.wandb_stub.runs import Row, StubRun, logged, recorded
from tests.readers.wandb_stub.server import Stub

from samestep.model import EpochCounter, Final, Lineage, Planned

__all__ = ["home", "running_stub", "stub"]


def test_what_the_real_writer_sends_is_read_as_it_was_logged(stub: Stub, home: Path):
    run = read(stub, home, recorded())

    metrics = run.history.metrics
    loss = [4.0 - epoch - step / 8 for epoch in range(3) for step in range(4)]
    assert [None if math.isnan(value) else value for value in metrics["train/loss"].values] == [
        *loss[:6],
        None,
        *loss[7:],
    ]
    assert points(metrics["val/top1"]) == [(5, 5.0, 30.5), (11, 11.0, 31.5), (17, 17.0, 32.5)]
    assert points(metrics["epoch"]) == [(n, float(n), n // 6) for n in (4, 5, 10, 11, 16, 17)]
    assert metrics.keys() == {
        "train/loss", "val/top1", "epoch", "timing.data", "timing.step", "wide"
    }  # fmt: skip
    assert (metrics["val/top1"].direction, metrics["train/loss"].direction) == ("higher", "lower")
    assert run.history.epochs is not None
    assert (run.history.epochs.metric, run.history.read.losses) == ("epoch", ())
    assert (run.seed, run.group, run.tags) == ("1", "resnet50", ("recorded",))
    assert run.config == {"seed": 1, "optimizer": {"lr": 0.125}}
    assert run.finals == {"test/top1": Final(33.25, "summary: test/top1")}
    assert (run.environment["python"], run.environment["program"]) == ("CPython 3.11.7", "train.py")
    assert [one.name for one in run.lineage] == ["https://github.com/example/vision.git"]


def test_values_that_are_not_finite_are_values(stub: Stub, home: Path):
    rows = [logged(n, loss=value) for n, value in enumerate(["NaN", 2.5, "Infinity", "-Infinity"])]
    live = read(stub, home, StubRun("abc123", rows=rows))
    exported = read(stub, home, StubRun("abc123", rows=rows, exported=3))

    for run in (live, exported):
        assert str(run.history.metrics["loss"].values.tolist()) == "[nan, 2.5, inf, -inf]"
        assert run.history.read.losses == ()


def test_nested_values_have_dotted_names_and_media_are_no_metrics(stub: Stub, home: Path):
    image: Row = {"_type": "image-file", "size": 120, "path": "media/0.png"}
    rows = [
        logged(0, val={"loss": 2.5, "by_class": {"cat": 1.5}}, sample=image, note="first"),
        logged(
            1, val={"loss": 2.25, "image": image}, lr=0.1, done=True, nothing=None, shape=[1, 2]
        ),
    ]
    run = read(stub, home, StubRun("abc123", rows=rows))

    assert {name: points(metric) for name, metric in run.history.metrics.items()} == {
        "val.loss": [(0, 0.0, 2.5), (1, 1.0, 2.25)],
        "val.by_class.cat": [(0, 0.0, 1.5)],
        "lr": [(1, 1.0, 0.1)],
    }


def test_texts_among_the_numbers_of_a_metric_are_left_out_and_said(stub: Stub, home: Path):
    rows = [logged(0, loss=2.5), logged(1, loss="diverged"), logged(2, loss=[1.0])]
    run = read(stub, home, StubRun("abc123", rows=rows))

    assert run.history.metrics["loss"].values.tolist() == [2.5]
    assert run.history.read.losses == ("2 values that are no numbers were left out of loss.",)


def test_a_step_passed_to_log_is_a_step(stub: Stub, home: Path):
    rows = [logged(100 * number, loss=2.5) for number in range(5)]
    history = read(stub, home, StubRun("abc123", rows=rows)).history

    assert history.metrics["loss"].steps.tolist() == [0.0, 100.0, 200.0, 300.0, 400.0]
    assert history.row_counter is None


@pytest.mark.parametrize("name", ["global_step", "trainer/global_step", "train/global_step"])
def test_a_global_step_goes_before_the_row_counter(stub: Stub, home: Path, name: str):
    rows = [
        {**logged(0, loss=2.5), name: 50},
        logged(1, loss=2.25),
        {**logged(2, loss=2.0), name: 100},
    ]
    history = read(stub, home, StubRun("abc123", rows=rows)).history

    assert str(history.metrics["loss"].steps.tolist()) == "[50.0, nan, 100.0]"
    assert history.row_counter is None


def test_a_step_that_the_run_declares_goes_before_the_row_counter(stub: Stub, home: Path):
    defined = [{"1": "iteration", "6": [3]}, {"2": "*", "5": 1, "6": [1]}]
    rows = [logged(n, loss=2.5, iteration=200 * n) for n in range(3)]
    history = read(stub, home, StubRun("abc123", rows=rows, internals={"m": defined})).history

    assert history.metrics["loss"].steps.tolist() == [0.0, 200.0, 400.0]


@pytest.mark.parametrize(
    ("keys", "counter"),
    [
        (("trainer/global_step", "epoch"), EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")),
        (("train/global_step", "train/epoch"), EpochCounter("train/epoch", "epochs completed", "Hugging Face's Trainer logs `train/epoch` as epochs completed")),
        (("epoch/epoch", "epoch/loss"), EpochCounter("epoch/epoch", "first is 0", "Keras logs `epoch/epoch` counted from 0")),
        (("epoch", "train_loss", "eval_loss", "eval_top1"), EpochCounter("epoch", "first is 0", "timm logs `epoch` counted from 0")),
        (("epoch", "loss"), None),
    ],
    ids=["Lightning", "Trainer", "Keras", "timm", "unknown"],
)  # fmt: skip
def test_a_writer_known_by_its_keys_is_known_to_count_epochs_its_way(
    stub: Stub, home: Path, keys: tuple[str, ...], counter: EpochCounter | None
):
    rows: list[Row] = [{**logged(0), **dict.fromkeys(keys, 1.0)}]

    assert read(stub, home, StubRun("abc123", rows=rows)).history.epochs == counter


def test_an_epoch_that_the_run_declares_is_its_epoch_counter(stub: Stub, home: Path):
    defined = [{"1": "val/epoch", "6": [3]}, {"2": "val/*", "4": "val/epoch"}]
    rows = [logged(0, val__epoch=1, val__top1=30.0)]
    history = read(stub, home, StubRun("abc123", rows=rows, internals={"m": defined})).history

    assert history.epochs == EpochCounter(
        "val/epoch", "unknown", "define_metric makes 'val/epoch' the x-axis of other metrics"
    )


def test_ultralytics_counts_epochs_in_the_row_counter(stub: Stub, home: Path):
    rows: list[Row] = [{**logged(1), "metrics/mAP50(B)": 0.5, "lr/pg0": 0.01}]
    history = read(stub, home, StubRun("abc123", rows=rows)).history

    assert history.metrics["metrics/mAP50(B)"].counts == "epochs, first is 1"
    assert history.row_counter is None


def test_directions_are_what_the_run_declared(stub: Stub, home: Path):
    defined = [
        {"1": "val/regret", "7": [2]},
        {"2": "val/*", "7": [1]},
        {"1": "gap", "7": [1, 2]},
        {"1": "reward", "8": 2},
        {"1": "cost\\.total", "8": 1},
    ]
    rows: list[Row] = [
        {
            **logged(0, val__regret=1.0, val__loss=1.0, gap=1.0, reward=1.0, lr=0.1),
            "cost.total": 2.0,
        }
    ]
    metrics = read(
        stub, home, StubRun("abc123", rows=rows, internals={"m": defined})
    ).history.metrics

    assert {name: metric.direction for name, metric in metrics.items()} == {
        "val/regret": "higher",
        "val/loss": "lower",
        "gap": None,
        "reward": "higher",
        "lr": None,
        "cost.total": "lower",
    }


def test_a_run_brings_its_settings_and_what_it_was_made_from(stub: Stub, home: Path):
    environment = {
        "old": {"startedAt": "2026-11-19T10:00:00Z", "host": "laptop"},
        "new": {
            "startedAt": "2026-11-20T10:00:00Z",
            "os": "Linux-6.18",
            "python": "CPython 3.11.7",
            "host": "gpu-node-3",
            "gpu": "NVIDIA A100",
            "gpu_count": 8,
            "cudaVersion": "12.4",
            "cpu_count": 64,
            "program": "train.py",
            "git": {"remote": "https://github.com/lab/vision.git", "commit": "0123abcd"},
        },
    }
    run = read(
        stub,
        home,
        StubRun(
            "abc123",
            "resnet50",
            rows=[logged(0, loss=2.5)],
            state="crashed",
            config={"seed": 3, "trainer": {"max_epochs": 90}, "steps_per_epoch": 1251},
            internals={"e": environment, "python_version": "3.11.7"},
            group="resnet50-cosine",
            tags=["baseline", "a100"],
        ),
    )

    assert (run.state, run.seed, run.group, run.tags) == (
        "crashed",
        "3",
        "resnet50-cosine",
        ("baseline", "a100"),
    )
    assert run.config["trainer"] == {"max_epochs": 90}
    assert run.planned == Planned(90.0, "epochs", "trainer.max_epochs")
    assert run.history.steps_per_epoch == 1251.0
    assert run.environment == {
        "python": "CPython 3.11.7",
        "os": "Linux-6.18",
        "host": "gpu-node-3",
        "gpu": "NVIDIA A100",
        "gpu_count": "8",
        "cuda": "12.4",
        "cpu_count": "64",
        "program": "train.py",
        "user": "a-user",
    }
    assert run.lineage == (
        Lineage("code", "https://github.com/lab/vision.git", "0123abcd", "W&B environment record"),
    )


def test_a_commit_without_an_environment_is_that_of_the_run_record(stub: Stub, home: Path):
    run = read(stub, home, StubRun("abc123", commit="0123abcd"))

    assert run.lineage == (Lineage("code", "git repository", "0123abcd", "W&B run record"),)
    assert run.environment == {"user": "a-user"}


def test_numbers_of_the_summary_that_were_never_logged_are_final_values(stub: Stub, home: Path):
    summary = {
        "test/top1": 76.1,
        "val/top1": {"last": 30.0, "max": 31.0},
        "eval": {"wer": "NaN"},
        "best_model": "epoch_89.pt",
        "_runtime": 60,
    }
    rows = [logged(0, val__top1=31.0), logged(1, val__top1=30.0)]
    finals = read(stub, home, StubRun("abc123", rows=rows, summary=summary)).finals

    assert finals["test/top1"] == Final(76.1, "summary: test/top1")
    assert math.isnan(finals["eval.wer"].value)
    assert finals.keys() == {"test/top1", "eval.wer"}
