"""The number that begins at a place of a message, without splitting the rest of it."""

from typing import Final

from samestep.formats.wire import Malformed

MORE: Final = 128
"""A byte from here on says that another one follows."""
_LONGEST: Final = 10


def varint(message: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at a position, and the position behind it.

    Raises:
        Malformed: The message ends within the number, or it has more than 64 bits.
    """
    try:
        number, following = message[position], message[position + 1]
        if following < MORE <= number:  # most sizes have two bytes
            return number & 127 | following << 7, position + 2
    except IndexError:
        number = 0
    number = 0
    for count, byte in enumerate(message[position : position + _LONGEST]):
        number |= (byte & 127) << 7 * count
        if byte < MORE:
            return number, position + count + 1
    raise Malformed("a number has no end")
