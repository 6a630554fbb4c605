"""The columns an expression is held over, and what comes of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Texts = NDArray[np.object_]

    Column = Floats | Texts
    """Numbers with NaN where one is missing, or objects: text, numbers, None where missing."""

Values_co = TypeVar("Values_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated(Generic[Values_co]):
    """What an expression gives in every row."""

    values: Values_co
    """NaN where a number is missing, False where a condition is not known to hold."""
    missing: int
    """The rows whose value a missing one leaves unknown."""
    notes: tuple[str, ...] = ()
    """One sentence for each part that divides by zero, overflows or the like, with counts."""
