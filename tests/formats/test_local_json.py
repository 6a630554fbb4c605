"""JSON lines and documents of results, as json.dump and its users write them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.json_lines import columns
from samestep.formats.local.text import head_of


def lines(path: Path, rows: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def document(path: Path, content: object, indent: int | None = None) -> Path:
    path.write_text(json.dumps(content, indent=indent))
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


def steps(log: Log, metric: str) -> list[float]:
    return log.metrics[metric].steps.tolist()


def test_each_number_is_a_point_and_nested_names_are_joined(tmp_path: Path):
    rows = [{"step": 1, "loss": 2.5, "val": {"acc": 0.1}}, {"step": 2, "loss": 2}]
    log = read(lines(tmp_path / "log.jsonl", rows))

    assert values(log) == {"loss": [2.5, 2.0], "val/acc": [0.1]}
    assert steps(log, "val/acc") == [1.0]
    assert (log.how, log.losses) == ("log.jsonl", ())


def test_booleans_and_nulls_are_no_points_and_lists_are_counted(tmp_path: Path):
    rows = [{"epoch": 1, "done": False, "best": None, "per_class": [0.1, 0.2], "acc": 0.3}]
    log = read(lines(tmp_path / "log.jsonl", rows))

    assert values(log) == {"epoch": [1.0], "acc": [0.3]}
    assert log.losses == ("1 lists were skipped: a point is one number",)


def test_what_is_not_finite_is_a_value_however_it_is_written(tmp_path: Path):
    rows = [{"step": 1, "loss": float("nan")}, {"step": 2, "loss": "-Infinity"}]
    log = read(lines(tmp_path / "log.jsonl", rows))

    assert list(map(str, log.metrics["loss"].values.tolist())) == ["nan", "-inf"]


def test_what_stands_before_the_first_step_describes_the_run(tmp_path: Path):
    rows = [{"env": "torch 2.1", "seed": 7}, {"step": 1, "loss": 2.5}, {"loss": 2.4}]
    log = read(lines(tmp_path / "log.jsonl", rows))

    assert log.config == {"env": "torch 2.1", "seed": 7}
    assert values(log) == {"loss": [2.5, 2.4]}
    assert str(steps(log, "loss")) == "[1.0, nan]"


def test_settings_repeated_in_every_line_are_settings(tmp_path: Path):
    rows = [{"timesteps_total": 500, "config": {"lr": 0.1, "model": {"dim": 84}}, "reward": 1.5}]
    log = read(lines(tmp_path / "result.json", rows))

    assert log.config == {"config": {"lr": 0.1, "model": {"dim": 84}}}
    assert values(log) == {"reward": [1.5]}


def test_a_half_written_last_line_is_dropped_and_broken_ones_are_counted(tmp_path: Path):
    file = tmp_path / "log.jsonl"
    file.write_text('{"step": 1, "a": 1}\n{"step": 2, "a{"step": 3}\n[4]\n{"step": 5, "a": 5.1')
    log = read(file)

    assert values(log) == {"a": [1.0]}
    assert log.losses == (
        "2 lines that are no JSON object were skipped",
        "the last line is half-written and was dropped",
    )


def test_a_whole_last_line_needs_no_line_break(tmp_path: Path):
    (tmp_path / "log.jsonl").write_text('{"step": 1, "a": 1}\n{"step": 2, "a": 2}')
    log = read(tmp_path / "log.jsonl")

    assert (values(log), log.losses) == ({"a": [1.0, 2.0]}, ())


def test_lines_that_name_their_split_are_told_apart(tmp_path: Path):
    rows = [{"mode": "train", "epoch": 1, "loss": 2.5}, {"mode": "val", "epoch": 1, "loss": 3.0}]
    log = read(lines(tmp_path / "log.json", rows))

    assert values(log) == {"epoch": [1.0, 1.0], "train/loss": [2.5], "val/loss": [3.0]}


def test_the_head_names_the_metrics_only_where_it_is_the_whole_file():
    assert columns(b'{"step": 1, "loss": 2.5, "note": "a"}\n') == {"loss"}
    assert columns(b'{"step": 1, "loss": 2.5}\n' * 400) is None


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("metrics.json", '{"iteration": 1, "loss": 2.5}\n', "JSON lines"),
        ("log.txt", '{"epoch": 0, "train_loss": 2.5}\n', "DeiT and MAE"),
        ("best.json", '{"epoch": 0, "loss": 2.5}\n', None),
        ("package.json", '{"name": "app", "version": "1.0.0"}\n', None),
        ("data.jsonl", '{"text": "a", "label": 1}\n', None),
        ("train.log", "epoch 1 loss 2.5\n", None),
        ("log.json", '{\n"rows": [\n{"epoch": 1, "loss": 2}\n]}\n', None),
    ],
)
def test_json_lines_are_known_by_their_lines(tmp_path: Path, name: str, content: str, known: str):
    (tmp_path / name).write_text(content)

    assert known_as(tmp_path / name) == known


def test_results_are_final_values_and_their_texts_are_settings(tmp_path: Path):
    results = {"test": {"acc": 0.91, "f1": 0.9}, "loss": 1, "model": "resnet50", "amp": True}
    log = read(document(tmp_path / "test_results.json", results, indent=2))

    assert {name: final.value for name, final in log.finals.items()} == {
        "test/acc": 0.91,
        "test/f1": 0.9,
        "loss": 1.0,
    }
    assert log.finals["test/acc"].origin == "test_results.json: test/acc"
    assert (log.config, log.metrics) == ({"model": "resnet50", "amp": True}, {})


def test_settings_among_results_are_no_final_values(tmp_path: Path):
    results = {"config": {"lr": 0.1}, "results": {"acc": 0.91}, "confusion": [[1, 0], [0, 1]]}
    log = read(document(tmp_path / "results.json", results))

    assert log.config == {"config": {"lr": 0.1}}
    assert list(log.finals) == ["results/acc"]
    assert log.losses == ("1 lists were skipped: a final value is one number",)


@pytest.mark.parametrize(
    ("named", "step"),
    [
        ({"global_step": 500}, 500.0),
        ({"checkpoint": "out/checkpoint-1500"}, 1500.0),
        ({"ckpt_path": "epoch=3-step=4000.ckpt"}, 4000.0),
        ({"checkpoint": "checkpoint-99.pth"}, None),
        ({"model": "checkpoint-7"}, None),
        ({}, None),
    ],
)
def test_results_have_the_step_of_the_checkpoint_they_name(
    tmp_path: Path, named: Mapping[str, object], step: float | None
):
    log = read(document(tmp_path / "results.json", {"acc": 0.9, **named}))

    assert {name: final.step for name, final in log.finals.items()} == {"acc": step}


def test_results_that_hold_rows_are_a_history(tmp_path: Path):
    rows = [{"epoch": 1, "acc": 0.5}, {"epoch": 2, "acc": 0.6}]
    log = read(document(tmp_path / "results.json", rows, indent=2))

    assert values(log) == {"epoch": [1.0, 2.0], "acc": [0.5, 0.6]}
    assert (log.epochs and log.epochs.metric, log.finals) == ("epoch", {})


def test_results_that_hold_equally_long_lists_are_a_history(tmp_path: Path):
    by_column = {"step": [10, 20], "acc": [0.5, 0.6], "best": 0.6, "model": "vit"}
    log = read(document(tmp_path / "run_meta.json", by_column))

    assert values(log) == {"acc": [0.5, 0.6]}
    assert steps(log, "acc") == [10.0, 20.0]
    assert log.config == {"best": 0.6, "model": "vit"}


def test_lists_without_any_axis_are_a_history_without_steps(tmp_path: Path):
    log = read(document(tmp_path / "results.json", {"loss": [2.5, 2.0], "val_loss": [3.0, 2.9]}))

    assert values(log) == {"loss": [2.5, 2.0], "val_loss": [3.0, 2.9]}
    assert (str(steps(log, "loss")), log.epochs) == ("[nan, nan]", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("results.json", [{"image_id": 1, "score": 0.5}]),
        ("results.json", {"status": "ok"}),
        ("results.json", 0.5),
        ("metadata.json", {"step": 5, "images": [1, 2, 3], "sizes": [1]}),
        ("metadata.json", {"acc": 0.5}),
    ],
)
def test_a_document_without_results_or_rows_is_none(tmp_path: Path, name: str, content: object):
    assert known_as(document(tmp_path / name, content)) is None


def test_a_broken_document_is_refused(tmp_path: Path):
    (tmp_path / "results.json").write_text('{"acc": 0.9, "f1": 0.')

    with pytest.raises(NotReadable, match="not whole JSON"):
        read(tmp_path / "results.json")


NUMBERS = st.none() | st.booleans() | st.floats() | st.integers(-(10**9), 10**9)
NAMES = st.text(alphabet="abcxyz_.é💡", min_size=1, max_size=5)
ROWS = st.lists(
    st.dictionaries(NAMES, NUMBERS | st.dictionaries(NAMES, NUMBERS, max_size=2), max_size=3),
    min_size=1,
    max_size=6,
)
Row = Mapping[str, object]


def as_bytes(rows: list[Row]) -> bytes:
    text = "".join(json.dumps({"step": step, **row}) + "\n" for step, row in enumerate(rows))
    return text.encode()


def logged(log: Log) -> set[tuple[str, float, str]]:
    """Return every point as metric, step and value, NaN as text so that it equals itself."""
    return {
        (name, step, str(value))
        for name, metric in log.metrics.items()
        for step, value in zip(metric.steps.tolist(), metric.values.tolist(), strict=True)
    }


def expected(rows: list[Row]) -> set[tuple[str, float, str]]:
    points: set[tuple[str, float, str]] = set()
    for step, row in enumerate(rows):
        for name, value in row.items():
            nested = cast("Row", value) if isinstance(value, dict) else {"": value}
            for inner, number in nested.items():
                if isinstance(number, int | float) and not isinstance(number, bool):
                    points.add((f"{name}/{inner}" if inner else name, step, str(float(number))))
    return points


def log_of(content: bytes) -> Log:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "log.jsonl"
        file.write_bytes(content)
        return format_of("log.jsonl", b'{"step": 0}\n').read(file)  # pyright: ignore[reportOptionalMemberAccess] -- it is JSON lines


@given(ROWS)
def test_what_json_writes_is_read_back(rows: list[Row]):
    log = log_of(as_bytes(rows))

    assert (logged(log), log.losses) == (expected(rows), ())


@given(ROWS, st.integers(0, 10_000))
def test_lines_cut_anywhere_never_invent_a_point(rows: list[Row], cut: int):
    written = as_bytes(rows)
    kept = written[: cut % len(written)]
    if not kept:
        return
    log = log_of(kept)

    whole = kept.count(b"\n")
    assert expected(rows[:whole]) <= logged(log) <= expected(rows[: whole + 1])
