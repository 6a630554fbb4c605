"""The metadata in the header of a safetensors file.

Layout: https://huggingface.co/docs/safetensors/index#format
"""

import json
import struct
from typing import IO, cast

from samestep.formats.checkpoints.bounds import LARGEST_HEADER
from samestep.formats.checkpoints.machine import Broken
from samestep.formats.checkpoints.nodes import OPAQUE, Node, Value

METADATA = "__metadata__"
NOT_LENGTHS = (b"PK", b"\x80")  # a zip and a pickle; as the length of JSON, both lead too far
LENGTH = 8  # bytes that say how long the header is


def is_safetensors(head: bytes, length: int) -> bool:
    """Return whether a file's first bytes are a length, and the start of JSON.

    Raises:
        Broken: They are, and the length leads beyond the file's end.
    """
    if len(head) <= LENGTH or head[LENGTH : LENGTH + 1] != b"{":
        return False
    claimed = int(struct.unpack("<Q", head[:LENGTH])[0])
    if claimed > length - LENGTH and not head.startswith(NOT_LENGTHS):
        raise Broken(f"it is torn: its header takes {claimed:,} bytes, and {length:,} are there")
    return claimed <= length - LENGTH


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
    tensors = _mapping(header)
    texts = _mapping(tensors.get(METADATA))
    node = Node()
    node.entries = {name: text if isinstance(text, str) else None for name, text in texts.items()}
    node.entries.update((name, OPAQUE) for name in tensors if name != METADATA)
    return node


def _mapping(value: object) -> dict[str, Value]:
    return cast("dict[str, Value]", value) if isinstance(value, dict) else {}
