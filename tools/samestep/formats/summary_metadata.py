"""The metadata of a summary: which TensorBoard plugin it is for, and the hyperparameters in it."""

import struct
from functools import lru_cache

from samestep.formats.wire import FIXED64, LENGTH, VARINT, fields, key

Setting = str | float | bool

_PLUGIN_DATA = key(1, LENGTH)
_PLUGIN_NAME = key(1, LENGTH)
_PLUGIN_CONTENT = key(2, LENGTH)

_SESSION_START = key(3, LENGTH)
_HPARAM = key(1, LENGTH)
_NAME = key(1, LENGTH)
_SETTING = key(2, LENGTH)
_NUMBER = key(2, FIXED64)
_STRING = key(3, LENGTH)
_BOOL = key(4, VARINT)


@lru_cache(maxsize=256)
def plugin(metadata: bytes) -> tuple[str, bytes]:
    """Return the plugin's name and what it keeps in the metadata."""
    name, content = "", b""
    for tag, chunk, _ in fields(metadata):
        if tag == _PLUGIN_DATA:
            for inner, part, _ in fields(chunk):
                if inner == _PLUGIN_NAME:
                    name = part.decode(errors="replace")
                elif inner == _PLUGIN_CONTENT:
                    content = part
    return name, content


def hyperparameters(content: bytes) -> dict[str, Setting]:
    """Return the settings that an HParamsPluginData names at the start of a session."""
    return dict(
        setting
        for tag, chunk, _ in fields(content)
        if tag == _SESSION_START
        for inner, entry, _ in fields(chunk)
        if inner == _HPARAM and (setting := _setting(entry)) is not None
    )


def _setting(entry: bytes) -> tuple[str, Setting] | None:
    """Return one entry of the map; None where its value is null, a list or a struct."""
    name, value = "", b""
    for tag, chunk, _ in fields(entry):
        if tag == _NAME:
            name = chunk.decode(errors="replace")
        elif tag == _SETTING:
            value = chunk
    for tag, chunk, number in reversed(fields(value)):
        if tag == _NUMBER:
            return name, struct.unpack("<d", chunk)[0]
        if tag == _STRING:
            return name, chunk.decode(errors="replace")
        if tag == _BOOL:
            return name, bool(number)
    return None
