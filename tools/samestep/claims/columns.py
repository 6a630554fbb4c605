"""The rows of one table, read once for all of them."""

from dataclasses import dataclass, field

from samestep.claims.facts import Cell
from samestep.claims.names import Names
from samestep.claims.passages import Passage
from samestep.claims.statement import Statement, statement

Xs = frozenset[float | None]
Column = tuple[str, tuple[str, ...]]
"""A header, and the metrics it may mean."""
ENOUGH = 2  # runs at the same x: one of them is not the row's own
NAMING = 2  # cells of a row that may name its run


@dataclass(slots=True)
class Columns:
    """What the rows of one table name, and where the values of its columns stand."""

    rows: tuple[tuple[str, ...], ...] = ()
    runs: tuple[str | None, ...] = ()
    """The first run that each row names."""
    named: tuple[str, ...] = ()
    """Every run that a row names, once."""
    standing: dict[Column, dict[Xs, dict[str, Cell]]] = field(
        default_factory=dict[Column, dict[Xs, dict[str, Cell]]]
    )
    """Of each column the x at which its values stand, each with a value of two runs."""

    @classmethod
    def of(cls, passage: Passage, names: Names) -> "Columns":
        """Read what the rows beside a row name."""
        found = [[name for c in row[:NAMING] for name in _in(c, names)] for row in passage.beside]
        named = dict.fromkeys(name for row in found for name in row)
        return cls(passage.beside, tuple(next(iter(row), None) for row in found), tuple(named))


@dataclass(slots=True)
class Tables:
    """The table whose rows are being read."""

    newest: Columns = field(default_factory=Columns)

    def of(self, passage: Passage, names: Names) -> Columns:
        """Return what is read of the table of a row, which is the newest or the next."""
        if self.newest.rows is not passage.beside:
            self.newest = Columns.of(passage, names)
        return self.newest


def read(text: str, names: Names) -> Statement:
    """Return a header, or a cell, as a statement."""
    return statement(Passage(text, 1), names)


def _in(cell: str, names: Names) -> list[str]:
    found = read(cell, names)
    return found.names_in(found.words)
