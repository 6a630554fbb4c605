"""Tables that were cut, appended to, or damaged."""

import csv
import io
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samestep.errors import NotReadable
from samestep.formats.local import Log
from samestep.formats.local.csv_table import read

HEADER = b"step,loss,acc\n"


def log_of(tmp_path: Path, content: bytes) -> Log:
    (tmp_path / "log.csv").write_bytes(content)
    return read(tmp_path / "log.csv")


def values(log: Log) -> dict[str, list[float]]:
    return {name: metric.values.tolist() for name, metric in log.metrics.items()}


def test_a_torn_last_row_is_dropped(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1\n2,0.2")

    assert values(log) == {"loss": [0.5], "acc": [0.1]}
    assert log.losses == ("the last row is cut short and was dropped",)


def test_a_last_row_with_all_columns_is_kept_and_what_may_be_cut_short_is_said(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1\n2,0.25,0.2")

    assert values(log) == {"loss": [0.5, 0.25], "acc": [0.1, 0.2]}
    assert log.losses == ("the last row has no line break: its acc may be cut short",)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\n\n", b"\n  "])
def test_a_last_row_with_its_line_break_is_whole(tmp_path: Path, end: bytes):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1" + end)

    assert (values(log), log.losses) == ({"loss": [0.5], "acc": [0.1]}, ())


def test_a_file_cut_inside_a_quoted_cell_keeps_the_rows_before(tmp_path: Path):
    log = log_of(tmp_path, b"step,loss,config\n1,0.5,\"{'a': 1}\"\n2,0.4,\"{'a': \n")

    assert values(log) == {"loss": [0.5]}
    assert log.losses == ("the last row is cut inside a quoted cell and was dropped",)


def test_a_quoted_cell_over_several_lines_is_one_cell(tmp_path: Path):
    log = log_of(tmp_path, b'step,note,loss\n1,"a\nb ""c""",0.5\n2,d,0.4\n')

    assert (values(log), log.losses) == ({"loss": [0.5, 0.4]}, ())


def test_a_quote_that_never_closes_stops_the_reading(tmp_path: Path):
    rest = b"".join(b"%d,0.4,x\n" % step for step in range(20_000))
    log = log_of(tmp_path, b'step,loss,note\n1,0.5,a\n2,0.4,"' + rest)

    assert values(log) == {"loss": [0.5]}
    assert log.losses[0].startswith("reading stopped before the end, field larger than")


def test_a_repeated_header_is_skipped(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1\n" + HEADER + b"1,0.6,0.2\n")

    assert values(log) == {"loss": [0.5, 0.6], "acc": [0.1, 0.2]}
    assert log.losses == ("1 repeated header rows were skipped",)


def test_a_header_with_other_columns_is_followed(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1\nstep,acc,lr,loss\n2,0.2,0.01,0.4\n")

    assert values(log) == {"loss": [0.5, 0.4], "acc": [0.1, 0.2], "lr": [0.01]}
    assert log.losses == ("1 header rows with other columns were met and followed",)


def test_cells_beyond_the_header_and_rows_short_of_it_are_counted(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1,7,8\n2,0.4\n3,0.3,0.2\n")

    assert values(log) == {"loss": [0.5, 0.4, 0.3], "acc": [0.1, 0.2]}
    assert log.losses == (
        "2 cells beyond the header's columns were skipped",
        "1 rows are shorter than the header",
    )


def test_of_columns_with_one_name_the_first_is_read(tmp_path: Path):
    log = log_of(tmp_path, b"step,loss,loss,\n1,0.5,9.9,1\n")

    assert values(log) == {"loss": [0.5]}
    assert log.losses == (
        "of columns with one name only the first is read (loss)",
        "1 columns without a name were skipped",
    )


def test_lines_a_crash_filled_with_zeros_are_skipped(tmp_path: Path):
    log = log_of(tmp_path, HEADER + b"1,0.5,0.1\n" + b"\0" * 64 + b"\n2,0.4,0.2\n")

    assert values(log) == {"loss": [0.5, 0.4], "acc": [0.1, 0.2]}
    assert log.losses == ("1 lines with NUL bytes were skipped",)


NAMES = st.text(alphabet='abcxyz/_()., "é', min_size=1, max_size=8).map(str.strip)
CELLS = st.none() | st.floats() | st.integers(-(10**6), 10**6)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[float | None]]]:
    names = draw(st.lists(NAMES.filter(bool), min_size=1, max_size=4, unique=True))
    rows = draw(st.lists(st.tuples(*[CELLS] * len(names)), min_size=1, max_size=8))
    return names, [list(row) for row in rows]


def as_bytes(names: list[str], rows: list[list[float | None]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["step", *names])
    writer.writerows([step, *row] for step, row in enumerate(rows))
    return text.getvalue().encode()


def logged(log: Log) -> set[tuple[str, float, str]]:
    """Return every point as metric, step and value, NaN as text so that it equals itself."""
    return {
        (name, step, str(value))
        for name, metric in log.metrics.items()
        for step, value in zip(metric.steps.tolist(), metric.values.tolist(), strict=True)
    }


def expected(names: list[str], rows: list[list[float | None]]) -> set[tuple[str, float, str]]:
    return {
        (name, float(step), str(float(cell)))
        for step, row in enumerate(rows)
        for name, cell in zip(names, row, strict=True)
        if cell is not None
    }


@given(tables())
@example((["loss"], [[math.nan], [math.inf], [None]]))
def test_what_csv_writes_is_read_back(table: tuple[list[str], list[list[float | None]]]):
    with TemporaryDirectory() as directory:
        log = log_of(Path(directory), as_bytes(*table))

    assert logged(log) == expected(*table)
    assert log.losses == ()


@given(tables(), st.integers(0, 10_000))
@example((["é"], [[None]]), 6)
def test_a_table_cut_anywhere_invents_nothing_it_does_not_speak_of(
    table: tuple[list[str], list[list[float | None]]], cut: int
):
    written = as_bytes(*table)
    kept = written[: cut % len(written)]
    with TemporaryDirectory() as directory:
        try:
            log = log_of(Path(directory), kept)
        except NotReadable:
            assert not kept.strip()
            return

    invented = logged(log) - expected(*table)
    assert len(invented) <= sum("may be cut short" in loss for loss in log.losses)
    whole_rows = kept.decode(errors="ignore").count("\n") - 1
    steps = {step for _, step, _ in logged(log)}
    wanted = {step for _, step, _ in expected(table[0], table[1][: max(whole_rows, 0)])}
    assert wanted <= steps
