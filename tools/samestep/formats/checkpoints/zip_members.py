"""One member of a zip archive, read within bounds; nothing is ever extracted to a path.

Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from samestep.formats.checkpoints.bounds import LARGEST_DIRECTORY, MOST_MEMBERS
from samestep.formats.checkpoints.machine import Broken

END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
MEMBER, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
END_LENGTH, LOCATOR_LENGTH, END_64_LENGTH, MEMBER_LENGTH, LOCAL_LENGTH = 22, 20, 56, 46, 30
LONGEST_COMMENT = 65_535
IN_EXTRA_32 = 0xFFFFFFFF  # the number stands in the extra field
STORED, DEFLATED = 0, 8
ENCRYPTED = 1
ZIP_64 = 1  # the extra field of large numbers
MOST_SHOWN = 3
FIELD_LENGTH = 4  # bytes of an extra field before what it holds
MOST_FIELDS = 16  # extra fields of a member
FROM_A_ROOT = re.compile(r"[/\\]|[A-Za-z]:")
FARTHEST = 1 << 42  # bytes; no file is longer, and systems refuse to seek much further


class Member(NamedTuple):
    """One member as the archive's directory lists it."""

    name: str
    packed: int
    size: int
    at: int
    method: int
    flags: int


def members(file: IO[bytes], length: int) -> list[Member]:
    """Return the members of an archive.

    Raises:
        Broken: It is torn, too large, names a member twice, or one that leads out of it.
    """
    at, size = _directory(file, length)
    if size > LARGEST_DIRECTORY:
        raise Broken(f"its list of members takes more than {LARGEST_DIRECTORY // 1_000_000} MB")
    file.seek(at)
    found = list(_listed(file.read(size)))
    names = {one.name for one in found}
    if len(names) < len(found):
        raise Broken("it holds two members of one name")
    leading_out = sorted(filter(_leads_out, names))
    if leading_out:
        raise Broken(f"its member {leading_out[0][:100]!r} leads out of the archive")
    return found


def _leads_out(name: str) -> bool:
    """Return whether a member's name is that of no place inside the archive."""
    # Split, not searched for: a pattern takes seconds over 16 MB of names.
    parts = name.replace("\\", "/").split("/")
    return FROM_A_ROOT.match(name) is not None or "\0" in name or ".." in parts


def content(file: IO[bytes], member: Member, most: int) -> bytes:
    """Return what a member holds.

    Raises:
        Broken: It is torn, encrypted, packed in an unusual way, or larger than `most` bytes.
    """
    if member.size > most:
        raise Broken(f"{member.name} unpacks to {member.size:,} bytes, more than {most:,}")
    if member.flags & ENCRYPTED or member.method not in {STORED, DEFLATED}:
        raise Broken(f"{member.name} is encrypted or packed in a way torch does not write")
    file.seek(min(member.at, FARTHEST))
    header = file.read(LOCAL_LENGTH)
    if len(header) < LOCAL_LENGTH or not header.startswith(LOCAL):
        raise Broken(f"{member.name} is not where the archive's directory says")
    file.seek(member.at + LOCAL_LENGTH + sum(struct.unpack_from("<2H", header, 26)))
    packed = file.read(min(member.packed, most))
    unpacked = packed if member.method == STORED else _inflated(member, packed)
    if len(unpacked) != member.size:
        raise Broken(f"{member.name} is not as long as the archive's directory says")
    return unpacked


def _inflated(member: Member, packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return unpacking.decompress(packed, member.size + 1)
    except zlib.error as error:
        raise Broken(f"{member.name} cannot be unpacked") from error


def _directory(file: IO[bytes], length: int) -> tuple[int, int]:
    """Return where the list of members begins and its bytes."""
    start = max(0, length - END_LENGTH - LONGEST_COMMENT)
    file.seek(start)
    tail = file.read(length - start)
    end = tail.rfind(END)
    if end < 0 or len(tail) - end < END_LENGTH:
        raise Broken("it is torn: the list of members at the end of a zip is missing")
    size, at = struct.unpack_from("<2I", tail, end + 12)
    if IN_EXTRA_32 in {size, at} or tail[end - LOCATOR_LENGTH :].startswith(LOCATOR_64):
        return _directory_64(file, tail[max(0, end - LOCATOR_LENGTH) : end])
    return at, size


def _directory_64(file: IO[bytes], locator: bytes) -> tuple[int, int]:
    if len(locator) < LOCATOR_LENGTH or not locator.startswith(LOCATOR_64):
        raise Broken("it is torn: the place of the list of members is missing")
    (at,) = struct.unpack_from("<Q", locator, 8)
    file.seek(min(at, FARTHEST))
    record = file.read(END_64_LENGTH)
    if len(record) < END_64_LENGTH or not record.startswith(END_64):
        raise Broken("it is torn: the place of the list of members is missing")
    size, at = struct.unpack_from("<2Q", record, 40)
    return min(at, FARTHEST), size


def _listed(directory: bytes) -> Iterator[Member]:
    at = 0
    for _ in range(MOST_MEMBERS + 1):
        if at == len(directory):
            return
        if directory[at : at + 4] != MEMBER or len(directory) - at < MEMBER_LENGTH:
            raise Broken("it is torn: its list of members breaks off")
        lengths = struct.unpack_from("<3H", directory, at + 28)
        yield _member(directory, at, lengths)
        at += MEMBER_LENGTH + sum(lengths)
    raise Broken(f"it has more than {MOST_MEMBERS:,} members")


def _member(directory: bytes, at: int, lengths: Sequence[int]) -> Member:
    flags, method = struct.unpack_from("<2H", directory, at + 8)
    packed, size = struct.unpack_from("<2I", directory, at + 20)
    (offset,) = struct.unpack_from("<I", directory, at + 42)
    name_end = at + MEMBER_LENGTH + lengths[0]
    name = directory[at + MEMBER_LENGTH : name_end].decode("utf-8", "replace")
    if IN_EXTRA_32 in {packed, size, offset}:
        extra = directory[name_end : name_end + lengths[1]]
        size, packed, offset = _large(extra, (size, packed, offset))
    return Member(name, packed, size, offset, method, flags)


def _large(extra: bytes, numbers: Sequence[int]) -> list[int]:
    """Return the numbers that do not fit in 32 bits from the extra field."""
    at = 0
    for _ in range(MOST_FIELDS):
        if len(extra) - at < FIELD_LENGTH:
            break
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == ZIP_64:
            large = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + FIELD_LENGTH))
            return [next(large, one) if one == IN_EXTRA_32 else one for one in numbers]
        at += FIELD_LENGTH + length
    return list(numbers)
