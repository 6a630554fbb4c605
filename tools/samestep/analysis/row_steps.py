"""The step of a row that holds points of several metrics."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats

    Mask = NDArray[np.bool_]


def agreed_steps(x: "Floats", curves: Iterable[Curve]) -> "tuple[Floats, Mask]":
    """Return the step of each row, and in which rows the points name different ones.

    Points of one x can come from rows of the log that name different steps, or none: such a row
    has no step, as it would be that of only some of its values.

    Args:
        x: The x of each row, ascending, shape (rows,).
        curves: The curves whose points the rows hold.
    """
    least, most = np.full(len(x), np.inf), np.full(len(x), -np.inf)
    named = np.zeros(len(x), dtype=bool)
    for curve in curves:
        rows = np.searchsorted(x, curve.x)
        least[rows] = np.minimum(least[rows], curve.steps)
        most[rows] = np.maximum(most[rows], curve.steps)
        named[rows] |= ~np.isnan(curve.steps)
    agreed = least == most
    return np.where(agreed, least, np.nan), named & ~agreed
