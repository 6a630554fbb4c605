"""Pages of a long answer, and the cursors that lead from one to the next."""

from collections.abc import Sequence
from typing import TypeVar

from samestep.errors import BadArgument

LONGEST_CURSOR = 12  # digits
Item = TypeVar("Item")


def page(items: Sequence[Item], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """Return the items of one page and the cursor of the next; None on the last."""
    start = _start(cursor, len(items))
    end = start + limit
    return list(items[start:end]), str(end) if end < len(items) else None


def _start(cursor: str | None, count: int) -> int:
    if cursor is None:
        return 0
    is_number = cursor.isascii() and cursor.isdecimal() and len(cursor) <= LONGEST_CURSOR
    if not is_number or not 0 < int(cursor) < count:
        raise BadArgument("cursor", cursor, "the next_cursor of the page before, unchanged")
    return int(cursor)
