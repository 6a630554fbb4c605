"""Conditions that hold, do not hold, or are not known, in every row."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.expressions.cells import present

if TYPE_CHECKING:
    from samestep.expressions.columns import Bools, Floats, Texts

_NUMBER_TESTS: "Mapping[str, Callable[..., Bools]]" = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}

_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """The rows in which a condition holds and those in which it does not; the rest are unknown.

    The connectives are those of SQL: `and` is false where either side is, whatever is unknown.
    """

    yes: "Bools"
    no: "Bools"

    @classmethod
    def where_known(cls, holds: "Bools", known: "Bools") -> Self:
        """Take an answer in the rows in which it is known."""
        return cls(holds & known, ~holds & known)

    def __and__(self, other: Self) -> Self:
        return type(self)(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Self) -> Self:
        return type(self)(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Self:
        return type(self)(self.no, self.yes)

    def with_known(self, other: Self) -> Self:
        """Take what another knows too; the two never know the same row."""
        return type(self)(self.yes | other.yes, self.no | other.no)

    @property
    def unknown(self) -> "Bools":
        """The rows in which nobody knows."""
        return ~(self.yes | self.no)

    @property
    def numbers(self) -> "Floats":
        """1 where it holds, 0 where it does not, NaN where nobody knows."""
        return np.where(self.yes, 1.0, np.where(self.no, 0.0, np.nan))


def every(truths: Iterable[Truths]) -> Truths:
    """Join conditions with `and`."""
    return reduce(lambda left, right: left & right, truths)


def either(truths: Iterable[Truths]) -> Truths:
    """Join conditions with `or`."""
    return reduce(lambda left, right: left | right, truths)


def number_truths(test: str, left: "Floats", right: "Floats") -> Truths:
    """Hold two columns of numbers against each other."""
    holds = _NUMBER_TESTS[test](left, right)
    return Truths.where_known(holds, ~(np.isnan(left) | np.isnan(right)))


def text_truths(test: str, left: "Texts", right: "Texts") -> Truths:
    """Hold two columns of text against each other."""
    known = present(left) & present(right)
    holds = np.zeros(known.shape, np.bool_)
    holds[known] = [
        _TEXT_TESTS[test](*pair) for pair in zip(left[known], right[known], strict=True)
    ]
    return Truths.where_known(holds, known)
