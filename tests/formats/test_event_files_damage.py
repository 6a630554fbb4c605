import struct
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.event_files import EventFile, parse_events

# The generated protobuf modules carry no types, and a module's attributes are Any.
Event: Any = import_module("tensorboard.compat.proto.event_pb2").Event
record_writer = import_module("tensorboard.summary.writer.record_writer")

Row = tuple[str, float, float, float]
unhurried = settings(deadline=None)  # a busy machine is no failure


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


def rows(file: EventFile) -> list[Row]:
    return [
        (tag, step, value, time)
        for tag, points in file.scalars.items()
        for step, value, time in zip(
            points.steps.tolist(), points.values.tolist(), points.times.tolist(), strict=True
        )
    ]


BEFORE = file_of(header(), scalar(0, 1.0), scalar(1, 2.0))
DAMAGED = file_of(scalar(2, 3.0))
AFTER = file_of(scalar(3, 4.0), scalar(4, 5.0))


def flipped(data: bytes, position: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[position] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "steps", "sentences"),
    [
        pytest.param(
            BEFORE + DAMAGED[:-17],
            [0, 1],
            ("The last record of f is cut off (25 bytes), as in a file still being written.",),
            id="a torn tail",
        ),
        pytest.param(
            BEFORE + DAMAGED[:5],
            [0, 1],
            ("The last record of f is cut off (5 bytes), as in a file still being written.",),
            id="a tail torn in its header",
        ),
        pytest.param(
            BEFORE + flipped(DAMAGED, 20) + AFTER,
            [0, 1, 3, 4],
            ("1 damaged record skipped in f.",),
            id="a damaged payload",
        ),
        pytest.param(
            BEFORE + flipped(DAMAGED, -1),
            [0, 1],
            ("1 damaged record skipped in f.",),
            id="a damaged checksum of the last payload",
        ),
        pytest.param(
            BEFORE + flipped(DAMAGED, 0) + AFTER,
            [0, 1, 3, 4],
            ("42 bytes without a readable record skipped in 1 place of f.",),
            id="a damaged length",
        ),
        pytest.param(
            BEFORE + flipped(DAMAGED, 9) + AFTER + b"noise" + AFTER,
            [0, 1, 3, 4, 3, 4],
            ("47 bytes without a readable record skipped in 2 places of f.",),
            id="two stretches",
        ),
        pytest.param(
            BEFORE + DAMAGED[:30] + AFTER,
            [0, 1, 3, 4],
            ("30 bytes without a readable record skipped in 1 place of f.",),
            id="a record torn in the middle of the file",
        ),
        pytest.param(
            BEFORE + bytes(4096),
            [0, 1],
            ("The end of f is 4096 bytes of zeros.",),
            id="a tail of zeros",
        ),
        pytest.param(
            BEFORE + bytes(100_000) + AFTER,
            [0, 1, 3, 4],
            ("100000 bytes without a readable record skipped in 1 place of f.",),
            id="zeros in between",
        ),
        pytest.param(
            BEFORE + records(b"\xff\xff")[0] + AFTER,
            [0, 1, 3, 4],
            ("1 record of unknown content skipped in f.",),
            id="a record that is no message",
        ),
        pytest.param(
            b"not an event file at all",
            [],
            ("24 bytes without a readable record skipped in 1 place of f.",),
            id="garbage",
        ),
    ],
)
def test_damage_is_counted_and_everything_else_is_read(
    data: bytes, steps: list[float], sentences: tuple[str, ...]
):
    file = parse_events(data)
    read = file.scalars["loss"].steps.tolist() if steps else list(file.scalars)

    assert read == steps
    assert file.damage.sentences("f") == sentences


def test_an_event_with_one_malformed_value_leaves_no_value_behind():
    good = b"\x0a\x04loss\x15" + struct.pack("<f", 1.0)
    bad = b"\x0a\x04loss\x15\x00"
    event = b"".join(b"\x0a" + bytes([len(value)]) + value for value in (good, bad))
    file = parse_events(b"".join(records(b"\x2a" + bytes([len(event)]) + event)))

    assert file.scalars == {}
    assert file.damage.foreign_records == 1


EVENTS = [scalar(step, step / 4, tag) for step in range(12) for tag in ("loss", "val/accuracy")]
PARTS = records(*(event.SerializeToString() for event in (header(), *EVENTS)))
WHOLE = b"".join(PARTS)
ROWS = [
    (value.tag, float(event.step), value.simple_value, event.wall_time)
    for event in EVENTS
    for value in event.summary.value
]


def part_at(position: int) -> int:
    """Return which record holds a byte of the whole file."""
    end = 0
    for number, part in enumerate(PARTS):
        end += len(part)
        if position < end:
            return number
    return len(PARTS)


@unhurried
@given(length=st.integers(0, len(WHOLE)))
def test_a_truncated_file_gives_exactly_the_rows_before_the_cut(length: int):
    whole_parts = part_at(length)

    assert sorted(rows(parse_events(WHOLE[:length]))) == sorted(ROWS[: max(0, whole_parts - 1)])


@unhurried
@given(position=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_the_rows_of_its_record_only(position: int, bit: int):
    lost = part_at(position)
    expected = [row for number, row in enumerate(ROWS, start=1) if number != lost]

    assert sorted(rows(parse_events(flipped(WHOLE, position, bit)))) == sorted(expected)


@unhurried
@given(
    changes=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=40),
    length=st.integers(0, len(WHOLE)),
    tail=st.binary(max_size=64),
)
def test_any_damage_neither_raises_nor_invents_a_row(
    changes: list[tuple[int, int]], length: int, tail: bytes
):
    data = bytearray(WHOLE)
    for position, byte in changes:
        data[position] = byte
    file = parse_events(bytes(data[:length]) + tail)
    first_change = min((at for at, byte in changes if WHOLE[at] != byte), default=len(WHOLE))
    untouched = part_at(min(first_change, length))

    assert set(rows(file)) <= set(ROWS)
    assert set(rows(file)) >= set(ROWS[: max(0, untouched - 1)])


@unhurried
@given(data=st.binary(max_size=300))
def test_bytes_that_are_no_records_give_no_rows(data: bytes):
    assert rows(parse_events(data)) == []


@unhurried
@given(payload=st.binary(max_size=60))
def test_a_whole_record_of_any_payload_does_not_raise(payload: bytes):
    assert parse_events(b"".join(records(payload))).records == 1


def test_a_file_crafted_to_be_searched_for_ever_is_given_up_and_counted():
    header_of_a_long_record = records(bytes(1_000_000))[0][:12]
    filler = header_of_a_long_record * 1_000

    read = parse_events(b"\x01" + filler + bytes(1_000_100) + AFTER)

    assert rows(read) == []
    assert read.damage.lost_bytes == 1 + len(filler) + 1_000_100 + len(AFTER)
