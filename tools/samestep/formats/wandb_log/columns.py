"""The numbers in a log's rows, as a column for each key."""

from array import array
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from samestep.formats.wandb_log.items import MEDIA_TYPE, VALUE, KeyPath, encoded_path, item, numbers
from samestep.formats.wandb_log.varints import MORE, varint
from samestep.formats.wire import LENGTH, VARINT, Malformed, fields, key, signed

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

STEP: Final = "_step"

_ITEM: Final = key(1, LENGTH)
_ROW_STEP = key(2, LENGTH)
_ROW_STEP_LEAD: Final = bytes([_ROW_STEP])
_STEP_NUMBER: Final = key(1, VARINT)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One key's numbers, in the order they were written; both arrays have the shape (points,)."""

    values: "Floats"
    rows: "Integers"
    """The number of the row each was written in."""


class _Points:
    """A column while it is read."""

    __slots__ = ("path", "rows", "values")

    def __init__(self, path: KeyPath) -> None:
        self.path = path
        self.values = array("d")
        self.rows = array("q")


class Rows:
    """Takes rows and keeps their numbers by key; what is no number is counted."""

    def __init__(self) -> None:
        self.others: Counter[str] = Counter()
        """How many values under each key are neither numbers nor null."""
        self._points: dict[str, _Points] = {}
        self._by_encoded_path: dict[bytes, _Points] = {}
        self._media: set[KeyPath] = set()
        self._steps = self._of((STEP,))

    def columns(self) -> Mapping[str, Column]:
        """Return the columns of all keys that hold numbers, without those that describe media."""
        return {
            name: Column(
                np.frombuffer(points.values, np.float64), np.frombuffer(points.rows, np.int64)
            )
            for name, points in self._points.items()
            if len(points.rows) and not self._is_media(points.path)
        }

    @property
    def known(self) -> Container[bytes]:
        """The paths met with a number, as they are encoded; it grows as rows are taken."""
        return self._by_encoded_path

    def add(self, message: bytes, row: int) -> None:
        """Take one row; one that is malformed leaves nothing behind.

        This loop runs for every value of every row, so the usual way to write one is taken here.

        Raises:
            Malformed: The bytes are no row.
        """
        found: list[tuple[_Points, float]] = []
        known, position, end = self._by_encoded_path, 0, len(message)
        while position + 1 < end and message[position] == _ITEM:
            size, start = message[position + 1], position + 2
            if size >= MORE:
                size, start = varint(message, position + 1)
            if (position := start + size) > end:
                raise Malformed("an item is longer than its row")
            split = message.find(VALUE, start, position)
            points = known.get(message[start:split]) if split > 0 else None
            try:
                # The length of the value is one byte, so that the rest of the item is its text.
                if points is not None and message[split + 2] == position - split - 3:
                    found.append((points, float(message[split + 3 : position])))
                    continue
            except (ValueError, IndexError):  # it is no number, or there is none
                pass
            found.extend(self._numbers(message[start:position]))
        step = self._rest(message[position:], found)
        self._keep(found if step is None else [*found, (self._steps, step)], row)

    def add_items(self, items: Iterable[bytes], row: int) -> None:
        """Take the items of one row that are written one by one, as measurements are.

        Raises:
            Malformed: The bytes are no items.
        """
        found: list[tuple[_Points, float]] = []
        for message in items:
            encoded, _, value = message.partition(VALUE)
            points = self._by_encoded_path.get(encoded)
            try:
                if points is not None and value[0] == len(value) - 1:
                    found.append((points, float(value[1:])))
                    continue
            except (ValueError, IndexError):  # as above
                pass
            found.extend(self._numbers(message))
        self._keep(found, row)

    def add_number(self, name: str, number: float, row: int) -> None:
        """Take one more number of a row."""
        self._keep([(self._of((name,)), number)], row)

    def _keep(self, found: list[tuple[_Points, float]], row: int) -> None:
        for points, number in found:
            points.values.append(number)
            points.rows.append(row)

    def _numbers(self, message: bytes) -> list[tuple[_Points, float]]:
        """Return the numbers of one item, which may be written any way."""
        path, value = item(message)
        if path[-1] == MEDIA_TYPE:
            self._media.add(path[:-1])
        found = [(self._of(inner), number) for inner, number in numbers(path, value)]
        if not found and value is not None:
            self.others[".".join(path)] += 1
        if len(found) == 1 and not isinstance(value, Mapping):
            self._remember(message, found[0][0])
        return found

    def _remember(self, message: bytes, points: _Points) -> None:
        """Remember how a path is encoded where only its value stands behind it."""
        encoded, value, _ = message.partition(VALUE)
        if value and encoded_path(encoded) == points.path:
            self._by_encoded_path[encoded] = points

    def _rest(self, rest: bytes, found: list[tuple[_Points, float]]) -> float | None:
        """Take items that stand behind others; return the step beside them if none says it."""
        is_told = any(points is self._steps for points, _ in found)
        if is_told and rest[:1] == _ROW_STEP_LEAD and len(rest) == rest[1] + 2:
            return None
        step = None
        for tag, chunk, _ in fields(rest):
            if tag == _ITEM:
                found.extend(self._numbers(chunk))
            elif tag == _ROW_STEP:
                step = float(_number(chunk))
        return None if any(points is self._steps for points, _ in found) else step

    def _of(self, path: KeyPath) -> _Points:
        name = ".".join(path)
        if name not in self._points:
            self._points[name] = _Points(path)
        return self._points[name]

    def _is_media(self, path: KeyPath) -> bool:
        return any(path[:depth] in self._media for depth in range(1, len(path)))


def _number(message: bytes) -> int:
    """Return the number of a row's step; 0 is not written."""
    return next((signed(number) for tag, _, number in fields(message) if tag == _STEP_NUMBER), 0)
