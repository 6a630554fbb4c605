"""What we read of event files, held against protobuf's own parser and against tbparse."""

import struct
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.event_files import EventFile, parse_events, read_events

# The generated protobuf modules carry no types, and a module's attributes are Any.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
tensor_pb2 = import_module("tensorboard.compat.proto.tensor_pb2")
tensor_util = import_module("tensorboard.util.tensor_util")
record_writer = import_module("tensorboard.summary.writer.record_writer")
tensorboardx = import_module("tensorboardX")
tensorboard_summary = import_module("tensorboard.summary")

REAL = Path(__file__).parents[2].parent / "shared" / "data"
ALGOPERF = "tensorboard/mlcommons__submissions_algorithms/previous_leaderboards/algoperf_v05/logs"
KERAS = (
    "tensorboard/10tanmay100__DEEPCNNCLASSIFIER/artifacts/prepare_callbacks/tensorboard_log_dir"
    "/tb_logs_at_2022-09-27-18-50-22"
)
RAY = "ray/ray-project__rl-experiments/atari-apex/apex-results"
TBPARSE_FILES = [
    f"{ALGOPERF}/self_tuning/sinv6/study_0/wmt_jax/trial_1",
    f"{ALGOPERF}/self_tuning/baseline/study_2/librispeech_deepspeech_jax/trial_1",
    f"{ALGOPERF}/external_tuning/amos/study_0/criteo1tb_embed_init_jax/trial_1",
    f"{ALGOPERF}/external_tuning/amos/study_0/criteo1tb_embed_init_jax/trial_2",
    f"{KERAS}/train",
    f"{KERAS}/validation",
    "wandb/Bokai-Ji__ConceptPPO/logs/starpilot_test_2509_1690024149",
    f"{RAY}/APEX_BreakoutNoFrameskip-v4_0_env=BreakoutNoFrameskip-v4_2018-09-29_02-01-283JRTi3",
]
NUMBERS = {1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 6: "i1", 9: "<i8", 10: "?", 19: "<f2"}
tbparse_is_older_than_pandas_3 = pytest.mark.filterwarnings(
    "ignore:The inplace keyword in DataFrame.sort_values:DeprecationWarning"
)
tensorboard_is_older_than_numpy_2_5 = pytest.mark.filterwarnings(
    "ignore:Setting the dtype on a NumPy array:DeprecationWarning"
)
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")

Row = tuple[float, float, float, int]
Rows = dict[str, list[Row]]


def rows(file: EventFile) -> Rows:
    return {
        tag: list(
            zip(
                points.steps.tolist(),
                points.values.tolist(),
                points.times.tolist(),
                points.rows.tolist(),
                strict=True,
            )
        )
        for tag, points in file.scalars.items()
    }


def payloads(data: bytes) -> Iterator[bytes]:
    """Split undamaged records; a last one that is cut off is left out."""
    position = 0
    while position + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, position)
        if position + length + 16 > len(data):
            return
        yield data[position + 12 : position + 12 + length]
        position += length + 16


def rows_by_protobuf(data: bytes) -> Rows:
    found: Rows = {}
    plugins: dict[str, str] = {}
    for row, payload in enumerate(payloads(data)):
        event = event_pb2.Event.FromString(payload)
        for value in event.summary.value:
            named = value.metadata.plugin_data.plugin_name
            plugins[value.tag] = named or plugins.get(value.tag, "")
            number = number_by_protobuf(value, plugins[value.tag])
            if number is not None:
                point = (float(event.step), number, event.wall_time, row)
                found.setdefault(value.tag, []).append(point)
    return found


def number_by_protobuf(value: Any, plugin: str) -> float | None:  # Any: protobuf has no types
    if value.WhichOneof("value") == "simple_value":
        return value.simple_value
    if value.WhichOneof("value") != "tensor" or value.tensor.dtype not in NUMBERS:
        return None
    array = tensor_util.make_ndarray(value.tensor)
    return float(array.item()) if array.size == 1 and plugin in {"", "scalars"} else None


@needs_real_files
def test_every_recorded_file_gives_the_rows_that_protobuf_gives():
    files = sorted(path for path in REAL.rglob("*tfevents*") if path.is_file())
    differing = [
        str(path)
        for path in files
        if repr(rows(read_events(path))) != repr(rows_by_protobuf(path.read_bytes()))
    ]

    assert len(files) > 40
    assert differing == []


@needs_real_files
def test_of_all_recorded_files_only_a_torn_record_is_reported():
    said = [
        sentence
        for path in sorted(REAL.rglob("*tfevents*"))
        for sentence in read_events(path).damage.sentences(path.name)
    ]

    assert len(said) == 1
    assert said[0].startswith("The last record of events.out.tfevents.1534819438.ip-172-30-1-23 is")
    assert "cut off (284 bytes)" in said[0]


def rows_by_tbparse(path: Path) -> dict[str, list[tuple[float, float]]]:
    """Return steps and values; tbparse keeps scalars of the second style among its tensors."""
    reader: Any = import_module("tbparse").SummaryReader(
        str(path), event_types={"scalars", "tensors"}
    )
    found: dict[str, list[tuple[float, float]]] = {}
    for frame in (reader.scalars, reader.tensors):
        for step, tag, value in frame.reindex(columns=["step", "tag", "value"]).itertuples(
            index=False
        ):
            if np.size(value) == 1 and np.asarray(value).dtype.kind in "fiub":
                found.setdefault(tag, []).append((float(step), float(np.asarray(value).item())))
    return found


def in_order_of_steps(found: dict[str, list[tuple[float, float]]]) -> str:
    """Write rows down: tbparse sorts each tag by step, and NaN equals nothing but its text."""
    return repr({tag: sorted(found[tag], key=repr) for tag in sorted(found)})


@needs_real_files
@tbparse_is_older_than_pandas_3
@pytest.mark.parametrize("directory", TBPARSE_FILES)
def test_recorded_files_give_the_rows_that_tbparse_gives(directory: str):
    for path in sorted((REAL / directory).glob("*tfevents*")):
        ours = {
            tag: [(step, value) for step, value, _, _ in points]
            for tag, points in rows(read_events(path)).items()
        }

        assert in_order_of_steps(ours) == in_order_of_steps(rows_by_tbparse(path))


@tbparse_is_older_than_pandas_3
def test_a_file_of_tensorboardx_gives_the_rows_that_both_oracles_give(tmp_path: Path):
    with tensorboardx.SummaryWriter(str(tmp_path)) as writer:
        for step in range(40):
            writer.add_scalar("loss", 1 / (step + 1), step)
            writer.add_scalar("val/accuracy", step / 40, step, display_name="accuracy")
        writer.add_histogram("weights", np.arange(9.0), 3)
        writer.add_text("note", "hello", 3)
    path = next(tmp_path.iterdir())
    ours = rows(read_events(path))

    assert {tag: len(points) for tag, points in ours.items()} == {"loss": 40, "val/accuracy": 40}
    assert ours == rows_by_protobuf(path.read_bytes())
    assert rows_by_tbparse(path) == {
        tag: [(step, value) for step, value, _, _ in points] for tag, points in ours.items()
    }


@tbparse_is_older_than_pandas_3
def test_a_file_of_tensorboard_itself_gives_the_rows_that_both_oracles_give(tmp_path: Path):
    writer = tensorboard_summary.Writer(str(tmp_path))
    for step in range(40):
        writer.add_scalar("loss", 1 / (step + 1), step, wall_time=1.7e9 + step)
    writer.close()
    path = next(tmp_path.iterdir())
    ours = rows(read_events(path))

    assert len(ours["loss"]) == 40
    assert ours == rows_by_protobuf(path.read_bytes())
    assert rows_by_tbparse(path)["loss"] == [(step, value) for step, value, _, _ in ours["loss"]]


def stored_in_fields(dtype: int, number: float) -> Any:  # Any: protobuf has no types
    return tensor_util.make_tensor_proto(np.array(number, NUMBERS[dtype]))


def stored_as_content(dtype: int, number: float) -> Any:  # Any: as above
    content = np.array(number, NUMBERS[dtype]).tobytes()
    return tensor_pb2.TensorProto(dtype=dtype, tensor_content=content)


@st.composite
def events(draw: st.DrawFn) -> Any:  # Any: as above
    event = event_pb2.Event(
        wall_time=draw(st.floats(allow_nan=False)),
        step=draw(st.integers(-(2**53), 2**53)),
    )
    for tag in draw(st.lists(st.text(max_size=8), max_size=4)):
        value = event.summary.value.add(tag=tag)
        number = draw(st.integers(0, 1) | st.integers(0, 100))
        dtype = draw(st.sampled_from([None, *NUMBERS]))
        if dtype is None:
            value.simple_value = draw(st.floats(width=32))
            continue
        store = draw(st.sampled_from([stored_in_fields, stored_as_content]))
        value.tensor.CopyFrom(store(dtype, number))
        value.metadata.plugin_data.plugin_name = draw(st.sampled_from(["", "scalars", "images"]))
    return event


@tensorboard_is_older_than_numpy_2_5
@settings(deadline=None)  # a busy machine is no failure
@given(written=st.lists(events(), max_size=6))
def test_any_event_gives_the_rows_that_protobuf_gives(written: list[Any]):
    buffer = BytesIO()
    writer = record_writer.RecordWriter(buffer)
    for event in written:
        writer.write(event.SerializeToString())
    file = parse_events(buffer.getvalue())

    assert repr(rows(file)) == repr(rows_by_protobuf(buffer.getvalue()))
    assert file.damage.sentences("f") == ()
