"""One member of a tar archive, found without extracting anything.

Layout: https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

import re
from typing import IO

from samestep.formats.checkpoints.machine import Broken

BLOCK = 512
MAGIC, MAGIC_AT = b"ustar", 257
OCTAL = re.compile(rb"[0-7]{0,12}")
MOST_MEMBERS = 32  # the oldest checkpoints have four


def is_tar(head: bytes) -> bool:
    """Return whether a file's first bytes are those of a tar archive."""
    return head[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC


def tar_content(file: IO[bytes], wanted: str, most: int) -> bytes | None:
    """Return what the first member of a name holds; None where there is none.

    Raises:
        Broken: It is torn, or the member is larger than `most` bytes.
    """
    at = 0
    for _ in range(MOST_MEMBERS):
        file.seek(at)
        header = file.read(BLOCK)
        if len(header) < BLOCK or not header.strip(b"\0"):
            return None
        size = _octal(header[124:136])
        if header[:100].rstrip(b"\0") == wanted.encode():
            if size > most:
                raise Broken(f"{wanted} takes {size:,} bytes, more than {most:,}")
            return file.read(size)
        at += BLOCK + -(-size // BLOCK) * BLOCK
    return None


def _octal(field: bytes) -> int:
    written = field.strip(b" \0")
    if not OCTAL.fullmatch(written):  # `int` takes a sign too, and -1 bytes are all there are
        raise Broken("it is torn: a member of the tar has no size")
    return int(written or b"0", 8)
