import math
import struct
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from samestep.formats.event_files import EventFile, parse_events, peek, read_events

# The generated protobuf modules carry no types, and a module's attributes are Any.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
summary_pb2 = import_module("tensorboard.compat.proto.summary_pb2")
tensor_pb2 = import_module("tensorboard.compat.proto.tensor_pb2")
hparams_pb2 = import_module("tensorboard.plugins.hparams.plugin_data_pb2")
record_writer = import_module("tensorboard.summary.writer.record_writer")
tensorboardx = import_module("tensorboardX")
tensorboard_summary = import_module("tensorboard.summary")

Event: Any = event_pb2.Event
Row = tuple[str, float, float, float]


def records(*payloads: bytes) -> list[bytes]:
    """Frame payloads with TensorBoard's own writer."""
    framed: list[bytes] = []
    for payload in payloads:
        buffer = BytesIO()
        record_writer.RecordWriter(buffer).write(payload)
        framed.append(buffer.getvalue())
    return framed


def file_of(*events: Any) -> bytes:  # Any: protobuf messages carry no types
    return b"".join(records(*(event.SerializeToString() for event in events)))


def header() -> Any:  # Any: as above
    return Event(wall_time=1.7e9, file_version="brain.Event:2")


def scalar(step: int, value: float, tag: str = "loss") -> Any:  # Any: as above
    event = Event(wall_time=1.7e9 + step, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def tensor_event(tensor: Any, tag: str = "loss", plugin: str = "scalars") -> Any:  # Any: as above
    event = Event(wall_time=1.7e9, step=7)
    value = event.summary.value.add(tag=tag, tensor=tensor)
    value.metadata.plugin_data.plugin_name = plugin
    return event


def rows(file: EventFile) -> list[Row]:
    return [
        (tag, step, value, time)
        for tag, points in file.scalars.items()
        for step, value, time in zip(
            points.steps.tolist(), points.values.tolist(), points.times.tolist(), strict=True
        )
    ]


def test_scalars_of_tensorboardx_are_read_with_their_steps_times_and_rows(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", 0.5, 1, walltime=1.7e9)
        writer.add_scalar("accuracy", 0.1, 1, walltime=1.7e9 + 1)
        writer.add_scalar("loss", 0.25, 2, walltime=1.7e9 + 2)
    file = read_events(next(tmp_path.iterdir()))

    assert file.content == "events"
    assert rows(file) == [
        ("loss", 1.0, 0.5, 1.7e9),
        ("loss", 2.0, 0.25, 1.7e9 + 2),
        ("accuracy", 1.0, 0.10000000149011612, 1.7e9 + 1),
    ]
    assert file.scalars["loss"].rows.tolist() == [1, 3]
    assert file.scalars["accuracy"].rows.tolist() == [2]
    assert file.damage.sentences("events") == ()


def test_scalars_of_the_second_style_are_read(tmp_path: Path):
    writer = tensorboard_summary.Writer(str(tmp_path))
    writer.add_scalar("loss", 0.5, 3, wall_time=1.7e9, description="training loss")
    writer.close()
    file = read_events(next(tmp_path.iterdir()))

    assert rows(file) == [("loss", 3.0, 0.5, 1.7e9)]
    assert file.plugins == {"loss": "scalars"}


@pytest.mark.parametrize(
    ("tensor", "value"),
    [
        ({"dtype": 1, "tensor_content": struct.pack("<f", 1.5)}, 1.5),
        ({"dtype": 2, "tensor_content": struct.pack("<d", 0.1)}, 0.1),
        ({"dtype": 19, "tensor_content": struct.pack("<e", -2.5)}, -2.5),
        ({"dtype": 14, "tensor_content": b"\xc0\xbf"}, -1.5),
        ({"dtype": 3, "tensor_content": struct.pack("<i", -3)}, -3.0),
        ({"dtype": 4, "tensor_content": b"\xff"}, 255.0),
        ({"dtype": 5, "tensor_content": struct.pack("<h", -4)}, -4.0),
        ({"dtype": 6, "tensor_content": b"\xff"}, -1.0),
        ({"dtype": 9, "tensor_content": struct.pack("<q", -(2**40))}, -(2.0**40)),
        ({"dtype": 10, "tensor_content": b"\x01"}, 1.0),
        ({"dtype": 17, "tensor_content": struct.pack("<H", 65535)}, 65535.0),
        ({"dtype": 22, "tensor_content": struct.pack("<I", 2**32 - 1)}, 2.0**32 - 1),
        ({"dtype": 23, "tensor_content": struct.pack("<Q", 2**63)}, 2.0**63),
        ({"dtype": 1, "float_val": [1.5]}, 1.5),
        ({"dtype": 2, "double_val": [0.1]}, 0.1),
        ({"dtype": 19, "half_val": [0xC100]}, -2.5),
        ({"dtype": 14, "half_val": [0xBFC0]}, -1.5),
        ({"dtype": 3, "int_val": [-3]}, -3.0),
        ({"dtype": 4, "int_val": [255]}, 255.0),
        ({"dtype": 6, "int_val": [-1]}, -1.0),
        ({"dtype": 9, "int64_val": [-(2**40)]}, -(2.0**40)),
        ({"dtype": 10, "bool_val": [True]}, 1.0),
        ({"dtype": 22, "uint32_val": [2**32 - 1]}, 2.0**32 - 1),
        ({"dtype": 23, "uint64_val": [2**63]}, 2.0**63),
    ],
)
def test_a_tensor_of_one_number_is_a_scalar_however_it_is_stored(
    tensor: dict[str, Any], value: float
):
    without_rank = parse_events(file_of(tensor_event(tensor_pb2.TensorProto(**tensor))))
    one_element = tensor_pb2.TensorProto(**tensor)
    one_element.tensor_shape.dim.add(size=1)

    assert without_rank.scalars["loss"].values.tolist() == [value]
    assert parse_events(file_of(tensor_event(one_element))).scalars["loss"].values.tolist() == [
        value
    ]


@pytest.mark.parametrize(
    ("tensor", "value"),
    [
        (b"\x08\x01" + b"\x2d" + struct.pack("<f", 1.5), 1.5),
        (b"\x08\x02" + b"\x31" + struct.pack("<d", 0.1), 0.1),
        (b"\x08\x03" + b"\x38\x05", 5.0),
        (b"\x08\x09" + b"\x50" + b"\xff" * 9 + b"\x01", -1.0),
    ],
)
def test_a_value_that_is_not_packed_is_read_like_a_packed_one(tensor: bytes, value: float):
    summary_value = b"\x0a\x04loss" + b"\x42" + bytes([len(tensor)]) + tensor
    event = b"\x2a" + bytes([len(summary_value) + 2]) + b"\x0a" + bytes([len(summary_value)])
    file = parse_events(b"".join(records(event + summary_value)))

    assert file.scalars["loss"].values.tolist() == [value]


@pytest.mark.parametrize(
    "tensor",
    [
        {"dtype": 1, "float_val": [1.0, 2.0], "tensor_shape": {"dim": [{"size": 2}]}},
        {"dtype": 1, "float_val": [1.0], "tensor_shape": {"dim": [{"size": 5}]}},
        {"dtype": 1, "tensor_content": b"12345678"},
        {"dtype": 1, "float_val": [1.0], "tensor_shape": {"unknown_rank": True}},
        {"dtype": 1, "tensor_shape": {"dim": [{"size": 0}]}},
        {"dtype": 7, "string_val": [b"1.0"]},
        {"dtype": 8, "scomplex_val": [1.0, 0.0]},
        {"dtype": 0, "float_val": [1.0]},
        {"dtype": 1},
    ],
)
def test_a_tensor_that_is_not_one_number_is_no_scalar(tensor: dict[str, Any]):
    file = parse_events(file_of(tensor_event(tensor_pb2.TensorProto(**tensor))))

    assert file.scalars == {}
    assert file.plugins == {"loss": "scalars"}


def test_a_tensor_for_another_plugin_is_no_scalar():
    tensor = tensor_pb2.TensorProto(dtype=1, float_val=[1.0])
    file = parse_events(file_of(tensor_event(tensor, "histogram", "histograms")))

    assert file.scalars == {}


def test_a_plugin_named_with_the_first_value_only_holds_for_the_others():
    first = tensor_event(tensor_pb2.TensorProto(dtype=1, float_val=[1.0]), "depth", "custom")
    second = Event(step=8)
    second.summary.value.add(tag="depth", tensor=tensor_pb2.TensorProto(dtype=1, float_val=[2.0]))

    assert parse_events(file_of(first, second)).scalars == {}


def test_values_of_one_event_share_its_row():
    event = scalar(4, 0.5)
    event.summary.value.add(tag="accuracy", simple_value=0.75)
    event.summary.value.add(tag="loss", simple_value=0.25)
    file = parse_events(file_of(header(), event))

    assert rows(file) == [
        ("loss", 4.0, 0.5, 1.7e9 + 4),
        ("loss", 4.0, 0.25, 1.7e9 + 4),
        ("accuracy", 4.0, 0.75, 1.7e9 + 4),
    ]
    assert file.scalars["loss"].rows.tolist() == [1, 1]
    assert file.scalars["accuracy"].rows.tolist() == [1]


def test_steps_below_zero_beyond_32_bits_and_unnamed_are_read():
    unnamed = Event(wall_time=1.7e9)
    unnamed.summary.value.add(tag="loss", simple_value=3.0)
    file = parse_events(file_of(scalar(-1, 1.0), scalar(2**40, 2.0), unnamed))

    assert file.scalars["loss"].steps.tolist() == [-1.0, 2.0**40, 0.0]


def test_an_event_without_a_time_has_time_zero():
    event = Event(step=1)
    event.summary.value.add(tag="loss", simple_value=3.0)

    assert parse_events(file_of(event)).scalars["loss"].times.tolist() == [0.0]


def test_values_that_are_not_finite_are_values():
    file = parse_events(file_of(scalar(0, math.nan), scalar(1, math.inf), scalar(2, -math.inf)))

    assert str(file.scalars["loss"].values.tolist()) == "[nan, inf, -inf]"


def test_hyperparameters_keep_their_types():
    content = hparams_pb2.HParamsPluginData()
    hparams = content.session_start_info.hparams
    hparams["lr"].number_value = 0.1
    hparams["optimizer"].string_value = "sgd"
    hparams["nesterov"].bool_value = True
    hparams["unset"].null_value = 0
    event = Event(wall_time=1.7e9)
    value = event.summary.value.add(tag="_hparams_/session_start_info")
    value.metadata.plugin_data.plugin_name = "hparams"
    value.metadata.plugin_data.content = content.SerializeToString()

    assert parse_events(file_of(event)).hparams == {
        "lr": 0.1,
        "optimizer": "sgd",
        "nesterov": True,
    }


def test_the_newest_text_under_a_tag_is_kept(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path)) as writer:
        writer.add_text("args", "first", 0)
        writer.add_text("args", "grüße", 1)

    assert read_events(next(tmp_path.iterdir())).texts == {"args": "grüße"}


def test_the_start_of_a_session_is_read_and_other_notes_are_not():
    start = Event(wall_time=1.7e9, step=3, session_log=event_pb2.SessionLog(status=1))
    checkpoint = Event(wall_time=1.7e9, step=4, session_log=event_pb2.SessionLog(status=3))
    file = parse_events(file_of(header(), scalar(5, 1.0), start, checkpoint))

    assert [(one.row, one.step, one.time) for one in file.starts] == [(2, 3.0, 1.7e9)]


GRAPH = Event(wall_time=1.7e9, graph_def=b"\x0a" * 9000)
KERAS = Event(wall_time=1.7e9)
KERAS.summary.value.add(
    tag="keras",
    tensor=tensor_pb2.TensorProto(dtype=7, string_val=[b"{}" * 9000]),
    metadata=summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="graph_keras_model")
    ),
)


@pytest.mark.parametrize(
    ("data", "content", "tags"),
    [
        pytest.param(b"", "empty", (), id="empty"),
        pytest.param(file_of(header()), "header only", (), id="header"),
        pytest.param(
            file_of(header(), Event(session_log=event_pb2.SessionLog(status=1))),
            "header only",
            (),
            id="header and the start of a session",
        ),
        pytest.param(
            file_of(header(), scalar(0, 1.0))[:-5], "header only", (), id="torn behind the header"
        ),
        pytest.param(b"csv,not,events\n" * 999, "not an event file", (), id="another format"),
        pytest.param(file_of(header(), scalar(0, 1.0)), "events", ("loss",), id="one scalar"),
        pytest.param(file_of(header(), GRAPH), "events", (), id="a graph beyond the glance"),
        pytest.param(file_of(header(), KERAS), "events", ("keras",), id="a long tagged record"),
        pytest.param(
            file_of(header(), *(scalar(step, 1.0, "validation/loss") for step in range(500))),
            "events",
            ("validation/loss",),
            id="more scalars than a glance shows",
        ),
    ],
)
def test_a_glance_tells_what_a_file_is(
    tmp_path: Path, data: bytes, content: str, tags: tuple[str, ...]
):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(data)
    seen = peek(path)

    assert (seen.content, seen.tags) == (content, tags)
    assert read_events(path).content == content


@pytest.mark.parametrize("read", [peek, read_events])
def test_a_file_that_is_not_there_is_the_callers_to_refuse(
    tmp_path: Path, read: Callable[[Path], object]
):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "events.out.tfevents.1")
