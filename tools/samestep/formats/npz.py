"""Arrays of numbers in NumPy's `.npz` archives, never unpickled and bounded in size."""

import math
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zlib import error as ZlibError  # noqa: N812 -- zlib spells its exception in lower case

import numpy as np

from samestep.errors import NotReadable

if TYPE_CHECKING:
    from samestep.model import Floats

LARGEST_ARRAY = 256_000_000  # bytes when unpacked
SIGNATURE = b"PK\x03\x04"
NUMBERS = "biuf"  # NumPy's kinds of booleans, integers and floats


def read_arrays(path: Path, names: Iterable[str]) -> "dict[str, Floats]":
    """Return those arrays of an archive that it holds, as floats.

    Raises:
        NotReadable: It is torn, too large, holds objects, or may not be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            held = set(archive.namelist())
            wanted = [name for name in names if f"{name}.npy" in held]
            return {name: _array(archive, path, f"{name}.npy") for name in wanted}
    except (zipfile.BadZipFile, EOFError, ZlibError) as error:
        raise _not_readable(path, f"it is no whole npz archive ({error})") from error
    except (NotImplementedError, RuntimeError) as error:  # a compression or an encryption
        raise _not_readable(
            path, f"it is packed in a way NumPy does not write ({error})"
        ) from error
    except OSError as error:
        raise _not_readable(path, str(error.strerror or error)) from error


def _array(archive: zipfile.ZipFile, path: Path, name: str) -> "Floats":
    if archive.getinfo(name).file_size > LARGEST_ARRAY:
        raise _not_readable(path, f"{name} is larger than {LARGEST_ARRAY // 1_000_000} MB")
    with archive.open(name) as member:
        shape, in_columns, dtype = _header(member, path, name)
        if dtype.kind not in NUMBERS:
            raise _not_readable(path, f"{name} holds {dtype}, not numbers")
        size = math.prod(shape) * dtype.itemsize
        # One byte more than needed, so that an array longer than its header says is seen.
        written = member.read(min(size, LARGEST_ARRAY) + 1)
    if len(written) != size:
        raise _not_readable(path, f"{name} is not as long as its header says")
    values = np.frombuffer(written, dtype=dtype).reshape(shape, order="F" if in_columns else "C")
    return values.astype(np.float64)


def _header(
    member: IO[bytes], path: Path, name: str
) -> "tuple[tuple[int, ...], bool, np.dtype[np.generic]]":
    """Return an array's shape, whether it is stored by columns, and its type."""
    try:
        version = np.lib.format.read_magic(member)
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        return read(member)
    except ValueError as error:
        raise _not_readable(path, f"{name} has no header of NumPy's") from error


def _not_readable(path: Path, why: str) -> NotReadable:
    return NotReadable(str(path), why, "The other files of its directory are still read.")
