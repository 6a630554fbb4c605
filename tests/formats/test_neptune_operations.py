import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.neptune.held import Held, Log
from samestep.formats.neptune.offline import execution, peek, read_executions
from samestep.formats.neptune.operations import Applied, apply

Fields = dict[str, object]


def operation(kind: str, path: str, version: int = 1, **fields: object) -> str:
    """Return an operation as the client writes it."""
    said = {"type": kind, "path": path.split("/"), **fields}
    return json.dumps({"obj": said, "version": version, "at": 1.7e9})


def point(path: str, value: object, step: object, time: float = 1.7e9, version: int = 1) -> str:
    values = [{"value": value, "step": step, "ts": time}]
    return operation("LogFloats", path, version, values=values)


def applied(*operations: str) -> tuple[Held, Applied]:
    log, met = Log(), Applied()
    apply("\n".join(operations), log, met)
    return log.held(()), met


def steps(held: Held, path: str = "val/loss") -> list[float]:
    return held.series[path].steps.tolist()


def test_single_values_have_the_types_they_were_assigned_with():
    held, met = applied(
        operation("AssignFloat", "parameters/lr", value=0.5),
        operation("AssignInt", "parameters/seed", value=7),
        operation("AssignBool", "parameters/amp", value=True),
        operation("AssignString", "parameters/name", value="a/b"),
        operation("AssignDatetime", "parameters/when", value=1_700_000_000_250),
        operation("AssignArtifact", "data/train", hash="c0ffee"),
        operation("AssignInt", "parameters/seed", value=8),
        operation("LogStrings", "logs", values=[{"value": "text", "step": 0, "ts": 1.7e9}]),
    )

    assert held.attributes == {
        "parameters/lr": 0.5,
        "parameters/seed": 8,
        "parameters/amp": True,
        "parameters/name": "a/b",
        "parameters/when": datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC),
    }
    assert held.artifacts == {"data/train": "c0ffee"}
    assert (met.operations, met.torn, met.malformed, met.unknown) == (8, 0, 0, 0)


def test_a_set_holds_what_was_added_and_not_removed():
    held, _ = applied(
        operation("AddStrings", "sys/tags", values=["b", "a"]),
        operation("RemoveStrings", "sys/tags", values=["b", "z"]),
        operation("AddStrings", "sys/tags", values=["c"]),
        operation("AddStrings", "sys/group_tags", values=["x"]),
        operation("ClearStringSet", "sys/group_tags"),
    )

    assert held.attributes == {"sys/tags": ("a", "c"), "sys/group_tags": ()}


def test_points_without_a_step_are_numbered_after_the_point_before():
    held, _ = applied(
        *(point("val/loss", 1.0, step) for step in (None, None, 7.5, None)),
        point("train/loss", 1.0, 3),
    )

    assert steps(held) == [0.0, 1.0, 7.5, 8.5]
    assert held.unstepped == {"val/loss": 3}


def test_points_of_one_step_and_time_share_a_row():
    held, _ = applied(
        point("val/loss", 1.0, 0, 10.0),
        point("val/acc", 2.0, 0, 10.0),
        point("val/loss", 3.0, 1, 11.0),
        point("val/acc", 4.0, 1, 11.5),
    )

    assert held.series["val/loss"].rows.tolist() == [0, 2]
    assert held.series["val/acc"].rows.tolist() == [0, 3]


def test_what_the_run_deleted_is_gone_and_said():
    held, _ = applied(
        *(point("val/loss", 1.0, step) for step in range(3)),
        point("train/loss", 1.0, 0),
        operation("AssignInt", "seed", value=1),
        operation("ClearFloatLog", "val/loss"),
        operation("DeleteAttribute", "train/loss"),
        operation("DeleteAttribute", "seed"),
        point("val/loss", 2.0, 9),
    )

    assert (held.attributes, steps(held), sorted(held.series)) == ({}, [9.0], ["val/loss"])
    assert held.losses == (
        "3 points of val/loss had been deleted by the run itself.",
        "1 point of train/loss had been deleted by the run itself.",
    )


@pytest.mark.parametrize(
    "broken",
    [
        point("val/loss", "1.0", 1),
        point("val/loss", value=True, step=1),
        point("val/loss", 10**400, 1),
        point("val/loss", 1.0, "one"),
        operation("LogFloats", "val/loss", values=1.0),
        operation("LogFloats", "val/loss", values=[1.0]),
        operation("AssignFloat", "lr", value=[1.0]),
        operation("AssignDatetime", "when", value=1e300),
        operation("AddStrings", "sys/tags", values=[1]),
        operation("AssignInt", "", value=1),
        '{"obj": {"type": "AssignInt", "value": 1}, "version": 1}',
        '{"obj": {"path": ["seed"], "value": 1}, "version": 1}',
    ],
)
def test_an_operation_that_does_not_say_what_its_type_says_is_counted(broken: str):
    held, met = applied(point("val/loss", 1.0, 0), broken, point("val/loss", 2.0, 2))

    assert (steps(held), held.attributes) == ([0.0, 2.0], {})
    assert (met.malformed, met.torn) == (1, 0)


@pytest.mark.parametrize(
    "damage",
    ["\x00\x00\x00", '{"obj": {"type": "LogFl', "[" * 100_000, "1" * 5_000, "[1]", '{"obj": 1}'],
)
def test_what_follows_damage_is_read_and_the_damage_is_counted(damage: str):
    text = point("val/loss", 1.0, 0) + damage + point("val/loss", 2.0, 1) + "\n"
    held, met = applied(text)

    assert steps(held) == [0.0, 1.0]
    assert (met.operations, met.torn) == (2, 1)


def test_types_that_are_not_known_and_copies_are_counted():
    _, met = applied(
        operation("AssignTensor", "weights", value=1),
        operation("CopyAttribute", "lr", container_id="NET-1", source_path=["lr"]),
    )

    assert (met.unknown, met.copies, met.malformed) == (1, 1, 0)


def test_versions_that_are_missing_between_others_are_counted():
    _, met = applied(*(point("val/loss", 1.0, n, version=n) for n in (3, 4, 8, 9)))

    assert (met.first, met.last, met.missing) == (3, 9, 3)


LINES = [point("val/loss", n / 8, n, version=n + 1) for n in range(8)]
LOG = "\n".join(LINES)
ENDS = [len("\n".join(LINES[: count + 1])) for count in range(8)]


@given(st.integers(0, len(LOG)))
@settings(max_examples=60, deadline=None)
def test_a_log_cut_anywhere_gives_the_points_before_the_cut(cut: int):
    held, met = applied(LOG[:cut])

    whole = sum(end <= cut for end in ENDS)
    is_between = cut == 0 or cut in ENDS or cut - 1 in ENDS
    assert (steps(held) if held.series else []) == [float(number) for number in range(whole)]
    assert (met.operations, met.torn) == (whole, 0 if is_between else 1)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_without_an_error(content: bytes):
    log, met = Log(), Applied()
    apply(content.decode(errors="replace"), log, met)

    assert met.operations == 0


def directory(base: Path, name: str, *logs: str, **files: str) -> Path:
    path = base / name
    path.mkdir(parents=True)
    first = 1
    for log in logs:
        (path / f"data-{first}.log").write_text(log)
        first += log.count("\n")
    for file, content in files.items():
        (path / file.replace("__", ".")).write_text(content)
    return path


@pytest.mark.parametrize(
    ("name", "container", "kind", "mode"),
    [
        ("offline/run__c0ffee__12__abcd", "c0ffee", "run", "offline"),
        ("async/model__c0ffee__12__abcd", "c0ffee", "model", "async"),
        ("async/run__c0ffee/exec-1700000000.1-2023-11-14_22.13.20.1-99", "c0ffee", "run", "async"),
        ("async/c0ffee/exec-1-1700000000", "c0ffee", "run", "async"),
        ("offline/c0ffee", "c0ffee", "run", "offline"),
    ],
)
def test_a_directory_is_known_by_its_name_in_every_layout(
    tmp_path: Path, name: str, container: str, kind: str, mode: str
):
    one = execution(directory(tmp_path, name))

    assert (one.container, one.kind, one.mode, one.created) == (container, kind, mode, None)


def test_metadata_say_more_than_the_name(tmp_path: Path):
    said = {"containerId": "beef", "mode": "async", "createdAt": "2026-01-02T03:04:05+00:00"}
    path = directory(tmp_path, "offline/run__c0ffee__1__x", metadata__json=json.dumps(said))

    one = execution(path)
    assert (one.container, one.mode) == ("beef", "async")
    assert one.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 99_999, '{"containerId": 7}'])
def test_metadata_that_cannot_be_read_leave_the_name(tmp_path: Path, content: str):
    one = execution(directory(tmp_path, "offline/run__c0ffee__1__x", metadata__json=content))

    assert (one.container, one.kind) == ("c0ffee", "run")


def test_files_are_read_in_the_order_of_their_versions(tmp_path: Path):
    logs = [
        "".join(point("val/loss", 1.0, n, version=n + 1) + "\n" for n in range(start, start + 6))
        for start in (0, 6, 12)
    ]
    one = execution(directory(tmp_path, "offline/run__c0ffee__1__x", *logs))
    held = read_executions([one])

    assert sorted(file.name for file in one.path.iterdir()) == [
        "data-1.log",
        "data-13.log",
        "data-7.log",
    ]
    assert steps(held) == [float(n) for n in range(18)]
    assert held.losses == ()


def test_what_was_sent_and_what_was_never_written_are_said(tmp_path: Path):
    log = "".join(point("val/loss", 1.0, n, version=n) + "\n" for n in (5, 6, 9))
    path = directory(tmp_path, "async/run__c0ffee__1__x", log + '{"obj": ', last_put_version="12")
    held = read_executions([execution(path)])

    assert held.losses == (
        "run__c0ffee__1__x: 1 operation could not be read (torn or overwritten).",
        "run__c0ffee__1__x: 2 operations are missing between those that are there.",
        "run__c0ffee__1__x: 3 operations at the end were never written.",
        (
            "run__c0ffee__1__x: the run was sent to Neptune while it was training, and only what "
            "is still here can be read: 4 operations before it are gone."
        ),
    )


def test_the_name_is_in_the_beginning_of_the_first_log(tmp_path: Path):
    named = directory(tmp_path, "a", operation("AssignString", "sys/name", value="resnet50") + "\n")
    unnamed = directory(tmp_path, "b", point("val/loss", 1.0, 0) + "\n")
    empty = directory(tmp_path, "c", "")
    wide = directory(tmp_path, "d", operation("AssignString", "note", value="x" * 40_000))

    found = [peek([execution(path)]) for path in (named, unnamed, empty, wide)]
    assert found == [(True, "resnet50"), (True, None), (False, None), (True, None)]
