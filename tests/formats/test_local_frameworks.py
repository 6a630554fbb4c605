"""Logs of Keras, timm, DeiT, detectron2 and DINOv2.

Keras' tables are what CSVLogger of Keras 3.15.1 wrote, byte for byte. The others need PyTorch to
run and are written by hand: after timm's update_summary, the last lines of MAE's main_finetune.py,
detectron2's JSONWriter and DINOv2's MetricLogger. Their numbers are held against csv and json.
"""

import csv
import json
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def values(log: Log) -> dict[str, list[float]]:
    return {name: metric.values.tolist() for name, metric in log.metrics.items()}


def base(log: Log) -> str | None:
    return log.epochs and log.epochs.base


KERAS = (
    b"epoch,accuracy,loss,val_accuracy,val_loss\r\n0,0.25,2.5,0.375,2.25\r\n1,0.5,2.0,0.5,nan\r\n"
)
KERAS_WITHOUT_VALIDATION = b"epoch,accuracy,loss,val_accuracy,val_loss\r\n0,0.25,2.5,NA,NA\r\n"


def test_keras_counts_epochs_from_0_and_logs_no_steps(tmp_path: Path):
    path = text(tmp_path / "training.csv", KERAS)
    log = read(path)

    assert known_as(path) == "Keras"
    assert base(log) == "first is 0"
    assert log.metrics["accuracy"].values.tolist() == [0.25, 0.5]
    assert str(log.metrics["val_loss"].values.tolist()) == "[2.25, nan]"
    assert str(log.metrics["loss"].steps.tolist()) == "[nan, nan]"
    rows = list(csv.DictReader(KERAS.decode().splitlines()))
    assert log.metrics["loss"].values.tolist() == [float(row["loss"]) for row in rows]


def test_keras_writes_na_for_what_it_did_not_measure(tmp_path: Path):
    log = read(text(tmp_path / "training.csv", KERAS_WITHOUT_VALIDATION))

    assert values(log) == {"epoch": [0.0], "accuracy": [0.25], "loss": [2.5]}


def test_keras_writes_with_a_separator_of_the_user_s_choice(tmp_path: Path):
    log = read(text(tmp_path / "training.csv", KERAS.replace(b",", b";")))

    assert (base(log), log.metrics["loss"].values.tolist()) == ("first is 0", [2.5, 2.0])


def test_keras_columns_of_a_writer_that_counts_from_1_are_not_taken_for_keras(tmp_path: Path):
    log = read(text(tmp_path / "log.csv", "epoch,loss,val_loss\n1,2.5,2.6\n2,2.0,2.2\n"))

    assert base(log) == "unknown"


@pytest.mark.parametrize(
    "header",
    ["epoch,loss,accuracy,val_loss", "epoch,loss", "step,loss", "epoch,loss,seed,val_loss"],
)
def test_other_columns_are_not_those_of_keras(tmp_path: Path, header: str):
    assert known_as(text(tmp_path / "log.csv", f"{header}\n0,1,2,3\n")) == "table"


TIMM = """\
epoch,train_loss,eval_loss,eval_top1,eval_top5,lr
0,6.9,6.8,0.5,2.5,1e-06
1,6.5,6.1,3.25,9.5,0.0001
"""


def test_timm_counts_epochs_from_0(tmp_path: Path):
    path = text(tmp_path / "summary.csv", TIMM)
    log = read(path)

    assert known_as(path) == "timm"
    assert base(log) == "first is 0"
    assert log.metrics["eval_top1"].values.tolist() == [0.5, 3.25]
    assert values(log)["epoch"] == [0.0, 1.0]


def test_timm_s_first_epoch_after_a_resume_is_still_counted_from_0(tmp_path: Path):
    log = read(text(tmp_path / "summary.csv", TIMM.replace("\n0,", "\n5,").replace("\n1,", "\n6,")))

    assert (base(log), values(log)["epoch"]) == ("first is 0", [5.0, 6.0])


MAE = [
    {"train_lr": 1e-4, "train_loss": 6.9, "test_acc1": 0.5, "epoch": 0, "n_parameters": 86567656},
    {"train_lr": 2e-4, "train_loss": 6.5, "test_acc1": 3.5, "epoch": 1, "n_parameters": 86567656},
]


def lines(rows: list[dict[str, float]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_the_log_txt_of_deit_and_mae_counts_epochs_from_0(tmp_path: Path):
    path = text(tmp_path / "log.txt", lines(MAE))
    log = read(path)

    assert known_as(path) == "DeiT and MAE"
    assert base(log) == "first is 0"
    assert values(log) == {
        name: [row[name] for row in MAE] for name in MAE[0] if name != "n_parameters"
    }
    assert log.config == {"n_parameters": 86567656}


DETECTRON2 = [
    {"data_time": 0.25, "iteration": 19, "lr": 0.001, "total_loss": 1.5},
    {"data_time": 0.25, "iteration": 39, "lr": 0.002, "total_loss": 1.25},
    {"bbox/AP": 21.5, "iteration": 39, "lr": 0.002, "total_loss": 1.125},
    {"data_time": 0.25, "iteration": 19, "lr": 0.001, "total_loss": 1.75},
]


def test_detectron2_logs_iterations_and_starts_again_in_the_same_file(tmp_path: Path):
    path = text(tmp_path / "metrics.json", lines(DETECTRON2))
    log = read(path)

    assert known_as(path) == "JSON lines"
    assert log.metrics["total_loss"].steps.tolist() == [19.0, 39.0, 39.0, 19.0]
    assert log.metrics["total_loss"].values.tolist() == [1.5, 1.25, 1.125, 1.75]
    assert log.metrics["bbox/AP"].steps.tolist() == [39.0]
    assert log.epochs is None


def test_dinov2_logs_iterations(tmp_path: Path):
    rows = [
        {"iteration": 0, "iter_time": 5.5, "data_time": 2.25, "lr": 0.0, "total_loss": 11.5},
        {"iteration": 10, "iter_time": 0.5, "data_time": 0.25, "lr": 1e-5, "total_loss": 11.25},
    ]
    log = read(text(tmp_path / "training_metrics.json", lines(rows)))

    assert log.metrics["total_loss"].steps.tolist() == [0.0, 10.0]
    assert log.metrics["total_loss"].values.tolist() == [11.5, 11.25]


WHOLE = {
    "training.csv": KERAS,
    "summary.csv": TIMM.encode(),
    "log.txt": lines(MAE).encode(),
    "metrics.json": lines(DETECTRON2).encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_log_cut_in_its_last_line_keeps_the_lines_before_and_says_so(tmp_path: Path, name: str):
    whole = values(read(text(tmp_path / name, WHOLE[name])))
    # The last byte but two stands inside the last value or its object, the line break goes too.
    torn = read(text(tmp_path / name, WHOLE[name].rstrip()[:-2]))

    assert torn.losses != ()
    for name_of_metric, of_metric in values(torn).items():
        kept = of_metric[:-1]
        assert str(kept) == str(whole[name_of_metric][: len(kept)])


@pytest.mark.parametrize("name", WHOLE)
def test_an_empty_log_is_no_log(tmp_path: Path, name: str):
    path = text(tmp_path / name, "")
    whole = format_of(name, WHOLE[name])

    assert known_as(path) is None
    assert whole is not None
    with pytest.raises(NotReadable, match="it is empty"):
        whole.read(path)


@pytest.mark.parametrize("name", ["training.csv", "summary.csv"])
def test_a_second_header_in_the_file_is_no_row(tmp_path: Path, name: str):
    header = WHOLE[name].splitlines(keepends=True)[0]
    log = read(text(tmp_path / name, WHOLE[name] + header + WHOLE[name].splitlines()[1] + b"\n"))

    assert values(log)["epoch"] == [0.0, 1.0, 0.0]
    assert log.losses == ("1 repeated header rows were skipped",)


def test_a_table_in_utf_16_is_read_and_latin_1_in_a_text_is_said(tmp_path: Path):
    utf_16 = read(text(tmp_path / "summary.csv", TIMM.encode("utf-16")))
    latin_1 = read(text(tmp_path / "summary.csv", TIMM.replace("lr", "prés").encode("latin-1")))

    assert values(utf_16)["eval_top5"] == [2.5, 9.5]
    assert latin_1.losses == ("bytes that are not UTF-8 were read as \ufffd",)
    assert values(latin_1)["pr\ufffds"] == [1e-6, 1e-4]


def test_of_a_hundred_thousand_columns_those_beyond_the_bound_are_counted(tmp_path: Path):
    names = ",".join(f"train_{number}" for number in range(100_000))
    numbers = ",".join("1" * 100_000)
    log = read(text(tmp_path / "summary.csv", f"epoch,{names}\n0,{numbers}\n"))

    assert len(log.metrics) == 20_000
    assert log.losses == ("80001 cells of columns beyond the first 20,000 were skipped",)
