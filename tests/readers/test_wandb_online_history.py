from pathlib import Path

import numpy as np
import pytest
from tests.readers.wandb_stub.fixtures import home, points, read, reader, running_stub, stub
from tests.readers.wandb_stub.runs import FIRST_MOMENT, StubRun, logged
from tests.readers.wandb_stub.server import Stub

from samestep.progress import listening

__all__ = ["home", "running_stub", "stub"]

EPOCHS = [
    row
    for epoch in range(10)
    for row in (
        *(logged(101 * epoch + step, train__loss=1 / (1 + step)) for step in range(100)),
        logged(101 * epoch + 100, val__top1=30.0 + epoch, epoch=epoch),
    )
]
"""1,010 rows: a hundred steps of training and one of validation in each of ten epochs."""


def test_every_row_is_read_and_none_is_sampled(stub: Stub, home: Path):
    run = read(stub, home, StubRun("abc123", "resnet50", EPOCHS))

    metrics = run.history.metrics
    assert {name: len(metric.values) for name, metric in metrics.items()} == {
        "train/loss": 1000,
        "val/top1": 10,
        "epoch": 10,
    }
    assert points(metrics["val/top1"])[:2] == [(100, 100.0, 30.0), (201, 201.0, 31.0)]
    assert metrics["train/loss"].values.tolist() == [1 / (1 + n % 100) for n in range(1000)]
    assert metrics["epoch"].times is not None
    assert metrics["epoch"].times.tolist() == [FIRST_MOMENT + 101 * n + 100 for n in range(10)]
    assert (run.history.read.how, run.history.read.losses) == ("W&B history", ())
    assert run.history.row_counter == "W&B's row counter `_step`"
    assert stub.operations == ["Run", "RunParquetHistory", "HistoryPage", "Runs"]


@pytest.mark.parametrize("exported", [1009, 600, 0])
def test_rows_that_were_exported_are_read_with_those_that_were_not(
    stub: Stub, home: Path, exported: int
):
    run = read(stub, home, StubRun("abc123", "resnet50", EPOCHS, exported=exported))

    live = read(stub, home, StubRun("abc123", "resnet50", EPOCHS))
    assert stub.operations.count("/export/abc123") == 1
    assert {name: points(metric) for name, metric in run.history.metrics.items()} == {
        name: points(metric) for name, metric in live.history.metrics.items()
    }
    assert run.history.read.losses == ()


def test_rows_that_lie_in_an_export_and_among_the_live_ones_count_once(stub: Stub, home: Path):
    exported = StubRun("abc123", "resnet50", EPOCHS[:601], exported=600)
    stub.projects |= {"vision/imagenet": [exported]}
    live = StubRun("abc123", "resnet50", EPOCHS)
    stub.before["HistoryPage"] = lambda: stub.projects.update({"vision/imagenet": [live]})
    run = reader(stub, home).read("abc123")

    assert len(run.history.metrics["train/loss"].values) == 596
    assert points(run.history.metrics["val/top1"]) == [
        (101 * epoch + 100, 101.0 * epoch + 100, 30.0 + epoch) for epoch in range(5)
    ]


def test_an_export_is_fetched_again_for_a_run_that_went_on(stub: Stub, home: Path):
    early = read(stub, home, StubRun("abc123", rows=EPOCHS[:505], exported=504))
    late = read(stub, home, StubRun("abc123", rows=EPOCHS, exported=1009))

    assert len(early.history.metrics["val/top1"].values) == 5
    assert len(late.history.metrics["val/top1"].values) == 10


def test_few_rows_far_apart_take_few_requests(stub: Stub, home: Path):
    rows = [logged(1_000_000 * number, val__loss=1.0 / (1 + number)) for number in range(200)]
    run = read(stub, home, StubRun("abc123", rows=rows))

    assert len(run.history.metrics["val/loss"].values) == 200
    assert stub.operations.count("HistoryPage") == 1


def test_steps_too_far_apart_to_be_paged_are_asked_for_by_their_keys(stub: Stub, home: Path):
    moments = [1_795_000_000_000_000_000 + 10**9 * number for number in range(5)]
    rows = [{"_step": moment, "_timestamp": 1.0, "loss": 0.5} for moment in moments]
    run = read(stub, home, StubRun("abc123", rows=rows))

    assert run.history.metrics["loss"].rows.tolist() == moments
    assert stub.operations.count("RunSampledHistory") == 1


def test_a_long_history_is_read_page_by_page_and_can_be_stopped_between(stub: Stub, home: Path):
    rows = [logged(number, loss=1.0) for number in range(10_500)]
    told: list[tuple[str, int, int | None]] = []

    def hear(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))
        if len(told) == 6:
            raise InterruptedError

    with listening(hear):
        run = read(stub, home, StubRun("abc123", rows=rows))
        with pytest.raises(InterruptedError):
            read(stub, home, StubRun("abc123", rows=rows))

    assert len(run.history.metrics["loss"].values) == 10_500
    what = "history of wandb:vision/imagenet#abc123"
    assert told[:3] == [(what, done, 10_500) for done in (0, 10_000, 10_500)]
    assert told[4:] == [(what, done, 10_500) for done in (0, 10_000)]
    assert stub.operations.count("HistoryPage") == 3


def test_a_run_that_logged_nothing_has_no_history(stub: Stub, home: Path):
    run = read(stub, home, StubRun("abc123", "resnet50", config={"lr": 0.1}))

    assert (run.history.metrics, run.config) == ({}, {"lr": 0.1})
    assert stub.operations == ["Run", "Runs"]


def test_points_that_the_server_counts_and_does_not_give_are_said(stub: Stub, home: Path):
    run = read(stub, home, StubRun("abc123", rows=[logged(0, loss=2.5)], counted_beyond=4))

    assert run.history.read.losses == ("W&B counts more points than it gave of loss (1 of 5).",)


def test_a_page_that_the_server_cuts_short_is_asked_for_in_the_clients_own_size(
    stub: Stub, home: Path
):
    rows = [logged(number, loss=float(number)) for number in range(3000)]
    stub.rows["most_rows"] = 1000
    run = read(stub, home, StubRun("abc123", rows=rows))

    assert run.history.metrics["loss"].values.tolist() == [float(n) for n in range(3000)]
    assert run.history.read.losses == ()


def test_rows_without_a_step_are_left_out_and_said(stub: Stub, home: Path):
    rows = [logged(0, loss=2.5), logged(1, loss=2.25)]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows)]
    stub.rows["gives_steps"] = False
    run = reader(stub, home).read("abc123")

    assert run.history.read.losses[0] == "2 rows name no `_step` and were left out."


def test_of_a_wide_run_only_what_is_wanted_is_fetched(stub: Stub, home: Path):
    wide = [
        {**row, **{f"grad/layer{n}": 1.0 for n in range(20)}} if "train/loss" in row else row
        for row in EPOCHS
    ]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=wide, exported=600)]
    run = reader(stub, home).read_wanted("abc123", lambda name: name.startswith("val/"))

    assert {name: len(one.values) for name, one in run.history.metrics.items()} == {
        "val/top1": 10,
        "epoch": 10,
    }
    assert run.history.unread == {"train/loss", *(f"grad/layer{n}" for n in range(20))}
    assert run.history.metrics["val/top1"].rows.tolist()[:2] == [100, 201]
    assert run.history.row_counter == "W&B's row counter `_step`"
    assert stub.operations == ["Run", "RunSampledHistory", "Runs"]
    assert run.finals == {}


def test_what_is_wanted_is_read_whole_where_asking_by_key_gives_too_little(stub: Stub, home: Path):
    wide = [{**row, **{f"grad/layer{n}": 1.0 for n in range(20)}} for row in EPOCHS]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=wide)]
    stub.rows["most_samples"] = 100
    run = reader(stub, home).read_wanted("abc123", lambda name: name == "train/loss")

    assert len(run.history.metrics["train/loss"].values) == 1000
    assert run.history.metrics.keys() == {"train/loss", "epoch"}
    assert run.history.read.losses == ()
    assert "HistoryPage" in stub.operations


def test_the_declared_axis_of_what_is_wanted_comes_with_it(stub: Stub, home: Path):
    defined = [{"1": "loss", "4": "seen_iter"}]
    rows = [logged(n, loss=1.0, lr=0.1, a=1, b=2, c=3, seen_iter=64 * n) for n in range(3)]
    run = StubRun("abc123", rows=rows, internals={"m": defined})
    stub.projects["vision/imagenet"] = [run]
    history = reader(stub, home).read_wanted("abc123", lambda name: name == "loss").history

    assert history.metrics["loss"].steps.tolist() == [0.0, 64.0, 128.0]
    assert history.unread == {"a", "b", "c", "lr"}


def test_a_wanted_nested_metric_is_found_below_its_key(stub: Stub, home: Path):
    rows = [logged(n, val={"loss": 2.0, "top1": 30.0}) for n in range(3)]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows)]
    run = reader(stub, home).read_wanted("abc123", lambda name: name == "val.loss")

    assert run.history.metrics["val.loss"].values.tolist() == [2.0, 2.0, 2.0]
    assert run.history.metrics.keys() == {"val.loss"}
    assert run.history.unread == {"val.top1"}


def test_metrics_logged_in_different_rows_are_all_read_when_asked_for_together(
    stub: Stub, home: Path
):
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=EPOCHS, exported=300)]
    wanted = {"train/loss", "val/top1"}
    run = reader(stub, home).read_wanted("abc123", wanted.__contains__)

    assert {name: len(one.values) for name, one in run.history.metrics.items()} == {
        "train/loss": 1000,
        "val/top1": 10,
        "epoch": 10,
    }
    assert not np.isnan(run.history.metrics["val/top1"].values).any()
