"""What each arithmetic operator and function computes, and where it has no value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from samestep.expressions.columns import Bools, Floats


def _never(*arguments: "Floats") -> "Bools":
    return np.zeros(arguments[0].shape, np.bool_)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator or function over whole columns."""

    compute: "Callable[..., Floats]"
    is_outside: "Callable[..., Bools]" = _never
    """Where the arguments lie outside its domain."""
    mistake: str = ""
    """What it does there, to follow its text in a sentence."""


def _power(base: "Floats", exponent: "Floats") -> "Floats":
    """Raise to a power; nan ** 0 and 1 ** nan, which numpy gives as 1, are missing here."""
    return np.where(np.isnan(base) | np.isnan(exponent), np.nan, np.power(base, exponent))


def _has_no_power(base: "Floats", exponent: "Floats") -> "Bools":
    return ((base == 0) & (exponent < 0)) | ((base < 0) & (exponent != np.floor(exponent)))


def _is_zero(_: "Floats", divisor: "Floats") -> "Bools":
    return divisor == 0


def _is_negative(value: "Floats") -> "Bools":
    return value < 0


def _is_not_positive(value: "Floats") -> "Bools":
    return value <= 0


_LOGARITHM = "takes the logarithm of a number that is not positive"

OPERATIONS: Mapping[str, Operation] = {
    "+": Operation(np.add),
    "-": Operation(np.subtract),
    "*": Operation(np.multiply),
    "/": Operation(np.divide, _is_zero, "divides by zero"),
    "%": Operation(np.mod, _is_zero, "divides by zero"),
    "**": Operation(_power, _has_no_power, "raises zero or less to a power it does not have"),
    "abs": Operation(np.abs),
    "sqrt": Operation(np.sqrt, _is_negative, "takes the square root of a negative number"),
    "log": Operation(np.log, _is_not_positive, _LOGARITHM),
    "log10": Operation(np.log10, _is_not_positive, _LOGARITHM),
    "exp": Operation(np.exp),
    "min": Operation(np.minimum),
    "max": Operation(np.maximum),
}


def mistakes(
    operation: Operation, arguments: "tuple[Floats, ...]", result: "Floats"
) -> list[tuple[str, int]]:
    """Say in how many rows known numbers give none, or an infinite one, and why."""
    if np.isfinite(result).all():
        return []
    known = ~np.isfinite(result) & ~np.any([np.isnan(each) for each in arguments], axis=0)
    outside = known & operation.is_outside(*arguments)
    finite = np.all([np.isfinite(each) for each in arguments], axis=0)
    found = [
        (operation.mistake, outside),
        ("overflows", known & ~outside & finite),
        (
            "has no value, being infinity minus infinity or the like",
            known & ~outside & np.isnan(result),
        ),
    ]
    return [(mistake, int(rows.sum())) for mistake, rows in found if rows.any()]


def rounded(values: "Floats", digits: int) -> "Floats":
    """Round to so many digits; a number too large to have that digit stays as it is."""
    result = np.round(values, digits)
    return np.where(np.isfinite(result), result, values)
