"""Parquet files through pyarrow, which carries no types: what leaves this module is plain.

Only whole row groups are asked for, on the thread that asks. Of a damaged file, the statistics of a
`ParquetFile` end the process, and `pyarrow.dataset` waits for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from samestep.formats.neptune.regular import opened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats, Integers

Texts = Mapping[str, Sequence[str]]
"""The texts that a row may hold in each of some columns."""
_SIGNIFICANT_IN_64_BITS = 18  # decimal digits


class NotParquet(ValueError):
    """A file that is no parquet file, or not one that can be read whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Points of several series in the order of their rows; arrays have the shape (rows,)."""

    names: tuple[str, ...]
    codes: "Integers"
    """For each point, the place of its series in `names`."""
    steps: "Floats"
    times: "Floats"
    """Seconds since 1970; NaN where the file names no time."""
    values: "Floats"


class ParquetFile:
    """One parquet file."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            OSError: It cannot be opened.
            NotParquet: It is none.
        """
        opened(path).close()
        self._arrow: Any = import_module("pyarrow")  # Any: pyarrow carries no types
        parquet: Any = import_module("pyarrow.parquet")  # Any: as above
        self._file: Any = self._refusing(  # Any: as above
            lambda: parquet.ParquetFile(str(path))
        )
        self.columns: frozenset[str] = self._refusing(
            lambda: frozenset(self._file.schema_arrow.names)
        )
        self.groups: int = self._file.num_row_groups

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def lists(self, group: int, columns: Sequence[str], keep: Texts) -> dict[str, list[object]]:
        """Return columns of the rows of a group that hold certain texts.

        Raises:
            NotParquet: The row group cannot be read.
        """

        def read() -> dict[str, list[object]]:
            table = self._kept(group, columns, keep)
            return {} if table is None else {c: table.column(c).to_pylist() for c in columns}

        return self._refusing(read)

    def points(
        self, group: int, name: str, place: tuple[str, str, str], keep: Texts
    ) -> Columns | None:
        """Return the points in the rows of a group that hold certain texts; None without a row.

        A row with neither a value nor a time is no point; a value that is null is NaN.

        Args:
            group: The row group.
            name: The column that names the series of each point.
            place: The columns of its step, time and value.
            keep: The columns and their texts.

        Raises:
            NotParquet: The row group cannot be read.
        """

        def read() -> Columns | None:
            table = self._kept(group, [name, *place], keep)
            return None if table is None else self._points(table, name, place)

        return self._refusing(read)

    def _kept(self, group: int, columns: Sequence[str], keep: Texts) -> Any:
        """Return a table of pyarrow's, hence Any; None where no row is kept.

        What decides which rows are kept is read first, so that most groups are not read at all.
        """
        kept: NDArray[np.bool_] | None = None
        for name, texts in keep.items():
            is_kept = self._is_one_of(self._read(group, [name]).column(0), frozenset(texts))
            kept = is_kept if kept is None else kept & is_kept
            if not kept.any():
                return None
        table = self._read(group, columns)
        return table if kept is None or kept.all() else table.filter(self._arrow.array(kept))

    def _read(self, group: int, columns: Sequence[str]) -> Any:
        """Return a table of pyarrow's, hence Any, whose buffers hold what they say they do."""
        table = self._file.read_row_group(group, columns=list(columns), use_threads=False)
        table.validate(full=True)
        return table.combine_chunks()

    def _is_one_of(self, column: Any, texts: frozenset[str]) -> "NDArray[np.bool_]":
        """Return which cells of a column of pyarrow's, hence Any, hold one of some texts."""
        codes, known = _coded(column)
        fits = np.array([*(text in texts for text in known), False], np.bool_)
        return fits[codes]

    def _points(self, table: Any, name: str, place: tuple[str, str, str]) -> Columns:
        """Return the points of a table of pyarrow's: hence Any."""
        codes, names = _coded(table.column(name))
        steps, times, values = (_array(table.column(column)) for column in place)
        is_point = np.asarray(times.is_valid()) | np.asarray(values.is_valid())
        is_point &= codes >= 0
        return Columns(
            tuple(map(str, names)),
            codes[is_point],
            self._numbers(steps)[is_point],
            self._seconds(times)[is_point],
            self._floats(values)[is_point],
        )

    def _numbers(self, column: Any) -> "Floats":  # Any: an array of pyarrow's
        """Return decimal numbers as the floats nearest to them.

        pyarrow's own cast multiplies, and is off by the last bit for every third number.
        """
        kind = column.type
        if not self._arrow.types.is_decimal128(kind) or kind.precision > _SIGNIFICANT_IN_64_BITS:
            return self._floats(column)
        words: NDArray[np.int64] = np.frombuffer(column.buffers()[1], np.int64)
        whole = words[column.offset * 2 : (column.offset + len(column)) * 2 : 2]
        numbers = whole / 10.0**kind.scale
        numbers[~np.asarray(column.is_valid())] = np.nan
        return numbers

    def _seconds(self, column: Any) -> "Floats":  # Any: as above
        moments = column.cast(self._arrow.timestamp("us", tz="UTC"))
        counts = self._floats(moments.cast(self._arrow.int64()))
        return counts / 1e6

    def _floats(self, column: Any) -> "Floats":  # Any: as above
        cast = column.cast(self._arrow.float64(), safe=False)
        return np.array(cast.to_numpy(zero_copy_only=False), np.float64)

    def _refusing(self, call: Any) -> Any:
        """Call pyarrow, whose values and errors are of no declared type."""
        # Python's own errors are those of values that it cannot hold: text, moments, numbers.
        errors = (self._arrow.ArrowException, OSError, ValueError, OverflowError, TypeError)
        try:
            return call()
        except errors as error:
            raise NotParquet(_first_line(error)) from error


def _array(column: Any) -> Any:
    """Return the one array of a column of pyarrow's: hence Any."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _coded(column: Any) -> "tuple[Integers, list[object]]":  # Any: as above
    """Return a column of texts as the place of each in a list; -1 where it is missing."""
    array = _array(column)
    coded = array if hasattr(array, "dictionary") else array.dictionary_encode()
    codes = np.asarray(coded.indices.fill_null(-1)).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(". ") or type(error).__name__
