"""Forgets the oldest answers, by age and by size."""

import sqlite3
from collections.abc import Sequence

from samestep.ledger.keeping import Keeping

PART = 10  # of the answers, one in so many is forgotten at a time where the file is too large


def prune(ledger: sqlite3.Connection, keeping: Keeping, now: float) -> None:
    """Forget what is older than is kept, then the oldest until the rest fits; never the newest."""
    old = "SELECT number, content FROM given WHERE at < ? ORDER BY number"
    _forget(ledger, ledger.execute(old, (now - keeping.seconds,)).fetchall())
    left = _count(ledger)
    while left > 1 and _size(ledger) > keeping.size:
        oldest = "SELECT number, content FROM given ORDER BY number LIMIT ?"
        most = max(1, min(left // PART, left - 1))
        _forget(ledger, ledger.execute(oldest, (most,)).fetchall())
        before, left = left, _count(ledger)
        if left >= before:
            raise sqlite3.DatabaseError("its entries cannot be deleted")


def _count(ledger: sqlite3.Connection) -> int:
    [count] = ledger.execute("SELECT count(*) FROM given").fetchone()
    return int(count)


def _forget(ledger: sqlite3.Connection, entries: Sequence[tuple[int, int]]) -> None:
    ledger.executemany("DELETE FROM given WHERE number = ?", [(number,) for number, _ in entries])
    ledger.executemany(
        "DELETE FROM contents WHERE content = ?1"
        " AND NOT EXISTS (SELECT 1 FROM given WHERE given.content = ?1)",
        {(content,) for _, content in entries},
    )


def _size(ledger: sqlite3.Connection) -> int:
    """Return how many bytes are in use; what was forgotten leaves free pages."""
    pragmas = ("PRAGMA page_count", "PRAGMA freelist_count", "PRAGMA page_size")
    pages, free, size = (ledger.execute(pragma).fetchone()[0] for pragma in pragmas)
    return (pages - free) * size
