"""Tables with a step or an epoch per row, as the csv module and its users write them."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.csv_table import columns, header, read
from samestep.formats.local.text import head_of

Rows = Sequence[Sequence[object]]


def table(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def points(log: Log, metric: str) -> list[tuple[float, float]]:
    """Return a metric's points as (step, value), a missing step as -1."""
    found = log.metrics[metric]
    steps = [-1.0 if step != step else step for step in found.steps.tolist()]  # noqa: PLR0124 -- NaN
    return list(zip(steps, found.values.tolist(), strict=True))


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def test_each_column_is_a_metric_at_the_step_of_its_row(tmp_path: Path):
    log = read(
        table(tmp_path / "log.csv", [["step", "loss", "acc"], [10, 2.5, 0.1], [20, 2.0, 0.3]])
    )

    assert points(log, "loss") == [(10, 2.5), (20, 2.0)]
    assert points(log, "acc") == [(10, 0.1), (20, 0.3)]
    assert log.metrics["acc"].rows.tolist() == [0, 1]
    assert (list(log.metrics), log.losses, log.how) == (["loss", "acc"], (), "log.csv")


def test_an_empty_cell_is_no_point(tmp_path: Path):
    rows = [["step", "train", "val"], [1, 2.5, ""], [1, "", 3.0], [2, " ", "None"], ["", 2.0, 2.9]]
    log = read(table(tmp_path / "log.csv", rows))

    assert points(log, "train") == [(1, 2.5), (-1, 2.0)]
    assert points(log, "val") == [(1, 3.0), (-1, 2.9)]
    assert log.metrics["val"].rows.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("nan", "nan"), ("NaN", "nan"), ("-nan(ind)", "nan"), ("Inf", "inf"), ("-Infinity", "-inf")],
)
def test_what_is_not_finite_is_a_value(tmp_path: Path, cell: str, value: str):
    log = read(table(tmp_path / "log.csv", [["step", "loss"], [1, cell]]))

    assert str(log.metrics["loss"].values[0]) == value


def test_text_in_a_column_of_numbers_is_counted_and_skipped(tmp_path: Path):
    rows = [["step", "loss"], [1, 2.5], [2, "tensor(2.4)"], [3, "1_000"]]
    log = read(table(tmp_path / "log.csv", rows))

    assert points(log, "loss") == [(1, 2.5)]
    assert log.losses == ("2 cells of text in columns of numbers were skipped (loss)",)


def test_a_column_of_one_text_is_a_setting(tmp_path: Path):
    rows = [["step", "model", "note", "loss"], [1, "resnet50", "a", 2.5], [2, "resnet50", "b", 2.4]]
    log = read(table(tmp_path / "log.csv", rows))

    assert log.config == {"model": "resnet50"}
    assert list(log.metrics) == ["loss"]


def test_a_table_without_steps_leaves_them_to_its_epochs(tmp_path: Path):
    log = read(table(tmp_path / "log.csv", [[" Epoch ", " val_loss"], [0, 1.5], [1, 1.2]]))

    assert points(log, "val_loss") == [(-1, 1.5), (-1, 1.2)]
    assert points(log, "Epoch") == [(-1, 0.0), (-1, 1.0)]
    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("Epoch", "unknown")


def test_the_most_telling_counter_is_the_step_and_the_others_stay_metrics(tmp_path: Path):
    rows = [["iter", "Global_Step", "loss", "_step"], [1, 100, 2.5, 7]]
    log = read(table(tmp_path / "log.csv", rows))

    assert points(log, "loss") == [(100, 2.5)]
    assert sorted(log.metrics) == ["_step", "iter", "loss"]


def test_plausible_unix_times_are_the_times_of_the_points(tmp_path: Path):
    rows = [["step", "timestamp", "loss"], [1, 1_700_000_000, 2.5], [2, 1_700_000_060, 2.4]]
    in_seconds = read(table(tmp_path / "s.csv", rows))
    in_milliseconds = read(table(tmp_path / "ms.csv", [rows[0], [1, 1_700_000_000_500, 2.5]]))

    assert in_seconds.metrics["loss"].times is not None
    assert in_seconds.metrics["loss"].times.tolist() == [1_700_000_000.0, 1_700_000_060.0]
    assert in_milliseconds.metrics["loss"].times is not None
    assert in_milliseconds.metrics["loss"].times.tolist() == [1_700_000_000.5]
    assert list(in_seconds.metrics) == ["loss"]


def test_seconds_since_the_start_are_a_metric(tmp_path: Path):
    log = read(table(tmp_path / "log.csv", [["step", "time", "loss"], [1, 12.5, 2.5]]))

    assert points(log, "time") == [(1, 12.5)]
    assert log.metrics["loss"].times is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(tmp_path: Path, delimiter: str):
    rows = [["epoch", "loss (a, b; c)"], [1, 2.5]]
    file = table(tmp_path / "log.csv", rows, delimiter)

    assert known_as(file) == "table"
    assert points(read(file), "loss (a, b; c)") == [(-1, 2.5)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str):
    file = table(tmp_path / "log.csv", [["step", "Verlust é"], [1, 2.5]], encoding=encoding)

    assert known_as(file) == "table"
    assert points(read(file), "Verlust é") == [(1, 2.5)]
    assert read(file).losses == ()


def test_bytes_that_are_no_text_are_said(tmp_path: Path):
    file = table(
        tmp_path / "log.csv", [["step", "loss", "note"], [1, 2.5, "né"]], encoding="latin-1"
    )

    assert points(read(file), "loss") == [(1, 2.5)]
    assert read(file).losses == ("bytes that are not UTF-8 were read as \ufffd",)


def test_one_undecodable_name_does_not_make_a_header_binary(tmp_path: Path):
    file = table(tmp_path / "log.csv", [["step", "é"], [1, 2.5]], encoding="latin-1")

    assert known_as(file) == "table"
    assert points(read(file), "\ufffd") == [(1, 2.5)]


def test_rows_that_name_their_split_are_told_apart(tmp_path: Path):
    rows = [["epoch", "split", "loss"], [1, "train", 2.5], [1, "val", 3.0], [2, "train", 2.0]]
    log = read(table(tmp_path / "log.csv", rows))

    assert points(log, "train/loss") == [(-1, 2.5), (-1, 2.0)]
    assert points(log, "val/loss") == [(-1, 3.0)]
    assert points(log, "epoch") == [(-1, 1.0), (-1, 1.0), (-1, 2.0)]


def test_several_seeds_in_one_file_are_said(tmp_path: Path):
    rows = [["step", "reward", "seed"], [0, 5.2, 3], [100, 6.0, 3], [0, 5.1, 4]]
    log = read(table(tmp_path / "log.csv", rows))

    assert log.losses == (
        "seed changes from row to row: several runs share this file, and they are not told apart",
    )


def test_one_seed_for_all_rows_is_a_setting(tmp_path: Path):
    log = read(table(tmp_path / "log.csv", [["step", "reward", "seed"], [0, 5.2, 3], [9, 6.0, 3]]))

    assert (log.config, list(log.metrics)) == ({"seed": 3}, ["reward"])


def test_a_table_without_step_or_epoch_is_no_log(tmp_path: Path):
    assert known_as(table(tmp_path / "data.csv", [["name", "price"], ["a", 1]])) is None
    assert known_as(table(tmp_path / "monitor.csv", [["r", "l", "t"], [1, 2, 3]])) is None


def test_the_head_names_the_columns_that_measure():
    assert columns(b"epoch,step,time,loss,,acc\n1,2,3,4,5\n") == {"loss", "acc"}
    assert header(b"\xef\xbb\xbf  step,   loss\n") == ["step", "loss"]


def test_a_header_longer_than_a_head_is_read_whole(tmp_path: Path):
    names = [f"metric_{n}" for n in range(2_000)]
    file = table(tmp_path / "log.csv", [[*names, "step"], [*range(2_000), 7]])

    assert known_as(file) == "table"
    assert points(read(file), "metric_1999") == [(7, 1999.0)]


def test_columns_beyond_the_bound_are_counted(tmp_path: Path):
    names = [f"m{n}" for n in range(20_100)]
    log = read(table(tmp_path / "log.csv", [["step", *names], range(20_101)]))

    assert len(log.metrics) == 19_999
    assert log.losses == ("101 cells of columns beyond the first 20,000 were skipped",)


def test_an_empty_file_and_one_that_is_no_text_are_refused(tmp_path: Path):
    for content, why in ((b"", "it is empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not text")):
        (tmp_path / "log.csv").write_bytes(content)
        with pytest.raises(NotReadable) as refusal:
            read(tmp_path / "log.csv")
        assert refusal.value.why == why


def test_a_file_over_a_gigabyte_is_refused(tmp_path: Path):
    with (tmp_path / "log.csv").open("wb") as file:
        file.truncate(1_000_000_001)  # a hole: nothing is written

    with pytest.raises(NotReadable, match="larger than 1 GB"):
        read(tmp_path / "log.csv")
