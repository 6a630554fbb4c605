"""The items that W&B's records are made of: a key, and a value as JSON or, since 0.31, typed."""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from samestep.formats.config_files import whole_text
from samestep.formats.local.values import parsed
from samestep.formats.wire import FIXED64, LENGTH, VARINT, Malformed, fields, key

KeyPath = tuple[str, ...]
"""A key and, where the value was nested in dicts, the keys it was nested under before it."""

KEY: Final = key(1, LENGTH)
NESTED_KEY: Final = key(2, LENGTH)
VALUE_JSON: Final = key(16, LENGTH)
VALUE: Final = bytes([VALUE_JSON & 127 | 128, VALUE_JSON >> 7])
"""What stands between an item's path and the length of its JSON."""
LONGEST_JSON: Final = 2_000_000
"""Bytes of a value that is parsed; tables and plots may be longer and hold no metric."""
DEEPEST: Final = 20
MEDIA_TYPE: Final = "_type"
"""The key by which a dict says that it stands for an image, a table, a histogram."""

_NONE = key(3, VARINT)
_BOOLEAN = key(4, VARINT)
_INTEGER = key(5, VARINT)
_NUMBER = key(6, FIXED64)
_TEXT = key(7, LENGTH)
_JSON = key(8, LENGTH)


@dataclass(frozen=True, slots=True)
class NotParsed:
    """A value that is too long, or no JSON."""


def item(message: bytes) -> tuple[KeyPath, object]:
    """Return an item's path and value.

    Raises:
        Malformed: The bytes are no item.
    """
    flat, nested = "", list[str]()
    value: object = None
    for tag, chunk, number in fields(message):
        if tag == KEY:
            flat = decoded(chunk)
        elif tag == NESTED_KEY:
            nested.append(decoded(chunk))
        elif tag in {VALUE_JSON, _JSON}:
            value = from_json(chunk)
        elif tag == _INTEGER:
            value = number >> 1 ^ -(number & 1)  # zigzag
        elif tag == _NUMBER:
            (value,) = struct.unpack("<d", chunk)
        elif tag == _TEXT:
            value = decoded(chunk)
        elif tag == _BOOLEAN:
            value = bool(number)
        elif tag == _NONE:
            value = None
    return tuple(nested) or (flat,), value


def encoded_path(message: bytes) -> KeyPath | None:
    """Return the path that bytes hold and nothing else; None where they hold more."""
    try:
        parts = fields(message)
    except Malformed:
        return None
    if not all(tag in {KEY, NESTED_KEY} for tag, _, _ in parts):
        return None
    return item(message)[0]


def from_json(text: bytes) -> object:
    """Return what a JSON value says."""
    if len(text) > LONGEST_JSON:
        return NotParsed()
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return NotParsed()


def numbers(path: KeyPath, value: object) -> Iterator[tuple[KeyPath, float]]:
    """Yield the numbers of a value: itself, or those in dicts that stand for nothing else."""
    if not isinstance(value, Mapping):
        number = parsed(value)
        if isinstance(number, float):
            yield path, number
        return
    inside = cast("Mapping[str, object]", value)
    if MEDIA_TYPE not in inside and len(path) <= DEEPEST:
        for name, part in inside.items():
            yield from numbers((*path, whole_text(name)), part)


def decoded(text: bytes) -> str:
    """Return text; bytes that are none are replaced."""
    return text.decode(errors="replace")
