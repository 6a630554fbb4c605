"""The metadata in the header of a safetensors file.

Layout: https://huggingface.co/docs/safetensors/index#format
"""

import json
import struct
from typing import IO, cast

from samestep.formats.checkpoints.bounds import LARGEST_HEADER
from samestep.formats.checkpoints.machine import Broken
from samestep.formats.checkpoints.nodes import Node, Value

METADATA = "__metadata__"
LENGTH = 8  # bytes that say how long the header is


def is_safetensors(head: bytes, length: int) -> bool:
    """Return whether a file's first bytes are a length that fits in it, and the start of JSON."""
    if len(head) <= LENGTH or head[LENGTH : LENGTH + 1] != b"{":
        return False
    return int(struct.unpack("<Q", head[:LENGTH])[0]) <= length - LENGTH


def read_header(file: IO[bytes]) -> Node:
    """Return the metadata and, by name, the tensors.

    Raises:
        Broken: The header is torn or too large.
    """
    file.seek(0)
    (length,) = struct.unpack("<Q", file.read(LENGTH))
    if length > LARGEST_HEADER:
        raise Broken(f"its header takes {length:,} bytes, more than {LARGEST_HEADER:,}")
    try:
        header: object = json.loads(file.read(length))
    except (ValueError, RecursionError) as error:
        raise Broken("its header is no whole JSON") from error
    return _node(header)


def _node(header: object) -> Node:
    node = Node()
    for key, value in _mapping(header).items():
        if key == METADATA:
            for name, text in _mapping(value).items():
                node.enter([name, text if isinstance(text, str) else None])
        else:
            node.enter([key, Node()])
    return node


def _mapping(value: object) -> dict[str, Value]:
    return cast("dict[str, Value]", value) if isinstance(value, dict) else {}
