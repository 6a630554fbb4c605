"""Logs of MMEngine and of MMCV 1, written by hand as their sources write them.

Both need PyTorch. MMEngine's rows follow LoggerHook and LogProcessor with LocalVisBackend, MMCV's
its TextLoggerHook; the numbers are held against json.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of
from samestep.model import Source
from samestep.readers.files import FilesReader

Row = Mapping[str, object]

BY_EPOCH: list[Row] = [
    {"lr": 0.02, "data_time": 0.5, "loss": 2.5, "time": 1.5, "epoch": 1, "iter": 50, "step": 50},
    {"lr": 0.02, "data_time": 0.5, "loss": 2.25, "time": 1.5, "epoch": 1, "iter": 100, "step": 100},
    {"coco/bbox_mAP": 0.125, "step": 1},
    {"lr": 0.02, "data_time": 0.5, "loss": 2.0, "time": 1.5, "epoch": 2, "iter": 150, "step": 150},
    {"lr": 0.02, "data_time": 0.5, "loss": 1.5, "time": 1.5, "epoch": 2, "iter": 200, "step": 200},
    {"coco/bbox_mAP": 0.25, "step": 2},
]
BY_ITERATION: list[Row] = [
    {"lr": 0.01, "loss": 2.5, "iter": 50, "step": 50},
    {"lr": 0.01, "loss": 2.0, "iter": 100, "step": 100},
    {"mIoU": 12.5, "step": 100},
    {"lr": 0.01, "loss": 1.5, "iter": 150, "step": 150},
]


def lines(path: Path, rows: Iterable[Row], end: str = "\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)) + end)
    return path


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def points(log: Log, name: str) -> list[tuple[float, float]]:
    metric = log.metrics[name]
    return list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True))


def test_mmengine_s_training_rows_count_iterations_and_its_evaluations_epochs(tmp_path: Path):
    path = lines(tmp_path / "scalars.json", BY_EPOCH)
    log = read(path)

    assert known_as(path) == "MMEngine"
    assert points(log, "loss") == [(row["step"], row["loss"]) for row in BY_EPOCH if "loss" in row]
    assert log.metrics["loss"].counts == "steps"
    assert "iter" not in log.metrics
    assert points(log, "coco/bbox_mAP") == [(1.0, 0.125), (2.0, 0.25)]
    assert log.metrics["coco/bbox_mAP"].counts == "epochs, first is 1"
    assert log.metrics["coco/bbox_mAP"].rows.tolist() == [2, 5]
    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("epoch", "first is 1")


def test_mmengine_s_evaluations_at_iterations_stand_there(tmp_path: Path):
    log = read(lines(tmp_path / "scalars.json", BY_ITERATION))

    assert points(log, "mIoU") == [(100.0, 12.5)]
    assert (log.metrics["mIoU"].counts, log.epochs) == ("steps", None)


def test_mmengine_s_evaluations_at_no_step_at_all_are_skipped_and_counted(tmp_path: Path):
    rows = [*BY_ITERATION[:2], {"mIoU": 12.5, "step": 0}]
    log = read(lines(tmp_path / "scalars.json", rows))

    assert "mIoU" not in log.metrics
    assert log.losses == ("1 evaluation rows that name no step were skipped",)


def test_a_name_in_rows_of_both_kinds_is_two_metrics(tmp_path: Path):
    rows = [*BY_EPOCH[:2], {"acc": 0.5, "time": 9.5, "step": 1}]
    log = read(lines(tmp_path / "scalars.json", rows))

    assert points(log, "time") == [(50.0, 1.5), (100.0, 1.5)]
    assert points(log, "val/time") == [(1.0, 9.5)]


def test_mmengine_s_copy_of_the_scalars_makes_no_second_run(tmp_path: Path):
    for name in ("scalars.json", "20260101_120000.json"):
        lines(tmp_path / "20260101_120000" / "vis_data" / name, BY_EPOCH[:1])
    reader = FilesReader(Source("files", "work_dirs"), tmp_path)

    assert [head.ref.id for head in reader.list().runs] == ["20260101_120000/vis_data"]
    run = reader.read("20260101_120000/vis_data")
    assert run.history.metrics["loss"].values.tolist() == [2.5]


CONFIG = """\
import os
max_epochs = 12
base_lr = -0.5 if os.environ else 1
train_cfg = dict(by_epoch=True, max_epochs=12, type='EpochBasedTrainLoop')
randomness = dict(seed=3)
milestones = [8, (11, None)]
pattern = '\\d'
custom = {'a': -1, 2: set()}
os.remove('config.py')
"""


def test_mmengine_s_config_is_parsed_and_never_executed(tmp_path: Path):
    path = lines(tmp_path / "vis_data" / "scalars.json", BY_EPOCH)
    path.with_name("config.py").write_text(CONFIG)

    run = FilesReader(Source("files", "work"), tmp_path).read("vis_data")
    assert run.config == {
        "max_epochs": 12,
        "base_lr": "-0.5 if os.environ else 1",
        "train_cfg": {"by_epoch": True, "max_epochs": 12, "type": "EpochBasedTrainLoop"},
        "randomness": {"seed": 3},
        "milestones": [8, [11, None]],
        "pattern": "\\d",
        "custom": {"a": -1, "2": "set()"},
    }
    assert (run.seed, run.planned and run.planned.length) == ("3", 12.0)
    assert path.with_name("config.py").exists()


@pytest.mark.parametrize("config", ["model = dict(", "x = " + "(" * 5_000, "\0", "def"])
def test_a_config_that_is_no_python_is_no_config(tmp_path: Path, config: str):
    path = lines(tmp_path / "scalars.json", BY_EPOCH)
    path.with_name("config.py").write_text(config)

    assert read(path).config == {}


def test_the_copy_alone_is_read(tmp_path: Path):
    log = read(lines(tmp_path / "20260101_120000.json", BY_EPOCH))

    assert points(log, "coco/bbox_mAP") == [(1.0, 0.125), (2.0, 0.25)]


ABOUT: Row = {
    "env_info": "sys.platform: linux\n" * 20,
    "config": "model = dict(type='FasterRCNN')\n" * 20,
    "seed": 3,
    "exp_name": "faster_rcnn.py",
}
MMCV: list[Row] = [
    ABOUT,
    {"mode": "train", "epoch": 1, "iter": 50, "lr": 0.02, "loss": 2.5},
    {"mode": "train", "epoch": 1, "iter": 100, "lr": 0.02, "loss": 2.25},
    {"mode": "val", "epoch": 1, "iter": 625, "lr": 0.02, "bbox_mAP": 0.125},
    {"mode": "train", "epoch": 2, "iter": 50, "lr": 0.02, "loss": 2.0},
    {"mode": "val", "epoch": 2, "iter": 625, "lr": 0.02, "bbox_mAP": 0.25},
]


def test_mmcv_s_iterations_of_an_epoch_are_no_steps(tmp_path: Path):
    path = lines(tmp_path / "20210101_120000.log.json", MMCV)
    log = read(path)

    assert known_as(path) == "MMCV"
    assert log.metrics["train/loss"].values.tolist() == [2.5, 2.25, 2.0]
    assert log.metrics["val/bbox_mAP"].values.tolist() == [0.125, 0.25]
    assert str(log.metrics["train/loss"].steps.tolist()) == "[nan, nan, nan]"
    assert log.metrics["epoch"].values.tolist() == [row["epoch"] for row in MMCV if "mode" in row]
    assert log.epochs is not None
    assert log.epochs.base == "first is 1"


def test_mmcv_s_first_line_is_config_without_its_documents(tmp_path: Path):
    log = read(lines(tmp_path / "20210101_120000.log.json", MMCV))

    assert log.config == {
        "model": {"type": "FasterRCNN"},
        "seed": 3,
        "exp_name": "faster_rcnn.py",
    }


def test_mmcv_s_iterations_that_go_on_over_epochs_are_steps(tmp_path: Path):
    rows: list[Row] = [
        ABOUT,
        {"mode": "train", "epoch": 1, "iter": 2000, "loss": 2.5},
        {"mode": "train", "epoch": 2, "iter": 4000, "loss": 2.0},
        {"mode": "val", "epoch": 2, "iter": 500, "mIoU": 0.5},
    ]
    log = read(lines(tmp_path / "20210101_120000.log.json", rows))

    assert points(log, "train/loss") == [(2000.0, 2.5), (4000.0, 2.0)]
    assert points(log, "val/mIoU") == [(4000.0, 0.5)]
    assert log.losses == (
        "1 evaluation rows name no step and stand at that of the training row before them",
    )


def test_a_line_about_the_run_in_the_middle_moves_no_row(tmp_path: Path):
    log = read(lines(tmp_path / "20210101_120000.log.json", [*MMCV[:3], ABOUT, *MMCV[3:4]]))

    assert log.metrics["val/bbox_mAP"].values.tolist() == [0.125]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("scalars.json", BY_EPOCH), ("20210101_120000.log.json", MMCV)],
)
def test_half_a_line_is_dropped_and_said(tmp_path: Path, name: str, rows: list[Row]):
    path = lines(tmp_path / name, rows, end="")
    path.write_bytes(path.read_bytes()[:-9])
    log = read(path)

    assert log.losses == ("the last line is half-written and was dropped",)
    [evaluated] = [metric for name, metric in log.metrics.items() if "bbox_mAP" in name]
    assert evaluated.values.tolist() == [0.125]


@pytest.mark.parametrize("name", ["scalars.json", "20210101_120000.log.json"])
def test_an_empty_log_is_no_log(tmp_path: Path, name: str):
    (tmp_path / name).write_text("")

    assert known_as(tmp_path / name) is None
