import json
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samestep.formats.wandb_log import Log, peek, read_log
from samestep.formats.wandb_log.framing import LARGEST_RECORD
from samestep.progress import listening

BLOCK = 32 * 1024
HEADER = b":W&B" + struct.pack("<HB", 0xBEE1, 0)
# A test's directory is its own; every example writes the same file again.
unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def varint(number: int) -> bytes:
    head = bytearray()
    while number > 127:
        head.append(number & 127 | 128)
        number >>= 7
    return bytes([*head, number])


def message(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def item(name: str, value: object) -> bytes:
    return message(1, message(1, name.encode()) + message(16, json.dumps(value).encode()))


def row(number: int, padding: int = 0) -> bytes:
    """Return a history record: its step, a loss, and a text of some length."""
    items = item("_step", number) + item("loss", number / 8) + item("text", "x" * padding)
    return b"\x08" + varint(number + 1) + message(2, items)


def chunk(kind: int, data: bytes) -> bytes:
    return struct.pack("<IHB", zlib.crc32(bytes([kind]) + data), len(data), kind) + data


def framed(records: list[bytes]) -> bytes:
    """Frame records as LevelDB's log writer does."""
    log = bytearray(HEADER)
    for record in records:
        kinds, rest = [1, 2], record
        while True:
            room = BLOCK - len(log) % BLOCK
            if room < 7:
                log += bytes(room)
                room = BLOCK
            part, rest = rest[: room - 7], rest[room - 7 :]
            log += chunk(kinds[1 if rest else 0], part)
            kinds = [4, 3]
            if not rest:
                break
    return bytes(log)


def read(directory: Path, data: bytes) -> Log:
    path = directory / "run-one.wandb"
    path.write_bytes(data)
    return read_log(path)


def losses(log: Log) -> list[float]:
    return log.columns["loss"].values.tolist() if "loss" in log.columns else []


def sentences(log: Log) -> tuple[str, ...]:
    return log.damage.sentences("run-one.wandb")


ROWS = [row(number, padding=2_000 * (number % 5)) for number in range(40)]
"""Rows of many lengths, over three blocks."""
WHOLE = framed(ROWS)
LOSSES = [number / 8 for number in range(40)]
ENDS = [len(framed(ROWS[:count])) for count in range(len(ROWS) + 1)]


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"", "empty"),
        (HEADER[:5], "empty"),
        (HEADER, "header only"),
        (HEADER[:-1] + b"\x01" + WHOLE[7:], "another version"),
        (b":W&C" + WHOLE[4:], "not a W&B log"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a W&B log"),
        (WHOLE, "records"),
    ],
)
def test_a_file_is_told_by_its_header(tmp_path: Path, data: bytes, content: str):
    assert read(tmp_path, data).content == content
    assert peek(tmp_path / "run-one.wandb").content == content


def test_records_that_go_on_in_the_next_block_are_put_together(tmp_path: Path):
    log = read(tmp_path, framed([row(0), row(1, padding=100_000), row(2)]))

    assert losses(log) == [0.0, 0.125, 0.25]
    assert sentences(log) == ()


@pytest.mark.parametrize("room", range(9))
def test_a_block_that_has_no_room_for_a_chunk_is_padded(tmp_path: Path, room: int):
    first = len(framed([row(0)]))
    data = framed([row(0, padding=BLOCK - room - first), row(1)])

    assert losses(read(tmp_path, data)) == [0.0, 0.125]


def test_a_damaged_chunk_costs_the_rest_of_its_block(tmp_path: Path):
    data = bytearray(WHOLE)
    data[BLOCK + 500] ^= 1
    log = read(tmp_path, bytes(data))
    kept = [LOSSES.index(loss) for loss in losses(log)]
    lost = [number for number in range(40) if number not in kept]

    assert lost == list(range(lost[0], lost[-1] + 1))
    assert ENDS[lost[0]] < BLOCK + 500 < ENDS[lost[-1] + 1]
    assert kept[-1] == 39
    assert len(sentences(log)) == 1
    assert (
        "bytes without a readable record skipped in 1 place of run-one.wandb." in sentences(log)[0]
    )


def test_a_block_of_zeros_in_between_is_lost_and_counted(tmp_path: Path):
    log = read(tmp_path, WHOLE[:BLOCK] + bytes(BLOCK) + WHOLE[2 * BLOCK :])

    assert 0 < len(losses(log)) < 40
    assert losses(log)[-1] == LOSSES[-1]
    assert log.damage.lost_stretches == 1
    assert log.damage.lost_bytes > BLOCK


def test_zeros_at_the_end_are_told_from_a_record_cut_off(tmp_path: Path):
    zeros = read(tmp_path, WHOLE + bytes(500))
    cut = read(tmp_path, WHOLE[:-3])

    assert (losses(zeros), sentences(zeros)) == (
        LOSSES,
        ("The end of run-one.wandb is 500 bytes of zeros.",),
    )
    assert losses(cut) == LOSSES[:-1]
    assert [sentence.partition(" (")[0] for sentence in sentences(cut)] == [
        "The last record of run-one.wandb is cut off"
    ]


def test_a_record_that_is_no_message_is_counted_and_leaves_nothing(tmp_path: Path):
    malformed = b"\x08\x01" + message(2, item("loss", 7.0) + b"\x0a\x7f")
    log = read(tmp_path, framed([row(0), malformed, b"\xff\xff", row(2)]))

    assert losses(log) == [0.0, 0.25]
    assert sentences(log) == ("2 records of unknown content skipped in run-one.wandb.",)


def test_a_record_without_its_beginning_is_lost(tmp_path: Path):
    log = read(tmp_path, HEADER + chunk(3, b"middle") + chunk(4, b"last") + chunk(1, row(0)))

    assert losses(log) == [0.0]
    assert (log.damage.lost_bytes, log.damage.lost_stretches) == (10, 1)


def test_a_record_that_never_ends_is_given_up(tmp_path: Path):
    blocks = chunk(3, bytes(BLOCK - 7)) * (LARGEST_RECORD // BLOCK + 2)
    begun = HEADER + chunk(1, row(0))
    log = read(
        tmp_path, begun + chunk(2, bytes(BLOCK - 7 - len(begun))) + blocks + chunk(1, row(2))
    )

    assert losses(log) == [0.0, 0.25]
    assert log.damage.lost_bytes > LARGEST_RECORD
    assert log.damage.lost_stretches == 1


def test_a_long_read_says_how_far_it_has_come_and_can_be_stopped(tmp_path: Path):
    data = framed([row(number, padding=1_500_000) for number in range(25)])
    said: list[tuple[str, int, int | None]] = []

    def told(what: str, done: int, total: int | None) -> None:
        said.append((what, done, total))
        raise InterruptedError

    with pytest.raises(InterruptedError), listening(told):
        read(tmp_path, data)
    [(what, done, total)] = said

    assert (what, total) == ("bytes of run-one.wandb", len(data))
    assert 0 < done < len(data)


@unhurried
@given(length=st.integers(0, len(WHOLE)))
def test_a_log_cut_anywhere_gives_the_rows_before_the_cut(tmp_path: Path, length: int):
    log = read(tmp_path, WHOLE[:length])
    whole = sum(end <= length for end in ENDS[1:])

    assert losses(log) == LOSSES[:whole]
    assert bool(sentences(log)) == (length > len(HEADER) and length not in ENDS)


@unhurried
@given(
    changes=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=20),
    length=st.integers(0, len(WHOLE)),
    tail=st.binary(max_size=64),
)
def test_any_damage_neither_raises_nor_invents_a_value(
    tmp_path: Path, changes: list[tuple[int, int]], length: int, tail: bytes
):
    data = bytearray(WHOLE)
    for position, byte in changes:
        data[position] = byte
    log = read(tmp_path, bytes(data[:length]) + tail)

    assert set(losses(log)) <= set(LOSSES)
    assert losses(log) == sorted(losses(log))


@unhurried
@given(position=st.integers(len(HEADER), len(WHOLE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_costs_no_row_of_another_block(tmp_path: Path, position: int, bit: int):
    data = bytearray(WHOLE)
    data[position] ^= 1 << bit
    first, last = position // BLOCK * BLOCK, (position // BLOCK + 1) * BLOCK
    elsewhere = [
        loss
        for loss, start, end in zip(LOSSES, ENDS, ENDS[1:], strict=False)
        if end <= first or start >= last
    ]

    assert set(losses(read(tmp_path, bytes(data)))) >= set(elsewhere)


@unhurried
@given(payload=st.binary(max_size=80))
def test_a_whole_record_of_any_bytes_does_not_raise(tmp_path: Path, payload: bytes):
    log = read(tmp_path, HEADER + chunk(1, payload) + chunk(1, row(2)))

    assert 0.25 in losses(log)
