"""The operations of Neptune 3.x: protocol buffer messages of `neptune_pb.ingest.v1`.

`Run` creates a run; an `UpdateRunSnapshot` is what one log call wrote.
"""

import struct
from collections.abc import Iterator

from samestep.formats.neptune.held import (
    CREATED,
    CUSTOM_RUN_ID,
    NAME,
    PARENT,
    PARENT_STEP,
    Log,
    Value,
    moment,
)
from samestep.formats.wire import FIXED64, LENGTH, VARINT, fields, key, signed

_RUN_ID = key(1, LENGTH)
_FORK_POINT = key(2, LENGTH)
_CREATION_TIME = key(3, LENGTH)
_EXPERIMENT_ID = key(5, LENGTH)
_PARENT_RUN_ID = key(2, LENGTH)
_PARENT_STEP = key(4, LENGTH)

_STEP = key(1, LENGTH)
_TIMESTAMP = key(2, LENGTH)
_ASSIGN = key(4, LENGTH)
_MODIFY_SETS = key(5, LENGTH)
_APPEND = key(8, LENGTH)
_PREVIEW = key(10, LENGTH)

_MAP_KEY = key(1, LENGTH)
_MAP_VALUE = key(2, LENGTH)
_MAP_NUMBER = key(2, VARINT)
_FIRST = key(1, VARINT)
_SECOND = key(2, VARINT)
_STRINGS = key(1, LENGTH)

_ADD, _REMOVE = 1, 2
_MICRO, _NANO = 10**6, 10**9


class _Field:
    """The fields of a value, of which it has one; the last that is written counts."""

    FLOAT64 = key(1, FIXED64)
    INT64 = key(3, VARINT)
    BOOL = key(5, VARINT)
    STRING = key(6, LENGTH)
    TIME = key(8, LENGTH)
    STRING_SET = key(12, LENGTH)


def apply_run(message: bytes, log: Log) -> None:
    """Note what the creation of a run says of it.

    Raises:
        Malformed: It is no such message.
    """
    for tag, chunk, _ in fields(message):
        if tag == _RUN_ID:
            log.attributes[CUSTOM_RUN_ID] = _text(chunk)
        elif tag == _EXPERIMENT_ID:
            log.attributes[NAME] = _text(chunk)
        elif tag == _CREATION_TIME and (created := moment(_seconds(chunk))) is not None:
            log.attributes[CREATED] = created
        elif tag == _FORK_POINT:
            for inner, part, _ in fields(chunk):
                if inner == _PARENT_RUN_ID:
                    log.attributes[PARENT] = _text(part)
                elif inner == _PARENT_STEP:
                    log.attributes[PARENT_STEP] = _step(part)


def apply_snapshot(message: bytes, log: Log) -> int:
    """Apply what one log call wrote; return how many points of it are previews, passed over.

    A preview is not the value of its step: Neptune drops it when that value comes.

    Raises:
        Malformed: It is no such message.
    """
    step: float | None = None
    time = float("nan")
    is_preview = False
    appended: list[tuple[str, float]] = []
    for tag, chunk, _ in fields(message):
        if tag == _STEP:
            step = _step(chunk)
        elif tag == _TIMESTAMP:
            time = _seconds(chunk)
        elif tag == _APPEND:
            appended.extend(_points(chunk))
        elif tag == _PREVIEW:
            is_preview = any(inner == _FIRST and number for inner, _, number in fields(chunk))
        elif tag == _ASSIGN:
            _assign(chunk, log)
        elif tag == _MODIFY_SETS:
            _modify_set(chunk, log)
    if is_preview:
        return len(appended)
    for path, value in appended:
        log.append(path, step, value, time)
    return 0


def _points(entry: bytes) -> Iterator[tuple[str, float]]:
    """Yield the number appended to a series, if it is one of numbers."""
    path, value = _entry(entry)
    for tag, chunk, _ in reversed(fields(value)):
        if tag == _Field.FLOAT64:
            yield path, struct.unpack("<d", chunk)[0]
        return


def _assign(entry: bytes, log: Log) -> None:
    path, message = _entry(entry)
    value = _value(message)
    if value is not None:
        log.attributes[path] = value


def _value(message: bytes) -> Value | None:
    """Return a single value; None for a file or a histogram."""
    for tag, chunk, number in reversed(fields(message)):
        match tag:
            case _Field.INT64:
                value: Value | None = signed(number)
            case _Field.BOOL:
                value = bool(number)
            case _Field.TIME:
                value = moment(_seconds(chunk))
            case _Field.STRING_SET:
                parts = fields(chunk)
                value = tuple(sorted(_text(part) for inner, part, _ in parts if inner == _STRINGS))
            case _Field.FLOAT64:
                value = struct.unpack("<d", chunk)[0]
            case _:
                value = _text(chunk) if tag == _Field.STRING else None
        return value
    return None


def _modify_set(entry: bytes, log: Log) -> None:
    path, message = _entry(entry)
    changes: dict[str, int] = {}
    for _, strings, _ in fields(message):
        for tag, change, _ in fields(strings):
            if tag == _STRINGS:
                string, number = "", 0
                for inner, part, value in fields(change):
                    string = _text(part) if inner == _MAP_KEY else string
                    number = value if inner == _MAP_NUMBER else number
                changes[string] = number
    log.add(path, (string for string, change in changes.items() if change == _ADD))
    log.remove(path, (string for string, change in changes.items() if change == _REMOVE))


def _entry(entry: bytes) -> tuple[str, bytes]:
    """Return the key and the value of a map's entry; either may be left out where it is empty."""
    path, value = "", b""
    for tag, chunk, _ in fields(entry):
        if tag == _MAP_KEY:
            path = _text(chunk)
        elif tag == _MAP_VALUE:
            value = chunk
    return path, value


def _step(message: bytes) -> float:
    whole, micro = _two_numbers(message)
    return (whole * _MICRO + micro) / _MICRO


def _seconds(message: bytes) -> float:
    seconds, nanos = _two_numbers(message)
    return (signed(seconds) * _NANO + signed(nanos)) / _NANO


def _two_numbers(message: bytes) -> tuple[int, int]:
    first, second = 0, 0
    for tag, _, number in fields(message):
        if tag == _FIRST:
            first = number
        elif tag == _SECOND:
            second = number
    return first, second


def _text(chunk: bytes) -> str:
    return chunk.decode(errors="replace")
