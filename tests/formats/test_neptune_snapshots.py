from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.neptune.held import Held, Log
from samestep.formats.neptune.snapshots import apply_run, apply_snapshot
from samestep.formats.wire import Malformed

# The generated protobuf modules carry no types, and a module's attributes are Any.
common_pb2 = import_module("neptune_api.proto.neptune_pb.ingest.v1.common_pb2")
Message = Any

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
SECONDS = st.integers(-(10**9), 4 * 10**9)
SINGLE = st.one_of(
    st.fixed_dictionaries({"float64": st.floats()}),
    st.fixed_dictionaries({"int64": st.integers(-(2**63), 2**63 - 1)}),
    st.fixed_dictionaries({"bool": st.booleans()}),
    st.fixed_dictionaries({"string": NAMES}),
    st.fixed_dictionaries({"string_set": st.lists(NAMES, max_size=3)}),
)
"""The one field of a single value that is set."""


def timestamp(seconds: int, nanos: int = 0) -> Message:
    stamp = common_pb2.Value().timestamp
    stamp.seconds, stamp.nanos = seconds, nanos
    return stamp


@st.composite
def snapshots(draw: st.DrawFn) -> Message:
    """Draw what one log call writes."""
    update = common_pb2.UpdateRunSnapshot(timestamp=timestamp(draw(SECONDS), 500_000_000))
    update.step.whole = draw(st.integers(0, 10**9))
    update.step.micro = draw(st.integers(0, 999_999))
    for name, value in draw(st.dictionaries(NAMES, SINGLE, max_size=4)).items():
        strings = value.pop("string_set", None)
        update.assign[name].CopyFrom(common_pb2.Value(**value))
        if isinstance(strings, list):
            update.assign[name].string_set.values.extend(strings)
            update.assign[name].string_set.SetInParent()
    for name, value in draw(st.dictionaries(NAMES, st.floats(), max_size=4)).items():
        update.append[name].float64 = value
    for name, tags in draw(st.dictionaries(NAMES, st.lists(NAMES, max_size=3), max_size=2)).items():
        for number, tag in enumerate(tags):
            update.modify_sets[name].string.values[tag] = 1 + number % 2
    return update


def value_of(message: Message) -> object:
    """Return a single value by the field of it that is set."""
    kind = message.WhichOneof("value")
    if kind == "string_set":
        return tuple(sorted(message.string_set.values))
    return getattr(message, kind)


def applied(*messages: Message) -> tuple[Held, int]:
    log = Log()
    previews = sum(apply_snapshot(message.SerializeToString(), log) for message in messages)
    return log.held(()), previews


@given(snapshots())
@settings(max_examples=60, deadline=None)
def test_a_log_call_is_read_as_neptunes_own_classes_read_it(update: Message):
    held, _ = applied(update)

    step = (update.step.whole * 10**6 + update.step.micro) / 10**6
    assert {name: str(points.values.tolist()) for name, points in held.series.items()} == {
        name: str([value.float64]) for name, value in update.append.items()
    }
    assert all(points.steps.tolist() == [step] for points in held.series.values())
    assert all(
        points.times.tolist() == [update.timestamp.seconds + 0.5] for points in held.series.values()
    )
    single = {name: value_of(value) for name, value in update.assign.items()}
    kept = {name: held.attributes[name] for name in single if name not in update.modify_sets}
    assert str(kept) == str({name: single[name] for name in kept})
    assert len(kept) == len(set(single) - set(update.modify_sets))


@given(st.binary(max_size=80))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_message_or_malformed(content: bytes):
    for read in (apply_run, apply_snapshot):
        try:
            read(content, Log())
        except Malformed:
            continue


def test_every_float_comes_back_as_it_was_logged():
    update = common_pb2.UpdateRunSnapshot(step=common_pb2.Step(whole=7, micro=300_000))
    for name, value in (("nan", "nan"), ("inf", "inf"), ("low", "-inf"), ("tenth", "0.1")):
        update.append[name].float64 = float(value)
    held, _ = applied(update)

    assert {name: str(points.values[0]) for name, points in held.series.items()} == {
        "nan": "nan",
        "inf": "inf",
        "low": "-inf",
        "tenth": "0.1",
    }
    assert held.series["tenth"].steps.tolist() == [7.3]


def test_previews_are_counted_and_left_out():
    update = common_pb2.UpdateRunSnapshot()
    update.preview.is_preview = True
    update.append["val/loss"].float64 = 1.0
    update.append["val/acc"].float64 = 2.0
    update.assign["note"].string = "kept"

    assert applied(update)[1] == 2
    assert (applied(update)[0].series, applied(update)[0].attributes) == ({}, {"note": "kept"})


def test_texts_files_and_histograms_are_no_points():
    update = common_pb2.UpdateRunSnapshot()
    update.append["log"].string = "text"
    update.append["file"].file_ref.path = "a.png"
    update.append["histogram"].histogram.bin_edges.extend([0.0, 1.0])
    update.assign["model"].file_ref.path = "a.pt"
    held, _ = applied(update)

    assert (held.series, held.attributes) == ({}, {})


def test_sets_are_changed_by_every_call():
    first, second = common_pb2.UpdateRunSnapshot(), common_pb2.UpdateRunSnapshot()
    first.modify_sets["sys/tags"].string.values["a"] = 1
    first.modify_sets["sys/tags"].string.values["b"] = 1
    second.modify_sets["sys/tags"].string.values["a"] = 2
    second.modify_sets["sys/tags"].string.values["c"] = 0

    assert applied(first, second)[0].attributes == {"sys/tags": ("b",)}


def test_the_creation_of_a_run_tells_its_name_and_its_parent():
    created = common_pb2.Run(run_id="NET-7", experiment_id="resnet50")
    created.creation_time.CopyFrom(timestamp(1_700_000_000))
    created.fork_point.parent_run_id = "NET-3"
    created.fork_point.step.CopyFrom(common_pb2.Step(whole=2, micro=500_000))
    log = Log()
    apply_run(created.SerializeToString(), log)

    assert log.attributes == {
        "sys/custom_run_id": "NET-7",
        "sys/name": "resnet50",
        "sys/creation_time": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        "sys/forking/parent": "NET-3",
        "sys/forking/step": 2.5,
    }


@pytest.mark.parametrize("seconds", [2**62, -(2**62)])
def test_a_time_outside_the_calendar_is_no_value(seconds: int):
    update = common_pb2.UpdateRunSnapshot()
    update.assign["when"].timestamp.seconds = seconds

    assert applied(update)[0].attributes == {}
