import math
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.errors import NotReadable
from samestep.formats import mlflow_files
from samestep.formats.mlflow_files.folders import folder, leaves
from samestep.formats.mlflow_files.meta import read_meta
from samestep.formats.mlflow_files.metric_files import (
    CHUNK,
    LONGEST_LINE,
    Columns,
    MetricFiles,
    read_columns,
)

Row = tuple[float, float, float]


def rows(columns: Columns) -> list[Row]:
    return list(zip(columns.timestamps, columns.values, columns.steps, strict=True))


def read(content: bytes) -> Columns:
    return read_columns(BytesIO(content))


@pytest.mark.parametrize(
    ("line", "point"),
    [
        (b"1700000000000 0.5 3\n", (1.7e12, 0.5, 3.0)),
        (b"1700000000000 0.5 3 mnist 1a2b3c4d\n", (1.7e12, 0.5, 3.0)),
        (b"1700000000000 0.5 3 mnist for the tests 1a2b3c4d\n", (1.7e12, 0.5, 3.0)),
        (b"1700000000 0.5\n", (1.7e9, 0.5, 0.0)),
        (b"1700000000000 0.5 3\r\n", (1.7e12, 0.5, 3.0)),
        (b"1700000000000 inf -3\n", (1.7e12, math.inf, -3.0)),
        (b"1700000000000 0.5 2.7\n", (1.7e12, 0.5, 2.7)),
        (b"1700000000000 0.5 9223372036854775808\n", (1.7e12, 0.5, 2.0**63)),
        (b"1700000000000 1.7976931348623157e+308 1\n", (1.7e12, 1.7976931348623157e308, 1.0)),
    ],
    ids=["plain", "data set", "words", "old", "windows", "inf", "float step", "large", "largest"],
)
def test_a_line_is_a_point(line: bytes, point: Row) -> None:
    columns = read(line)

    assert (rows(columns), columns.skipped, columns.is_torn) == ([point], 0, False)


@pytest.mark.parametrize(
    "line",
    [
        b"1700000000000",
        b"now 0.5 3",
        b"1700000000000 high 3",
        b"1700000000000 0.5 last",
        b"nan 0.5 3",
        b"1700000000000 0.5 inf",
        b"1700000000000 0.51700000001000 0.25 4",  # the next line was logged behind a torn one
        b"\xff\xfe\x00",
    ],
)
def test_a_line_that_is_no_point_is_counted(line: bytes) -> None:
    columns = read(b"1 0.5 1\n" + line + b"\n2 0.25 2\n")

    assert rows(columns) == [(1.0, 0.5, 1.0), (2.0, 0.25, 2.0)]
    assert (columns.skipped, columns.is_torn, columns.is_unended) == (1, False, False)


@pytest.mark.parametrize("torn", [b"17", b"1 0.5", b"1 0.5 3 mnist", b"1 0.5 -"])
def test_a_last_line_that_is_short_is_torn(torn: bytes) -> None:
    columns = read(b"1 0.5 1\n" + torn)

    assert (rows(columns), columns.is_torn, columns.skipped) == ([(1.0, 0.5, 1.0)], True, 0)


def test_a_last_line_without_its_end_is_a_point_whose_step_may_be_cut() -> None:
    columns = read(b"1 0.5 1\n2 0.25 12")

    assert rows(columns) == [(1.0, 0.5, 1.0), (2.0, 0.25, 12.0)]
    assert (columns.is_unended, columns.is_torn) == (True, False)


number = st.floats(allow_nan=True, allow_infinity=True)
point = st.tuples(st.integers(0, 2**45), number, st.integers(-(2**70), 2**70))
dataset = st.sampled_from([" mnist 1a2b3c4d", ""])


def written(points: list[tuple[tuple[int, float, int], str]]) -> bytes:
    """Write points as MLflow's file store does."""
    lines = (f"{time} {value} {step}{rest}\n" for (time, value, step), rest in points)
    return "".join(lines).encode()


@settings(deadline=None)
@given(st.lists(st.tuples(point, dataset)))
def test_every_point_is_read_as_it_was_written(points: list[tuple[tuple[int, float, int], str]]):
    columns = read(written(points))

    assert str(rows(columns)) == str(
        [(float(time), value, float(step)) for (time, value, step), _ in points]
    )
    assert (columns.skipped, columns.is_torn, columns.is_unended) == (0, False, False)


@settings(deadline=None)
@given(points=st.lists(st.tuples(point, dataset), min_size=1), at=st.floats(0, 1))
def test_of_a_file_cut_anywhere_the_whole_lines_are_read_and_a_rest_is_said(
    points: list[tuple[tuple[int, float, int], str]], at: float
) -> None:
    content = written(points)
    cut = content[: int(at * len(content))]
    whole, rest = cut.count(b"\n"), cut.rpartition(b"\n")[2]
    columns = read(cut)

    expected = [(float(time), value, float(step)) for (time, value, step), _ in points]
    assert str(rows(columns)[:whole]) == str(expected[:whole])
    assert len(rows(columns)) <= whole + 1
    if len(rows(columns)) == whole:
        assert columns.is_torn == bool(rest)
    else:
        assert columns.is_unended == (len(rest.split()) == 3)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_reading(content: bytes) -> None:
    columns = read(content)

    assert len(columns.values) + columns.skipped + columns.is_torn <= content.count(b"\n") + 1


def test_a_line_too_long_for_a_point_is_none() -> None:
    filler = b"5 " * CHUNK
    columns = read(b"1 0.5 1\n" + filler + b"\n2 0.25 2\n" + b"3 " * LONGEST_LINE + b"\n")

    assert rows(columns) == [(1.0, 0.5, 1.0), (2.0, 0.25, 2.0)]
    assert columns.skipped == 2


def test_losses_are_said_by_kind_with_their_counts(tmp_path: Path) -> None:
    contents = {
        "empty": b"",
        "torn": b"1 0.5 1\n2",
        "unended": b"1 0.5 1",
        "bad": b"one\n1 0.5 1\n2\n",
    }
    files = MetricFiles()
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        files.add(name, tmp_path / name)
    files.add("gone", tmp_path / "gone")

    assert files.points.keys() == {"torn", "unended", "bad"}
    assert files.losses() == (
        "The last line was cut off and was dropped in torn.",
        "The last line has no end, and its step may be cut, in unended.",
        "2 lines that are no points were skipped in bad.",
        "No point is logged in empty.",
        "gone could not be read: No such file or directory.",
    )


def test_points_are_in_the_order_of_their_times(tmp_path: Path) -> None:
    (tmp_path / "loss").write_bytes(b"3 0.3 1\n1 0.1 9\n1 0.2 2\n")
    files = MetricFiles()
    files.add("loss", tmp_path / "loss")

    assert files.points["loss"].timestamps.tolist() == [1.0, 1.0, 3.0]
    assert files.points["loss"].steps.tolist() == [9.0, 2.0, 1.0]


META = """\
artifact_uri: file:///runs/1
end_time: null
experiment_id: '12'
run_name: 2021-01-01
status: 3
tags: []
user_id: "\\xE4da"
"""


def test_settings_are_read_as_texts_and_nothing_is_constructed(tmp_path: Path) -> None:
    (tmp_path / "meta.yaml").write_text(META)

    assert read_meta(tmp_path / "meta.yaml") == {
        "artifact_uri": "file:///runs/1",
        "experiment_id": "12",
        "run_name": "2021-01-01",
        "status": "3",
        "user_id": "äda",
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty"),
        ("run_id: 1a2b\nrun_na", "it is not whole YAML (while scanning a simple key)"),
        ("run_id: 1a2b\nrun_name: res", "it is cut off"),
        ("- run_id\n", "it is not whole YAML (it holds no settings, or nests them too deep)"),
        ("a: [[[[[[[[[1]]]]]]]]]\n", "it is not whole YAML (it holds no settings, or nests them"),
        ("a: !!python/object/apply:os.system [ls]\nb: 1\n", None),
        ("x" * 200_000, "it is larger than 100 kB"),
    ],
    ids=["empty", "torn", "cut", "list", "nested", "object", "large"],
)
def test_a_broken_file_is_refused_and_no_object_is_built(
    tmp_path: Path, content: str, why: str | None
) -> None:
    (tmp_path / "meta.yaml").write_text(content)

    if why is None:
        assert read_meta(tmp_path / "meta.yaml") == {"b": "1"}
        return
    with pytest.raises(NotReadable) as refused:
        read_meta(tmp_path / "meta.yaml")
    assert refused.value.why.startswith(why)


def test_brackets_without_end_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "meta.yaml").write_text("[" * 90_000)

    with pytest.raises(NotReadable, match="nests them too deep"):
        read_meta(tmp_path / "meta.yaml")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_text_breaks_a_meta_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "meta.yaml"
    path.write_bytes(text.encode())

    try:
        found = read_meta(path)
    except NotReadable:
        return
    assert all(isinstance(value, str) for value in found.values())


def test_links_beyond_what_may_be_read_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key").write_text("hidden")
    (tmp_path / "store").mkdir()
    (tmp_path / "store/inside").write_text("shown")
    (tmp_path / "store/file").symlink_to(tmp_path / "secret/key")
    (tmp_path / "store/folder").symlink_to(tmp_path / "secret")

    confined = folder(tmp_path / "store", [tmp_path / "store"])
    assert (confined.files, confined.folders) == (("inside",), ())
    free = folder(tmp_path / "store", None)
    assert (free.files, free.folders) == (("file", "inside"), ("folder",))


def test_links_that_go_round_in_circles_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "val").mkdir()
    (tmp_path / "val/loss").touch()
    (tmp_path / "val/again").symlink_to(tmp_path)

    assert [name for name, _ in leaves(tmp_path, None).files] == ["val/loss"]


def test_a_directory_without_experiments_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "0/1a2b/artifacts").mkdir(parents=True)
    (tmp_path / "recipe").mkdir()
    (tmp_path / "recipe/meta.yaml").write_text("package:\n  name: numpy\n")

    assert not mlflow_files.holds_store(tmp_path)
    assert not mlflow_files.holds_store(tmp_path / "nowhere")
