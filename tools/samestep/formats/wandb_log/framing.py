"""The framing of a W&B log: its whole records in order, with a count of what is damaged.

It is LevelDB's log format behind a header of seven bytes: blocks of 32 KiB hold chunks, each with
a checksum (4 bytes), a length (2) and a type (1), and a record too long for the rest of a block
goes on in the next one. https://github.com/google/leveldb/blob/main/doc/log_format.md
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final, Literal
from zlib import crc32

from samestep.formats.tfrecords import Damage

Header = Literal["empty", "not a W&B log", "another version", "W&B log"]

BLOCK: Final = 32 << 10
LARGEST_RECORD: Final = 64 << 20
"""Bytes of a record that is kept; the rest of a longer one is lost."""
HEADER: Final = b":W&B\xe1\xbe\x00"
"""The name, a magic number and the version."""

_CHUNK_HEADER = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_SEEDS = {kind: crc32(bytes([kind])) for kind in (_FULL, _FIRST, _MIDDLE, _LAST)}
"""The checksum of each type, which a chunk's checksum starts with."""

Chunk = tuple[int, bytes]
"""A chunk's type and its data."""


def header(data: bytes) -> Header:
    """Tell from the first bytes of a file whether it is a log that can be read."""
    if data.startswith(HEADER):
        return "W&B log"
    if data.startswith(HEADER[:-1]) and len(data) >= len(HEADER):
        return "another version"
    return "empty" if not data or HEADER.startswith(data) else "not a W&B log"


class Records(Iterator[bytes]):
    """The whole records of an open log; what is damaged is counted and never raised."""

    def __init__(self, file: BinaryIO) -> None:
        self.size = os.fstat(file.fileno()).st_size
        """The bytes of the file when it was opened: what is written meanwhile is not read."""
        self.position = 0
        """How many of them have been read."""
        self._file = file
        self._records = self._assembled()
        self._damage = Damage()
        self._in_loss = False
        self._zeros = 0

    def __next__(self) -> bytes:
        return next(self._records)

    @property
    def damage(self) -> Damage:
        """What could not be read so far."""
        return replace(self._damage, zero_bytes=self._zeros)

    def _assembled(self) -> Iterator[bytes]:
        """Yield each record, put together from its chunks."""
        parts: list[bytes] = []
        for chunks, rest in self._blocks():
            for kind, data in chunks:
                if kind in {_FULL, _FIRST}:
                    if parts or self._zeros:
                        self._lose(sum(map(len, parts)))
                        parts = []
                elif not parts:  # its beginning is lost
                    self._lose(len(data))
                    continue
                self._in_loss = False
                parts.append(data)
                if kind in {_FULL, _LAST}:
                    yield data if kind == _FULL else b"".join(parts)
                    parts = []
            parts = self._without_what_is_lost(parts, rest)
        self._cut_off(sum(map(len, parts)))

    def _blocks(self) -> Iterator[tuple[list[Chunk], bytes]]:
        """Yield the intact chunks of each block, and what stands behind them."""
        start = len(HEADER)
        while block := self._file.read(min(BLOCK, self.size - self.position)):
            self.position += len(block)
            chunks, end = _chunks(block, start)
            rest = block[end:]
            is_padding = len(block) == BLOCK and len(rest) < _CHUNK_HEADER.size
            yield chunks, b"" if is_padding else rest
            start = 0

    def _without_what_is_lost(self, parts: list[bytes], rest: bytes) -> list[bytes]:
        """Count what stands behind the intact chunks of a block; return what may still go on."""
        length = sum(map(len, parts))
        if not rest and length <= LARGEST_RECORD:
            return parts
        if not rest.strip(b"\0"):
            self._lose(length)
            self._zeros += len(rest)
        elif self.position >= self.size and _is_cut_off(rest, self.size):
            self._cut_off(length + len(rest))
        else:
            self._lose(length + len(rest))
        return []

    def _lose(self, count: int) -> None:
        """Count bytes that belong to no whole record, and zeros that turn out not to be the end."""
        lost, self._zeros = count + self._zeros, 0
        if lost:
            stretches = self._damage.lost_stretches + (not self._in_loss)
            lost += self._damage.lost_bytes
            self._damage = replace(self._damage, lost_bytes=lost, lost_stretches=stretches)
            self._in_loss = True

    def _cut_off(self, count: int) -> None:
        if count:
            self._lose(0)
            self._damage = replace(self._damage, cut_off_bytes=count)


def _chunks(block: bytes, position: int) -> tuple[list[Chunk], int]:
    """Return the intact chunks of a block from a position on, and where the last one ends."""
    found: list[Chunk] = []
    while position + _CHUNK_HEADER.size <= len(block):
        checksum, size, kind = _CHUNK_HEADER.unpack_from(block, position)
        start = position + _CHUNK_HEADER.size
        data = block[start : start + size]
        seed = _SEEDS.get(kind)
        if seed is None or len(data) < size or crc32(data, seed) != checksum:
            break
        found.append((kind, data))
        position = start + size
    return found, position


def _is_cut_off(rest: bytes, file_size: int) -> bool:
    """Return whether the end of a file is the beginning of a chunk that its block has room for."""
    if len(rest) < _CHUNK_HEADER.size:
        return True
    _, size, kind = _CHUNK_HEADER.unpack_from(rest)
    room = len(rest) + -file_size % BLOCK
    return kind in _SEEDS and len(rest) < _CHUNK_HEADER.size + size <= room
