"""A column's cells, numbers and text apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.expressions.tree import Kind

if TYPE_CHECKING:
    from samestep.expressions.columns import Bools, Column, Floats, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One column; the settings of many runs may hold numbers in some rows and text in others."""

    numbers: "Floats | None"
    """NaN where there is none; None where no row has one."""
    texts: "Texts | None"
    """None where there is none; None where no row has one."""

    @classmethod
    def of(cls, column: "Column") -> Self:
        """Sort a column's cells by kind; flags count as the numbers 1 and 0."""
        if column.dtype != np.object_:
            floats = np.asarray(column, np.float64)
            return cls(None if np.isnan(floats).all() else floats, None)
        numbers = np.array([_number(cell) for cell in column], np.float64)
        texts = np.array([cell if isinstance(cell, str) else None for cell in column], np.object_)
        return cls(
            None if np.isnan(numbers).all() else numbers, texts if present(texts).any() else None
        )

    @property
    def kind(self) -> Kind | None:
        """The kind of all its cells; None where they differ or all are missing."""
        if (self.numbers is None) == (self.texts is None):
            return None
        return "number" if self.texts is None else "text"

    def mixture(self, name: str) -> str | None:
        """Say how many cells hold which kind; None where they are all of one."""
        if self.numbers is None or self.texts is None:
            return None
        numbers, texts = (~np.isnan(self.numbers)).sum(), present(self.texts).sum()
        return (
            f"`{name}` holds numbers in {numbers:,} rows and text in {texts:,}; "
            "where one is due, the other counts as missing."
        )


def present(texts: "Texts") -> "Bools":
    """Return the rows that have a text."""
    return np.array([text is not None for text in texts], np.bool_)


def _number(cell: str | float | None) -> float:
    if cell is None or isinstance(cell, str):
        return np.nan
    try:
        return float(cell)
    except OverflowError:
        return np.inf
