"""Directories of DVCLive, as DVCLive 3.49.1 wrote one.

The files are copied here as they were, for DVC is too heavy to install; the numbers of DenseGPT
under shared/data, which another DVCLive wrote, are held against pandas in the tests of the reader.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, dvclive, format_of
from samestep.formats.local.text import head_of
from samestep.model import Source
from samestep.readers.files import FilesReader, holds_runs
from samestep.readers.tree import walk

LOSS = (
    "timestamp\tstep\tloss\n1795198795832\t0\t2.5\n1795198795836\t1\t2.0\n1795198795840\t2\tnan\n"
)
ACCURACY = "step\tacc\n0\t0.25\n1\t0.5\n2\t0.625\n"
LAST = """\
{
    "train": {
        "loss": "nan"
    },
    "val": {
        "acc": 0.625
    },
    "note": {
        "x": 1e-05
    },
    "step": 2
}
"""
FILES = {
    "plots/metrics/train/loss.tsv": LOSS,
    "plots/metrics/val/acc.tsv": ACCURACY,
    "metrics.json": LAST,
    "params.yaml": "lr: 0.1\nseed: 7\n",
}


def put(directory: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return directory


def read(directory: Path) -> Log:
    return dvclive.read(directory / "metrics.json")


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def test_the_tables_of_a_directory_are_the_metrics_of_one_run(tmp_path: Path):
    put(tmp_path / "exp" / "dvclive", FILES)
    reader = FilesReader(Source("files", "exps"), tmp_path)

    listing = reader.list()
    assert [head.full_name for head in listing.runs] == ["exp/dvclive"]
    assert listing.unreadable == ()
    run = reader.read("exp/dvclive")
    assert (run.seed, run.config["lr"], run.history.read.losses) == ("7", 0.1, ())
    assert sorted(run.history.metrics) == ["train/loss", "val/acc"]


def test_a_location_within_the_directory_still_reads_its_own_tables(tmp_path: Path):
    put(tmp_path, FILES)
    reader = FilesReader(Source("files", "train"), tmp_path / "plots" / "metrics" / "train")

    assert [head.ref.id for head in reader.list().runs] == ["."]


def test_no_directory_below_counts_as_one_that_holds_runs(tmp_path: Path):
    put(tmp_path / "dvclive", FILES)

    assert [d.relative for d in walk(tmp_path) if holds_runs(d)] == ["dvclive"]


def test_a_metric_is_named_after_its_path_and_keeps_its_times(tmp_path: Path):
    log = read(put(tmp_path, FILES))
    rows = list(csv.DictReader(ACCURACY.splitlines(), delimiter="\t"))

    accuracy, loss = log.metrics["val/acc"], log.metrics["train/loss"]
    assert accuracy.values.tolist() == [float(row["acc"]) for row in rows] == [0.25, 0.5, 0.625]
    assert accuracy.steps.tolist() == [0.0, 1.0, 2.0]
    assert str(loss.values.tolist()) == "[2.5, 2.0, nan]"
    assert loss.times is not None
    assert loss.times.tolist() == [1795198795.832, 1795198795.836, 1795198795.84]


def test_points_of_one_step_share_a_row(tmp_path: Path):
    sparse = {**FILES, "plots/metrics/val/acc.tsv": "step\tacc\n1\t0.5\n"}
    log = read(put(tmp_path, sparse))

    assert log.metrics["train/loss"].rows.tolist() == [0, 1, 2]
    assert log.metrics["val/acc"].rows.tolist() == [1]


def test_rows_of_a_resumed_run_come_after_those_before_it(tmp_path: Path):
    resumed = {
        **FILES,
        "plots/metrics/train/loss.tsv": "step\tloss\n0\t2.5\n1\t2.0\n1\t1.75\n0\t9.0\n",
        "plots/metrics/val/acc.tsv": "step\tacc\n0\t0.25\n0\t0.5\n",
    }
    log = read(put(tmp_path, resumed))

    assert log.metrics["train/loss"].rows.tolist() == [0, 1, 1, 2]
    assert log.metrics["train/loss"].values.tolist() == [2.5, 2.0, 1.75, 9.0]


def test_what_was_logged_without_a_plot_is_a_final_value(tmp_path: Path):
    log = read(put(tmp_path, FILES))

    assert {name: (one.value, one.step, one.origin) for name, one in log.finals.items()} == {
        "note/x": (1e-05, 2.0, "metrics.json: note/x")
    }


def test_a_metric_named_epoch_counts_as_the_user_s_framework_does(tmp_path: Path):
    log = read(put(tmp_path, {**FILES, "plots/metrics/epoch.tsv": "step\tepoch\n0\t0.5\n"}))

    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("epoch", "unknown")


def test_torn_last_values_leave_the_tables_and_are_said(tmp_path: Path):
    log = read(put(tmp_path, {**FILES, "metrics.json": LAST[:30]}))

    assert known_as(tmp_path / "metrics.json") == "DVCLive"
    assert sorted(log.metrics) == ["train/loss", "val/acc"]
    assert log.losses[0].startswith("values without a plot are not known: it is not whole JSON")


def test_a_link_out_of_the_directory_is_passed_over(tmp_path: Path):
    put(tmp_path, {"secret.tsv": "step\tkey\n0\t42\n"})
    put(tmp_path / "dvclive", FILES)
    (tmp_path / "dvclive/plots/metrics/secret.tsv").symlink_to(tmp_path / "secret.tsv")

    assert sorted(read(tmp_path / "dvclive").metrics) == ["train/loss", "val/acc"]


def test_a_torn_and_an_empty_table_are_said_by_name(tmp_path: Path):
    torn = {
        **FILES,
        "plots/metrics/train/loss.tsv": "step\tloss\n0\t2.5\n1",
        "plots/metrics/val/acc.tsv": "",
    }
    log = read(put(tmp_path, torn))

    assert log.metrics["train/loss"].values.tolist() == [2.5]
    assert log.losses == (
        "train/loss.tsv: the last row is cut short and was dropped",
        "val/acc.tsv could not be read: it is empty",
    )


@pytest.mark.parametrize(
    "content",
    ['{\n  "accuracy": 0.5\n}', '{"step": 1, "loss": 2.5}\n{"step": 2, "loss": 2.0}\n', "", "[1]"],
)
def test_another_file_of_that_name_is_not_dvclive_s(tmp_path: Path, content: str):
    put(tmp_path, {"metrics.json": content})

    assert known_as(tmp_path / "metrics.json") != "DVCLive"


def test_last_values_without_tables_are_final_and_broken_ones_are_refused(tmp_path: Path):
    log = read(put(tmp_path, {"metrics.json": '{\n  "acc": 0.5,\n  "step": 3\n}\n'}))

    assert {name: (one.value, one.step) for name, one in log.finals.items()} == {"acc": (0.5, 3.0)}
    put(tmp_path, {"metrics.json": '{\n  "acc": 0.5,\n'})
    with pytest.raises(NotReadable, match="it is not whole JSON"):
        read(tmp_path)
