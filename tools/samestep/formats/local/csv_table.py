"""Tables of comma-, tab- or semicolon-separated values with a step or an epoch in each row."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.formats.local import axes
from samestep.formats.local.columns import Columns, named
from samestep.formats.local.log import Log
from samestep.formats.local.several import RUN_COLUMNS
from samestep.formats.local.text import Lines, is_text, open_lines, text_of
from samestep.formats.local.values import Cell, written

SUFFIXES = (".csv", ".tsv")
DELIMITERS = (",", "\t", ";")


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is a table whose rows have a step or an epoch."""
    return name.lower().endswith(SUFFIXES) and is_text(head) and axes.has_axis(header(head))


def columns(head: bytes) -> frozenset[str]:
    """Return the columns in the header that are no axis."""
    return frozenset(name for name in header(head) if name and not axes.is_axis(name))


def header(head: bytes) -> list[str]:
    """Return the names in the first line, without the blanks some writers pad them with."""
    first = next(filter(_is_content, text_of(head).splitlines()), "")
    return _names(first, _delimiter(first))


def may_hold_several(head: bytes) -> bool:
    """Return whether the header has a column that may tell runs apart."""
    return any(name.lower() in RUN_COLUMNS for name in header(head))


def read(path: Path, steps: Sequence[str] = ()) -> Log:
    """Read a table; the first of `steps` that is a column places the rows.

    Raises:
        NotReadable: It is empty, too large, not text, or may not be read.
    """
    with open_lines(path) as lines:
        return read_lines(lines, path.name, steps)


def read_lines(lines: Lines, how: str, steps: Sequence[str] = ()) -> Log:
    """Read the table that begins with the next line of a file."""
    table = _Table(lines)
    columns = Columns()
    for row in table.rows():
        columns.add(row)
    return columns.log(how, {}, [*table.losses(), *lines.losses()], steps)


@dataclass(slots=True)
class _Row:
    cells: list[str]
    ended: bool = True
    """Whether a line break follows it."""
    quoted: bool = False
    """Whether it ends inside a quoted cell."""


class _Table:
    """One table's rows as cells by name, with what is odd about them counted."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        first = next(filter(_is_content, lines), "")
        self._delimiter = _delimiter(first)
        self._counts: dict[str, int] = {}
        self._said: list[str] = []
        self._start(_names(first, self._delimiter))

    def rows(self) -> Iterator[Iterator[tuple[str, Cell]]]:
        """Yield the rows that hold values, without a last row that is short of columns."""
        for row in self._written_rows():
            if row.ended and self._is_header(row.cells):
                self._repeat([name.strip() for name in row.cells])
            elif row.ended:
                self._count_odd_length(len(row.cells))
                yield self._named(row.cells)
            else:
                yield self._named(self._whole_cells(row))

    def losses(self) -> list[str]:
        """Return a sentence for each oddity met so far."""
        return [*self._said, *(f"{count} {what}" for what, count in self._counts.items())]

    def _start(self, names: list[str]) -> None:
        """Take names for the header of the rows that follow."""
        times_used = Counter(names)
        self._header = names
        self._axis = next((place for place, name in enumerate(names) if axes.is_axis(name)), 0)
        self._fields: list[str | None] = []
        for name, first in zip(names, _first_uses(names), strict=True):
            self._fields.append(name if name and first else None)
        repeated = sorted(name for name, uses in times_used.items() if name and uses > 1)
        if times_used[""]:
            self._count("columns without a name were skipped", times_used[""])
        if repeated:
            self._said.append(
                f"of columns with one name only the first is read ({named(repeated)})"
            )

    def _written_rows(self) -> Iterator[_Row]:
        """Yield the rows as csv reads them, each once it is known whether it is the last."""
        waiting: _Row | None = None
        self._lines.quotes = 0
        try:
            for cells in csv.reader(self._lines, delimiter=self._delimiter, skipinitialspace=True):
                if waiting is not None:
                    yield _Row(waiting.cells)
                waiting = _Row(cells, quoted=self._lines.quotes % 2 == 1)
                self._lines.quotes = 0
        except csv.Error as error:
            self._said.append(f"reading stopped before the end, {error}")
            self._lines.ended = True
        if waiting is not None:
            yield _Row(waiting.cells, self._lines.ended and not waiting.quoted, waiting.quoted)

    def _whole_cells(self, row: _Row) -> list[str]:
        """Return the cells of a last row without a line break, if it has all columns."""
        if row.quoted:
            self._said.append("the last row is cut inside a quoted cell and was dropped")
            return []
        if not any(map(str.strip, row.cells)):
            return []
        last = len(row.cells) - 1
        if last < len(self._header) - 1:
            self._said.append("the last row is cut short and was dropped")
            return []
        if last < len(self._header) and row.cells[last].strip():
            name = self._header[last]
            self._said.append(f"the last row has no line break: its {name} may be cut short")
        return row.cells

    def _is_header(self, cells: list[str]) -> bool:
        """Return whether a row is a header, as a run appended to the file writes it again."""
        at_axis = cells[self._axis].strip() if self._axis < len(cells) else ""
        return at_axis[:1].isalpha() and axes.has_axis(cell.strip() for cell in cells)

    def _repeat(self, names: list[str]) -> None:
        if names == self._header:
            self._count("repeated header rows were skipped")
            return
        self._start(names)
        self._count("header rows with other columns were met and followed")

    def _count_odd_length(self, length: int) -> None:
        if length > len(self._header):
            self._count(
                "cells beyond the header's columns were skipped", length - len(self._header)
            )
        elif 0 < length < len(self._header):
            self._count("rows are shorter than the header")

    def _named(self, cells: list[str]) -> Iterator[tuple[str, Cell]]:
        for name, cell in zip(self._fields, cells, strict=False):
            if cell and name is not None:
                yield name, written(cell)

    def _count(self, what: str, count: int = 1) -> None:
        self._counts[what] = self._counts.get(what, 0) + count


def _is_content(line: str) -> bool:
    """Return whether a line above the header is the header: no blank, no comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _first_uses(names: list[str]) -> list[bool]:
    """Return for each name whether it stands there for the first time."""
    seen: set[str] = set()
    return [not (name in seen or seen.add(name)) for name in names]


def _delimiter(line: str) -> str:
    """Return the delimiter under which a header holds an axis, else the most names."""

    def fit(delimiter: str) -> tuple[bool, int]:
        names = _names(line, delimiter)
        return axes.has_axis(names), len(names)

    return max(DELIMITERS, key=fit)


def _names(line: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return []
    return [name.strip() for name in rows[0]] if rows else []
