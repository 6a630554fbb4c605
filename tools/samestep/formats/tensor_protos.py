"""The one number of a serialized TensorProto, or its strings."""

import struct
from functools import lru_cache
from math import prod

from samestep.formats.wire import LENGTH, VARINT, Field, fields, key, signed, varints

_DTYPE = key(1, VARINT)
_SHAPE = key(2, LENGTH)
_CONTENT = key(4, LENGTH)
_STRING = key(8, LENGTH)
_DIMENSION = key(2, LENGTH)
_DIMENSION_SIZE = key(1, VARINT)
_UNKNOWN_RANK = key(3, VARINT)

_FLOAT, _DOUBLE, _BFLOAT16, _HALF = 1, 2, 14, 19
_SIGNED = frozenset({3, 5, 6, 9})
_DTYPES = {
    _FLOAT: ("<f", 5),
    _DOUBLE: ("<d", 6),
    3: ("<i", 7),
    4: ("<B", 7),
    5: ("<h", 7),
    6: ("<b", 7),
    9: ("<q", 10),
    10: ("<?", 11),
    _BFLOAT16: ("<H", 13),
    17: ("<H", 7),
    _HALF: ("<e", 13),
    22: ("<I", 16),
    23: ("<Q", 17),
}
"""How each numeric dtype stands in `tensor_content`, and the field for its values elsewhere."""


def scalar(tensor: bytes) -> float | None:
    """Return the number of a numeric tensor with one element; None for any other tensor."""
    dtype, shape, content = 0, b"", b""
    parts = fields(tensor)
    for tag, chunk, number in parts:
        if tag == _DTYPE:
            dtype = number
        elif tag == _SHAPE:
            shape = chunk
        elif tag == _CONTENT:
            content = chunk
    if dtype not in _DTYPES or _element_count(shape) != 1:
        return None
    values = [part for part in parts if part[0] >> 3 == _DTYPES[dtype][1]]
    if content or dtype in {_FLOAT, _DOUBLE}:
        return _stored(dtype, content or b"".join(chunk for _, chunk, _ in values))
    return _counted(dtype, values)


def strings(tensor: bytes) -> tuple[str, ...]:
    """Return the strings of a tensor of strings."""
    return tuple(
        chunk.decode(errors="replace") for tag, chunk, _ in fields(tensor) if tag == _STRING
    )


@lru_cache(maxsize=256)
def _element_count(shape: bytes) -> int | None:
    """Return how many elements a TensorShapeProto describes; None where it does not say."""
    parts = fields(shape)
    if any(tag == _UNKNOWN_RANK and number for tag, _, number in parts):
        return None
    return prod(_dimension(chunk) for tag, chunk, _ in parts if tag == _DIMENSION)


def _dimension(message: bytes) -> int:
    return next((number for tag, _, number in fields(message) if tag == _DIMENSION_SIZE), 0)


def _stored(dtype: int, content: bytes) -> float | None:
    """Return the number that the memory of one element holds."""
    element = _DTYPES[dtype][0]
    if len(content) != struct.calcsize(element):
        return None
    number = struct.unpack(element, content)[0]
    return _bfloat16(number) if dtype == _BFLOAT16 else float(number)


def _counted(dtype: int, values: list[Field]) -> float | None:
    """Return the number that a field of varints holds."""
    numbers = [
        number
        for tag, chunk, single in values
        for number in (varints(chunk) if tag & 7 == LENGTH else [single])
    ]
    if len(numbers) != 1:
        return None
    if dtype in {_HALF, _BFLOAT16}:
        return _stored(dtype, (numbers[0] & 0xFFFF).to_bytes(2, "little"))
    return float(signed(numbers[0]) if dtype in _SIGNED else numbers[0])


def _bfloat16(bits: int) -> float:
    return struct.unpack("<f", (bits << 16).to_bytes(4, "little"))[0]
