"""TFRecord framing: where the intact records of a file stand, with a count of what is damaged.

A record is its length (8 bytes), the length's checksum (4), the payload, and its checksum (4).
https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import google_crc32c
import numpy as np

HEADER: Final = 12
FOOTER: Final = 4
MOST_EFFORT: Final = 16
"""How many times its own size of a damaged file is checksummed to find intact records again."""
_SMALLEST_SCAN = 4 << 10
_LARGEST_SCAN = 1 << 20

Span = tuple[int, int]
"""Where a payload begins and where it ends."""

# The package's C extension carries no types.
_crc32c: Callable[[bytes], int] = google_crc32c.value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be read of one file."""

    failed_records: int = 0
    """Records whose payload does not match its checksum."""
    foreign_records: int = 0
    """Records that are intact and hold something else than what the file is for."""
    lost_bytes: int = 0
    """Bytes that belong to no record."""
    lost_stretches: int = 0
    """The stretches these bytes make up."""
    zero_bytes: int = 0
    """Zeros at the end of the file, as a crash of the machine leaves them."""
    cut_off_bytes: int = 0
    """What stands of a last record that misses its end."""

    def sentences(self, name: str) -> tuple[str, ...]:
        """Say what could not be read of the file of that name, a sentence for each kind."""
        failed = _counted(self.failed_records, "damaged record")
        foreign = _counted(self.foreign_records, "record")
        lost = _counted(self.lost_bytes, "byte")
        stretches = _counted(self.lost_stretches, "place")
        zeros = _counted(self.zero_bytes, "byte")
        cut_off = _counted(self.cut_off_bytes, "byte")
        said = {
            f"{failed} skipped in {name}.": self.failed_records,
            f"{foreign} of unknown content skipped in {name}.": self.foreign_records,
            f"{lost} without a readable record skipped in {stretches} of {name}.": self.lost_bytes,
            f"The end of {name} is {zeros} of zeros.": self.zero_bytes,
            f"The last record of {name} is cut off ({cut_off}), as in a file still being written.": (
                self.cut_off_bytes
            ),
        }
        return tuple(sentence for sentence, count in said.items() if count)


def frame(data: bytes) -> tuple[list[Span], Damage]:
    """Return the payloads that match their checksums, in the order of the file."""
    spans: list[Span] = []
    failed, lost = 0, list[int]()
    effort = _Effort(MOST_EFFORT * len(data))
    position = 0
    while position < len(data):
        if (end := _intact(data, position)) is not None:
            spans.append((position + HEADER, end - FOOTER))
            position = end
        elif (end := _skippable(data, position)) is not None:
            failed += 1
            position = end
        elif (found := _next_intact(data, position + 1, effort)) is not None:
            lost.append(found - position)
            position = found
        else:
            break
    return spans, _damage(failed, lost, data, position)


def record_end(data: bytes, position: int) -> int | None:
    """Return where the record that begins here would end; None where no header stands."""
    header = data[position : position + HEADER]
    if len(header) < HEADER:
        return None
    length, checksum = struct.unpack("<QI", header)
    return position + HEADER + length + FOOTER if checksum == _masked(header[:8]) else None


def _intact(data: bytes, position: int) -> int | None:
    """Return where the record that begins here ends; None where none is whole."""
    end = record_end(data, position)
    if end is None or end > len(data):
        return None
    stored = int.from_bytes(data[end - FOOTER : end], "little")
    return end if stored == _masked(data[position + HEADER : end - FOOTER]) else None


def _skippable(data: bytes, position: int) -> int | None:
    """Return where a record with a damaged payload ends; None where its length is not borne out."""
    end = record_end(data, position)
    if end is None or end > len(data):
        return None
    follows = len(data) - end < HEADER or record_end(data, end) is not None
    return end if follows else None


@dataclass(slots=True)
class _Effort:
    """What may still be spent on finding the way back: a crafted file could ask for hours."""

    bytes_left: int


def _next_intact(data: bytes, start: int, effort: _Effort) -> int | None:
    """Return where the next whole record begins, at or behind `start`, within the effort left."""
    for at in _headers(data, start):
        end = record_end(data, at)
        if end is None or end > len(data):
            continue
        effort.bytes_left -= end - at
        if effort.bytes_left < 0:
            return None
        if _intact(data, at) is not None:
            return at
    return None


def _headers(data: bytes, start: int) -> Iterator[int]:
    """Yield where a header might stand: a length below 4 GiB, a checksum that is not zero."""
    stop = len(data) - HEADER - FOOTER + 1
    size = _SMALLEST_SCAN
    while start < stop:
        count = min(size, stop - start)
        high = np.ndarray((count,), "<u4", data, start + 4, (1,))
        checksum = np.ndarray((count,), "<u4", data, start + 8, (1,))
        yield from (start + np.flatnonzero((high == 0) & (checksum != 0))).tolist()
        start += count
        size = min(4 * size, _LARGEST_SCAN)


def _damage(failed: int, lost: list[int], data: bytes, position: int) -> Damage:
    """Count the damage, the tail that begins at `position` and holds no whole record included."""
    tail = len(data) - position
    if not tail:
        return Damage(failed, 0, sum(lost), len(lost))
    if data.count(0, position) == tail:
        return Damage(failed, 0, sum(lost), len(lost), zero_bytes=tail)
    if tail < HEADER or (record_end(data, position) or 0) > len(data):
        return Damage(failed, 0, sum(lost), len(lost), cut_off_bytes=tail)
    return Damage(failed, 0, sum(lost) + tail, len(lost) + 1)


def _masked(content: bytes) -> int:
    """Return the checksum as TFRecords store it: rotated, plus a constant."""
    crc = _crc32c(content)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
