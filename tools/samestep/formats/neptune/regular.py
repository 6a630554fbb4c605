"""Files opened for reading only where they are files: a pipe would wait for its writer."""

import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        OSError: It cannot be opened, or is no regular file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a regular file")
    return path.open("rb")


def why(error: OSError) -> str:
    """Return why a file could not be read, as a clause without the file's path."""
    return error.strerror or type(error).__name__
