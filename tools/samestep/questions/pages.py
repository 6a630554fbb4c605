"""Pages of a long answer, and the cursors that lead from one to the next."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from samestep.answers.answer import Answer
from samestep.errors import BadArgument

LONGEST_CURSOR = 12  # digits
MOST_CHARACTERS = 24_000  # of an answer as JSON
Item = TypeVar("Item")
AnyAnswer = TypeVar("AnyAnswer", bound=Answer)


def page(items: Sequence[Item], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """Return the items of one page and the cursor of the next; None on the last."""
    start = _start(cursor, len(items))
    end = start + limit
    return list(items[start:end]), str(end) if end < len(items) else None


def fitting(build: Callable[[int], AnyAnswer], limit: int) -> AnyAnswer:
    """Return the largest answer of at most `limit` entries that a host takes in whole.

    Names and reasons can be long: an answer above the budget is built again with fewer entries,
    and its cursor leads to the rest.
    """
    answer = build(limit)
    while limit > 1 and (size := len(answer.model_dump_json())) > MOST_CHARACTERS:
        limit = max(1, min(limit - 1, limit * MOST_CHARACTERS // size))
        answer = build(limit)
    return answer


def _start(cursor: str | None, count: int) -> int:
    if cursor is None:
        return 0
    is_number = cursor.isascii() and cursor.isdecimal() and len(cursor) <= LONGEST_CURSOR
    if not is_number or not 0 < int(cursor) < count:
        raise BadArgument("cursor", cursor, "the next_cursor of the page before, unchanged")
    return int(cursor)
