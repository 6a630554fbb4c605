import math
import struct
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.record.wandb_runs import COMMIT
from tests.record.wandb_runs import recorded as recorded_runs

from samestep.analysis.axis import Unplaced, run_axis
from samestep.model import EpochCounter, Final, Lineage, Metric, Run, Source
from samestep.readers.wandb.local import LocalReader

# The generated protobuf modules carry no types, and a module's attributes are Any.
pb = import_module("wandb.proto.wandb_internal_pb2")
SOURCE = Source("wandb", "./wandb")


@pytest.fixture(scope="session", name="recorded")
def recorded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")


def read(recorded: Path, run_id: str) -> Run:
    return LocalReader(SOURCE, recorded).read(run_id)


def values(metric: Metric) -> list[float]:
    return metric.values.tolist()


def by_step(run: Run, name: str) -> list[tuple[float, float]]:
    metric = run.history.metrics[name]
    return list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True))


def test_every_number_is_what_was_logged_at_the_step_it_was(recorded: Path):
    run = read(recorded, "cosine01")

    assert by_step(run, "train/loss") == [(step, 1.0 / step) for step in range(1, 13)]
    assert by_step(run, "nested.a") == [(step, step) for step in range(1, 13)]
    assert by_step(run, "nested.b.c") == [(step, -step) for step in range(1, 13)]
    assert by_step(run, "global_step") == [(step, step) for step in range(1, 13)]
    assert run.history.row_counter is None


def test_a_row_that_names_no_step_has_none_where_others_do(recorded: Path):
    top1 = read(recorded, "cosine01").history.metrics["val/top1"]

    assert values(top1) == [40.0, 80.0, 120.0]
    assert [math.isnan(step) for step in top1.steps.tolist()] == [True] * 3


def test_values_that_are_not_finite_or_hardly_numbers_are_kept(recorded: Path):
    metrics = read(recorded, "cosine01").history.metrics
    names = ("diverged", "up", "down", "big", "tiny")

    assert str([values(metrics[name]) for name in names]) == str(
        [[math.nan], [math.inf], [-math.inf], [float(2**70)], [5e-324]]
    )


def test_what_is_no_number_is_no_metric_and_said_where_the_metric_has_others(recorded: Path):
    history = read(recorded, "cosine01").history
    names = {name for name in history.metrics if not name.startswith("system.")}

    assert names == {
        *("train/loss", "global_step", "nested.a", "nested.b.c"),
        *("epoch", "val/top1", "val/loss", "diverged", "up", "down", "big", "tiny"),
    }
    assert history.read.losses == ("1 value that is no number was left out of diverged.",)


def test_a_metric_defined_on_the_epoch_stands_at_the_epoch_in_its_row(recorded: Path):
    run = read(recorded, "cosine01")
    axis = run_axis(run.history, "epoch")

    assert run.history.epochs == EpochCounter(
        "epoch", "unknown", "define_metric makes 'epoch' the x-axis of other metrics"
    )
    assert not isinstance(axis, Unplaced)
    assert axis.curves["val/top1"].x.tolist() == [1.0, 2.0, 3.0]
    assert axis.curves["val/top1"].values.tolist() == [40.0, 80.0, 120.0]


def test_the_runs_own_definitions_say_which_way_is_better(recorded: Path):
    metrics = read(recorded, "cosine01").history.metrics
    names = ("val/top1", "val/loss", "train/loss")

    assert [metrics[name].direction for name in names] == ["higher", "lower", None]


def test_rows_carry_the_time_they_were_logged_at(recorded: Path):
    run = read(recorded, "cosine01")
    times = run.history.metrics["train/loss"].times
    started = run.head.started

    assert times is not None
    assert started is not None
    assert times.tolist() == sorted(times.tolist())
    assert 0.0 <= times[0] - started.timestamp() < 600.0


def test_measurements_of_the_machine_have_times_and_no_step(recorded: Path):
    metrics = read(recorded, "cosine01").history.metrics
    machine = {name: metric for name, metric in metrics.items() if name.startswith("system.")}
    rows = {row for metric in machine.values() for row in metric.rows.tolist()}

    assert "system.memory_percent" in machine
    assert all(math.isnan(step) for metric in machine.values() for step in metric.steps)
    assert all(metric.times is not None for metric in machine.values())
    assert rows.isdisjoint(metrics["train/loss"].rows.tolist())


def test_the_config_is_nested_as_it_was_written_and_has_its_updates(recorded: Path):
    run = read(recorded, "cosine01")

    assert run.config == {
        "lr": 0.1,
        "seed": 3,
        "optimizer": {"name": "adam"},
        "gone": 1,
        "epochs": 3,
    }
    assert run.seed == "3"
    assert run.planned is not None
    assert (run.planned.length, run.planned.unit) == (3.0, "epochs")


def test_only_what_no_row_holds_is_final(recorded: Path):
    assert read(recorded, "cosine01").finals == {
        "test/top1": Final(91.25, "summary: test/top1"),
        "test/nested.ece": Final(0.5, "summary: test/nested.ece"),
    }


def test_where_it_ran_and_what_it_was_made_from_is_told_without_credentials(recorded: Path):
    run = read(recorded, "cosine01")
    code, model = run.lineage

    assert run.environment["python"].startswith("CPython 3")
    assert {"os", "host", "cpu_count"} <= run.environment.keys()
    assert code == Lineage(
        "code", "https://example.org/vision.git", COMMIT, "W&B environment record"
    )
    assert (model.kind, model.name, model.context) == ("model", "resnet50", "output")
    assert model.digest


def test_of_what_was_made_again_and_again_the_newest_version_is_told(tmp_path: Path):
    directory = tmp_path / "run-20240101_000000-one"
    directory.mkdir()
    used, other, *made = (pb.Record() for _ in range(4))
    used.use_artifact.type, used.use_artifact.name = "dataset", "imagenet:v3"
    other.artifact.type, other.artifact.name = "job", "job-one"
    for version, record in enumerate(made):
        record.artifact.type, record.artifact.name = "model", "resnet50"
        record.artifact.digest = f"digest {version}"
    (directory / "run-one.wandb").write_bytes(framed(used, other, *made))

    assert LocalReader(SOURCE, tmp_path).read("one").lineage == (
        Lineage("dataset", "imagenet:v3", None, "W&B used artifact record", "input"),
        Lineage("model", "resnet50", "digest 1", "W&B artifact record", "output"),
    )


def framed(*records: Any) -> bytes:  # Any: protobuf messages carry no types
    """Write records into one block of a log, each in a chunk of its own."""
    payloads: list[bytes] = [record.SerializeToString() for record in records]
    return b":W&B\xe1\xbe\x00" + b"".join(
        struct.pack("<IHB", zlib.crc32(b"\x01" + data), len(data), 1) + data for data in payloads
    )


def test_group_tags_and_state_are_the_runs_own(recorded: Path):
    run = read(recorded, "cosine01")

    assert (run.full_name, run.group) == ("resnet50-cosine/seed3", "resnet50-cosine")
    assert (run.tags, run.state) == (("baseline", "imagenet"), "finished")


def test_a_run_that_ended_with_an_exit_code_failed(recorded: Path):
    run = read(recorded, "nameless")

    assert run.state == "failed"
    assert by_step(run, "loss") == [(0.0, 4.0), (1.0, 2.0), (2.0, 1.0)]
    assert run.history.row_counter == "W&B's row counter `_step`"


def test_a_step_passed_to_log_is_a_step_and_no_row_counter(recorded: Path):
    run = read(recorded, "twin0000")

    assert by_step(run, "loss") == [(100.0 * at, 8.0 - at) for at in range(5)]
    assert run.history.row_counter is None


def test_lightning_counts_epochs_from_0_at_its_own_global_step(recorded: Path):
    run = read(recorded, "lightning")
    axis = run_axis(run.history, "epoch")

    assert by_step(run, "val_loss") == [(49.0, 2.0), (99.0, 2.0)]
    assert run.history.epochs is not None
    assert run.history.epochs.base == "first is 0"
    assert not isinstance(axis, Unplaced)
    assert axis.curves["val_loss"].x.tolist() == [1.0, 2.0]


def test_ultralytics_passes_the_epoch_as_step_counted_from_1(recorded: Path):
    run = read(recorded, "yolo")
    metric = run.history.metrics["metrics/mAP50(B)"]
    axis = run_axis(run.history, "epoch")

    assert (metric.steps.tolist(), metric.counts) == ([1.0, 2.0, 3.0], "epochs, first is 1")
    assert run.history.row_counter is None
    assert not isinstance(axis, Unplaced)
    assert axis.curves["metrics/mAP50(B)"].x.tolist() == [1.0, 2.0, 3.0]
