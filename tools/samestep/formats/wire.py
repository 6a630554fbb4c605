"""Protocol buffer messages split into their fields, without a schema."""

from typing import Final

VARINT: Final = 0
FIXED64: Final = 1
LENGTH: Final = 2
FIXED32: Final = 5

_FIRST_KEY = 8
_MORE = 128
_LONGEST_VARINT = 10
_64_BITS = (1 << 64) - 1

Field = tuple[int, bytes, int]
"""A field's key (number and wire type), its bytes, and its number where it is a varint."""


class Malformed(ValueError):
    """Bytes that are no protocol buffer message."""


def key(number: int, wire_type: int) -> int:
    """Return the key a field of that number and wire type is written with."""
    return number << 3 | wire_type


def fields(message: bytes, *, cut: bool = False) -> list[Field]:
    """Return a message's fields in the order they were written.

    With `cut`, the message is known to miss its end: what stands of its last field is returned.
    This loop runs for every field of every record, so its common cases are written out.
    """
    found: list[Field] = []
    position, end = 0, len(message)
    while position < end:
        tag, position = _varint(message, position)
        wire_type = tag & 7
        if tag < _FIRST_KEY:
            raise Malformed("a field number is 0")
        if wire_type == VARINT:
            number, position = _varint(message, position)
            found.append((tag, b"", number))
            continue
        if wire_type == LENGTH:
            size, position = _varint(message, position)
        elif wire_type == FIXED64:
            size = 8
        elif wire_type == FIXED32:
            size = 4
        else:
            raise Malformed(f"wire type {wire_type} is not in use")
        if position + size > end and not cut:
            raise Malformed("a field is longer than its message")
        found.append((tag, message[position : position + size], 0))
        position += size
    return found


def varints(packed: bytes) -> list[int]:
    """Return the numbers of a packed repeated field."""
    numbers: list[int] = []
    position = 0
    while position < len(packed):
        number, position = _varint(packed, position)
        numbers.append(number)
    return numbers


def signed(number: int) -> int:
    """Return what a varint means where the schema says int64: the two's complement."""
    return number - (1 << 64) if number >> 63 else number


def _varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number at a position and the position behind it."""
    try:
        number = message[position]
        if number < _MORE:
            return number, position + 1
        number &= 127
        for count in range(1, _LONGEST_VARINT):
            byte = message[position + count]
            number |= (byte & 127) << 7 * count
            if byte < _MORE:
                return number & _64_BITS, position + count + 1
    except IndexError:
        raise Malformed("a number is cut off") from None
    raise Malformed("a number is longer than 64 bits")
