"""Checkpoints put together byte by byte, in torch's layouts, with whatever a test wants in them."""

import io
import json
import pickle
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

RECORDED = Path(__file__).parents[2] / "recorded/checkpoints"
"""What the real torch and safetensors wrote; see `record/checkpoints.py`."""


def zipped(pickled: bytes, **others: bytes) -> bytes:
    """Return a zip as torch lays it out, with other members beside the pickle."""
    members = {"archive/data.pkl": pickled, "archive/version": b"3\n", **others}
    return archive(list(members.items()))


def archive(members: list[tuple[str, bytes]], packed: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip of members in their order, two of one name included."""
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w", packed) as opened:
        warnings.simplefilter("ignore")  # what zipfile says of two members of one name
        for name, content in members:
            opened.writestr(name, content)
    return written.getvalue()


def saved(path: Path, content: Mapping[str, object]) -> Path:
    """Save plain values as torch does and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(pickle.dumps(dict(content), 2)))
    return path


def safetensors(header: object, length: int | None = None) -> bytes:
    """Return a safetensors file without tensors; its header may claim another length."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text
