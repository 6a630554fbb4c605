"""The rows of files that hold one example each: tables, JSON lines, arrays."""

import csv
import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from zlib import error as ZlibError  # noqa: N812 -- zlib spells its exception in lower case

import numpy as np
from numpy.typing import NDArray

from samestep.errors import NotReadable
from samestep.formats.local.text import Lines, open_lines

TABLES = {".csv": ",", ".tsv": "\t"}
JSON_LINES = (".jsonl", ".ndjson")
ARRAYS = ".npz"
SUFFIXES = (*TABLES, *JSON_LINES, ARRAYS)
DEEPEST = 4  # levels of nested names that are read
LARGEST_ARRAY = 256_000_000  # bytes when unpacked
NOT_FLAT = "holds objects, or has more than one dimension"
PLAIN = "biufU"  # NumPy's kinds of booleans, integers, floats and texts

Row = Mapping[str, object]
Array = NDArray[Any]  # Any: numbers or texts, as the file has them


class PredictionRows:
    """The rows of one file, in order, those that are none counted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._torn = 0
        self._said: list[str] = []
        self.skipped: dict[str, str] = {}
        """Arrays that are not read, and why, as clauses; of use to whoever needs one of them."""

    def __iter__(self) -> Iterator[Row]:
        suffix = self._path.suffix.lower()
        if suffix == ARRAYS:
            yield from self._of_arrays()
            return
        with open_lines(self._path) as lines:
            of_table = suffix in TABLES
            yield from self._of_table(lines, TABLES[suffix]) if of_table else self._objects(lines)
            self._said.extend(lines.losses())

    def losses(self) -> list[str]:
        """Return what was skipped so far."""
        torn = [f"{self._torn} lines are no whole rows and were skipped"] if self._torn else []
        return [*torn, *self._said]

    def _of_table(self, lines: Lines, delimiter: str) -> Iterator[Row]:
        header: list[str] = []
        try:
            for cells in csv.reader(lines, delimiter=delimiter):
                if not header:
                    header = [name.strip() for name in cells]
                elif len(cells) == len(header):
                    yield dict(zip(header, cells, strict=True))
                elif cells:
                    self._torn += 1
        except csv.Error as error:
            raise _not_readable(self._path, f"a row is no CSV ({error})") from error
        if not lines.ended:
            self._said.append("the last row has no line break: it may be cut short")

    def _objects(self, lines: Lines) -> Iterator[Row]:
        for line in lines:
            found = _object(line)
            if found is not None:
                yield dict(_leaves(found, "", 1))
            elif line.strip():
                self._torn += 1

    def _of_arrays(self) -> Iterator[Row]:
        columns = _arrays(self._path)
        flat = {name: values for name, values in columns.items() if values is not None}
        usual = _usual_length(flat)
        self.skipped = {name: NOT_FLAT for name, values in columns.items() if values is None}
        self.skipped |= {
            name: f"holds {len(values)} values, and most arrays {usual}"
            for name, values in flat.items()
            if len(values) != usual
        }
        kept = {name: values for name, values in flat.items() if name not in self.skipped}
        for cells in zip(*(values.tolist() for values in kept.values()), strict=True):
            yield dict(zip(kept, cells, strict=True))


def _usual_length(arrays: Mapping[str, Array]) -> int:
    """Return the length that most arrays have, of two the larger: a row for each example."""
    lengths = [len(values) for values in arrays.values()]
    return max(lengths, key=lambda length: (lengths.count(length), length), default=0)


def _object(line: str) -> Row | None:
    try:
        found = cast("object", json.loads(line))
    except (ValueError, RecursionError):
        return None
    return cast("Row", found) if isinstance(found, dict) else None


def _leaves(row: Row, prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the values of an object, nested names joined by `/`."""
    for key, value in row.items():
        if isinstance(value, Mapping):
            if depth < DEEPEST:
                yield from _leaves(cast("Row", value), f"{prefix}{key}/", depth + 1)
        elif not isinstance(value, list):
            yield f"{prefix}{key}", value


def _arrays(path: Path) -> dict[str, Array | None]:
    """Return the flat arrays of an archive that hold numbers or texts, None for any other."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            return {name.removesuffix(".npy"): _array(archive, path, name) for name in names}
    except (zipfile.BadZipFile, EOFError, ZlibError, NotImplementedError, RuntimeError) as error:
        raise _not_readable(path, f"it is no whole npz archive ({error})") from error
    except OSError as error:
        raise _not_readable(path, str(error.strerror or error)) from error


def _array(archive: zipfile.ZipFile, path: Path, name: str) -> Array | None:
    """Return one array; None for objects, as nothing is unpickled, and for more dimensions."""
    if archive.getinfo(name).file_size > LARGEST_ARRAY:
        raise _not_readable(path, f"{name} is larger than {LARGEST_ARRAY // 1_000_000} MB")
    with archive.open(name) as member:
        try:
            version = np.lib.format.read_magic(member)
            read = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read = np.lib.format.read_array_header_2_0
            shape, _, dtype = read(member)
        except ValueError as error:
            raise _not_readable(path, f"{name} has no header of NumPy's") from error
        if dtype.kind not in PLAIN or len(shape) != 1 or dtype.itemsize == 0:
            return None
        size = math.prod(shape) * dtype.itemsize
        held = member.read(min(size, LARGEST_ARRAY) + 1)
    if len(held) != size:
        raise _not_readable(path, f"{name} is not as long as its header says")
    return np.frombuffer(held, dtype=dtype)


def _not_readable(path: Path, why: str) -> NotReadable:
    return NotReadable(str(path), why, "Predictions are a row or an array element per example.")
