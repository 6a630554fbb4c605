import json
import math
import struct
import zlib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samestep.formats.wandb_log import (
    Artifact,
    Definition,
    Fork,
    Git,
    Log,
    of_metric,
    peek,
    read_log,
    settled,
)

# The generated protobuf modules carry no types, and a module's attributes are Any.
pb = import_module("wandb.proto.wandb_internal_pb2")
unhurried = settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def log_of(directory: Path, *records: Any) -> Log:  # Any: protobuf messages carry no types
    """Write records into one block, each in a chunk of its own, and read them."""
    chunks: list[bytes] = []
    for number, record in enumerate(records, start=1):
        record.num = number
        data: bytes = record.SerializeToString()
        chunks.append(struct.pack("<IHB", zlib.crc32(b"\x01" + data), len(data), 1) + data)
    path = directory / "run-one.wandb"
    path.write_bytes(b":W&B\xe1\xbe\x00" + b"".join(chunks))
    return read_log(path)


def history(**values: object) -> Any:  # Any: as above
    """Return a row as wandb 0.31 writes it."""
    record = pb.Record()
    for name, value in values.items():
        record.history.item.add(nested_key=name.split("__"), value_json=json.dumps(value))
    return record


def points(log: Log, name: str) -> list[tuple[int, float]]:
    column = log.columns[name]
    return list(zip(column.rows.tolist(), column.values.tolist(), strict=True))


def test_numbers_are_kept_by_key_and_row(tmp_path: Path):
    log = log_of(
        tmp_path,
        history(_step=0, loss=0.5, accuracy=1),
        history(_step=1, accuracy=2),
        history(_step=2, loss=-1.5e-300),
    )

    assert points(log, "loss") == [(0, 0.5), (2, -1.5e-300)]
    assert points(log, "accuracy") == [(0, 1.0), (1, 2.0)]
    assert points(log, "_step") == [(0, 0.0), (1, 1.0), (2, 2.0)]
    assert log.row_count == 3


def test_values_that_are_not_finite_are_numbers(tmp_path: Path):
    log = log_of(tmp_path, *(history(loss=value) for value in (math.inf, math.nan, -math.inf)))

    assert str(points(log, "loss")) == "[(0, inf), (1, nan), (2, -inf)]"


def test_keys_of_nested_dicts_are_joined_with_a_point_however_they_are_written(tmp_path: Path):
    log = log_of(
        tmp_path,
        history(eval__top1=1.0, eval__by__size=2.0),
        history(eval={"top1": 3.0, "by": {"size": 4.0}}),
    )

    assert points(log, "eval.top1") == [(0, 1.0), (1, 3.0)]
    assert points(log, "eval.by.size") == [(0, 2.0), (1, 4.0)]


def test_what_is_no_number_is_counted_and_null_is_nothing(tmp_path: Path):
    rows = [history(loss=value) for value in (1.0, "lost", True, [1], None, {"a": "b"})]
    log = log_of(tmp_path, *rows)

    assert points(log, "loss") == [(0, 1.0)]
    assert log.others == {"loss": 4}


def test_dicts_that_describe_media_hold_no_metrics(tmp_path: Path):
    table = {"_type": "table-file", "ncols": 1, "size": 64}
    log = log_of(
        tmp_path,
        history(loss=1.0, table__ncols=1, table___type="table-file", table__at__size=64),
        history(old=table, nested={"table": table, "loss": 2.0}),
    )

    assert sorted(log.columns) == ["loss", "nested.loss"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ({"integer": -3}, -3.0),
        ({"integer": 2**40}, 2.0**40),
        ({"number": 0.1}, 0.1),
        ({"number": math.inf}, math.inf),
        ({"json": "0.25"}, 0.25),
        ({"json": '{"top1": 0.5}'}, 0.5),
        ({"integer": 7, "value_json": "7"}, 7.0),
    ],
)
def test_typed_values_are_numbers_too(tmp_path: Path, typed: dict[str, object], number: float):
    record = pb.Record()
    record.history.item.add(nested_key=["loss"], **typed)
    [found] = log_of(tmp_path, record, record).columns.values()

    assert found.values.tolist() == [number, number]


@pytest.mark.parametrize(
    "typed", [{"none": 0}, {"boolean": True}, {"text": "0.5 or so"}, {"json": "[1]"}]
)
def test_typed_values_that_are_no_numbers_are_none(tmp_path: Path, typed: dict[str, object]):
    record = pb.Record()
    record.history.item.add(nested_key=["loss"], **typed)

    assert log_of(tmp_path, record).columns == {}


def test_a_step_that_stands_beside_the_items_is_the_rows_step(tmp_path: Path):
    first, second = history(loss=1.0), history(loss=0.5)
    first.history.step.num = 0
    second.history.step.num = 300

    assert points(log_of(tmp_path, first, second), "_step") == [(0, 0.0), (1, 300.0)]


WORDS = {"nan", "inf", "infinity"}  # texts that stand for numbers
keys = st.sampled_from(["loss", "val/top1", "é", "a.b"]) | st.text(min_size=1, max_size=200)
values = (
    st.floats()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=200).filter(lambda text: text.lower().lstrip("+-") not in WORDS)
    | st.none()
    | st.booleans()
)


@unhurried
@given(
    st.lists(st.dictionaries(keys, values, max_size=6), max_size=8),
    st.sampled_from(["key", "nested_key"]),
)
def test_rows_are_read_as_they_were_written(
    tmp_path: Path, rows: Sequence[dict[str, object]], written_as: str
):
    records = [pb.Record() for _ in rows]
    for record, row in zip(records, rows, strict=True):
        for name, value in row.items():
            place = {"key": name} if written_as == "key" else {"nested_key": [name]}
            record.history.item.add(**place, value_json=json.dumps(value))
        record.history.step.num = 5
    log = log_of(tmp_path, *records)

    assert sorted(
        (row, name, str(value))
        for name in log.columns
        for row, value in points(log, name)
        if name != "_step"
    ) == sorted(
        (number, name, str(float(value)))
        for number, row in enumerate(rows)
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and name != "_step"
    )


def test_the_run_record_says_who_the_run_is(tmp_path: Path):
    record = pb.Record()
    run = record.run
    run.run_id, run.entity, run.project, run.run_group = "one", "team", "vision", "cosine"
    run.display_name = "resnet50-cosine"
    run.tags.extend(["a", "b"])
    run.start_time.seconds, run.start_time.nanos = 1_700_000_000, 500_000_000
    run.starting_step = 20
    run.git.commit, run.git.remote_url = "5f1d", "https://example.org/vision.git"
    run.branch_point.run, run.branch_point.metric, run.branch_point.value = "two", "_step", 100
    log = log_of(tmp_path, record)
    facts = log.run

    assert facts is not None
    assert (facts.id, facts.entity, facts.project) == ("one", "team", "vision")
    assert (facts.name, facts.group, facts.tags) == ("resnet50-cosine", "cosine", ("a", "b"))
    assert (facts.started, facts.starting_step) == (1_700_000_000.5, 20)
    assert facts.git == Git("https://example.org/vision.git", "5f1d")
    assert facts.fork == Fork("two", "_step 100")
    assert peek(tmp_path / "run-one.wandb").run == facts


def test_a_run_may_be_forked_at_step_0(tmp_path: Path):
    record = pb.Record()
    record.run.branch_point.run, record.run.branch_point.metric = "two", "_step"
    facts = log_of(tmp_path, record).run

    assert facts is not None
    assert facts.fork == Fork("two", "_step 0")


def config(
    record: Any, changes: dict[str, object], removed: Sequence[str] = ()
) -> Any:  # Any: as above
    for path, value in changes.items():
        record.update.add(nested_key=path.split("."), value_json=json.dumps(value))
    for path in removed:
        record.remove.add(key=path)


def test_the_config_is_what_stands_after_every_change(tmp_path: Path):
    first, second, third = pb.Record(), pb.Record(), pb.Record()
    config(first.run.config, {"lr": 0.1, "optimizer": {"name": "sgd"}, "_wandb": {}, "gone": 1})
    config(second.config, {"optimizer.name": "adam", "data.size": 64, "lr": None})
    config(third.config, {"optimizer.beta": 0.9}, removed=["gone"])
    log = log_of(tmp_path, first, second, third)

    assert settled(log.changes) == {
        "lr": None,
        "optimizer": {"name": "adam", "beta": 0.9},
        "data": {"size": 64},
    }
    assert settled(log.changes) == settled(log.changes)


def test_a_setting_that_is_no_json_is_left_out(tmp_path: Path):
    record = pb.Record()
    record.config.update.add(key="broken", value_json="{")
    record.config.update.add(key="whole", value_json="1")

    assert settled(log_of(tmp_path, record).changes) == {"whole": 1}


@pytest.mark.parametrize("depth", [400, 1_500])
def test_values_nested_without_end_neither_raise_nor_hold_metrics(tmp_path: Path, depth: int):
    row, record = pb.Record(), pb.Record()
    nested = '{"a":' * depth + "1" + "}" * depth
    row.history.item.add(nested_key=["deep"], value_json=nested)
    record.config.update.add(key="deep", value_json=nested)
    log = log_of(tmp_path, row, record, history(loss=1.0))

    assert list(log.columns) == ["loss"]
    assert settled(log.changes).keys() <= {"deep"}


def test_the_summary_is_kept_where_no_row_says_it(tmp_path: Path):
    first, second = pb.Record(), pb.Record()
    config(first.summary, {"loss": 9.0, "test.top1": 91.25, "best": 3, "gone": 4, "_runtime": 5})
    config(second.summary, {"best": 2, "test.top5": 99.0, "loss": 8.0}, removed=["gone"])
    log = log_of(tmp_path, history(loss=1.0), first, second)

    assert log.summary == {("test", "top1"): 91.25, ("test", "top5"): 99.0, ("best",): 2.0}


def test_metrics_are_defined_by_name_before_pattern(tmp_path: Path):
    named, pattern, every, again = (pb.Record() for _ in range(4))
    named.metric.name, named.metric.step_metric = "val/top1", "epoch"
    named.metric.summary.max = True
    pattern.metric.glob_name = "val/*"
    pattern.metric.summary.min = True
    every.metric.glob_name, every.metric.goal = "goal*", 2
    again.metric.name, again.metric.options.step_sync = "val/top1", True
    log = log_of(tmp_path, named, pattern, every, again)
    said = {
        name: of_metric(name, log.definitions) for name in ("val/top1", "val/loss", "goals", "x")
    }

    assert said["val/top1"] == Definition(
        "val/top1", step_metric="epoch", aggregates=frozenset({"max"})
    )
    assert {name: one.direction for name, one in said.items() if one} == {
        "val/top1": "higher",
        "val/loss": "lower",
        "goals": "higher",
    }
    assert said["x"] is None


def test_a_definition_that_overwrites_leaves_nothing_of_the_one_before(tmp_path: Path):
    first, second = pb.Record(), pb.Record()
    first.metric.name, first.metric.step_metric, first.metric.summary.max = "top1", "epoch", True
    second.metric.name, second.metric._control.overwrite = "top1", True  # noqa: SLF001 # W&B's own name

    assert log_of(tmp_path, first, second).definitions == (Definition("top1"),)


def test_of_both_ends_in_a_summary_neither_says_which_way_is_better():
    assert Definition("loss", aggregates=frozenset({"min", "max"})).direction is None


def test_environment_records_add_up(tmp_path: Path):
    first, second = pb.Record(), pb.Record()
    first.environment.os, first.environment.python = "Linux", "CPython 3.11.7"
    first.environment.host, first.environment.username = "node1", "someone"
    first.environment.git.commit = "5f1d"
    second.environment.gpu_count, second.environment.cpu_count = 2, 16
    second.environment.gpu_nvidia.add(name="NVIDIA H100")
    second.environment.gpu_nvidia.add(name="NVIDIA H100")
    second.environment.cuda_version = "12.4"
    found = log_of(tmp_path, first, second).environment

    assert found.facts == {
        "os": "Linux",
        "python": "CPython 3.11.7",
        "host": "node1",
        "user": "someone",
        "gpu": "NVIDIA H100",
        "gpu_count": "2",
        "cpu_count": "16",
        "cuda": "12.4",
    }
    assert found.git == Git("", "5f1d")


def test_artifacts_used_and_made_are_told_apart(tmp_path: Path):
    made, used = pb.Record(), pb.Record()
    made.artifact.type, made.artifact.name, made.artifact.digest = "model", "resnet50", "64e7"
    used.use_artifact.type, used.use_artifact.name = "dataset", "imagenet:v3"

    assert log_of(tmp_path, made, used).artifacts == (
        Artifact("model", "resnet50", "64e7", is_used=False),
        Artifact("dataset", "imagenet:v3", "", is_used=True),
    )


@pytest.mark.parametrize(("code", "read"), [(0, 0), (1, 1), (-9, -9), (None, None)])
def test_a_run_has_ended_where_there_is_an_exit_record(
    tmp_path: Path, code: int | None, read: int | None
):
    record = pb.Record()
    if code is not None:
        record.exit.exit_code = code
        record.exit.SetInParent()

    assert log_of(tmp_path, history(loss=1.0), record).exit_code == read


def test_measurements_of_the_machine_have_rows_and_times_of_their_own(tmp_path: Path):
    measured = pb.Record()
    measured.stats.timestamp.seconds, measured.stats.timestamp.nanos = 1_700_000_000, 250_000_000
    measured.stats.item.add(key="gpu.0.temp", value_json="61.5")
    measured.stats.item.add(key="cpu", value_json='"much"')
    log = log_of(tmp_path, history(loss=1.0), measured, history(loss=0.5), measured)

    assert {name: column.rows.tolist() for name, column in log.machine.items()} == {
        "gpu.0.temp": [1, 3],
        "_timestamp": [1, 3],
    }
    assert log.machine["_timestamp"].values.tolist() == [1_700_000_000.25] * 2
    assert points(log, "loss") == [(0, 1.0), (2, 0.5)]


def test_output_and_files_are_passed_over(tmp_path: Path):
    output, files = pb.Record(), pb.Record()
    output.output_raw.line = "loss 0.5"
    files.files.files.add(path="model.pt")
    log = log_of(tmp_path, output, files)

    assert (log.columns, log.damage.foreign_records, log.content) == ({}, 0, "records")
