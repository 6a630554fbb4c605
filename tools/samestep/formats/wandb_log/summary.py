"""The numbers of a run's summary: what was set last under each key that no row holds."""

from collections.abc import Container, Mapping
from typing import Final

from samestep.formats.wandb_log.items import MEDIA_TYPE, VALUE, KeyPath, item, numbers
from samestep.formats.wandb_log.varints import MORE, varint
from samestep.formats.wire import LENGTH, Malformed, fields, key

_UPDATE: Final = key(1, LENGTH)
_REMOVE: Final = key(2, LENGTH)


class Summary:
    """Takes the updates of a summary.

    W&B writes one with every row, and it repeats the row: what rows hold is passed over.
    """

    def __init__(self, in_rows: Container[bytes]) -> None:
        """Pass over the keys that are in `in_rows`, as they are encoded, by then."""
        self._in_rows = in_rows
        self._internal: set[bytes] = set()
        self._numbers: dict[KeyPath, float] = {}
        self._nested_under: set[KeyPath] = set()
        self._media: set[KeyPath] = set()

    def numbers(self) -> Mapping[KeyPath, float]:
        """Return the numbers as they were set last, without those that describe media."""
        return {
            path: number
            for path, number in self._numbers.items()
            if not any(path[:depth] in self._media for depth in range(1, len(path)))
        }

    def add(self, message: bytes) -> None:
        """Take one update.

        Raises:
            Malformed: The bytes are no update of a summary.
        """
        in_rows, internal = self._in_rows, self._internal
        position, end = 0, len(message)
        while position + 1 < end and message[position] == _UPDATE:
            size, start = message[position + 1], position + 2
            if size >= MORE:
                size, start = varint(message, position + 1)
            if (position := start + size) > end:
                raise Malformed("an item is longer than its summary")
            encoded = message[start : max(message.find(VALUE, start, position), start)]
            if encoded not in in_rows and encoded not in internal:
                self._set(message[start:position], encoded)
        for tag, chunk, _ in fields(message[position:]):
            if tag == _UPDATE:
                self._set(chunk, b"")
            elif tag == _REMOVE:
                self._remove(item(chunk)[0])

    def _set(self, message: bytes, encoded: bytes) -> None:
        path, value = item(message)
        if path[0].startswith("_"):
            self._internal.update([encoded] if encoded else [])
            return
        if path[-1] == MEDIA_TYPE:
            self._media.add(path[:-1])
        self._remove(path)
        for inner, number in numbers(path, value):
            self._numbers[inner] = number
            self._nested_under.update(inner[:depth] for depth in range(1, len(inner)))

    def _remove(self, path: KeyPath) -> None:
        """Forget what stands at a path and under it."""
        self._numbers.pop(path, None)
        if path in self._nested_under:
            for known in [known for known in self._numbers if known[: len(path)] == path]:
                del self._numbers[known]
            self._nested_under.discard(path)
