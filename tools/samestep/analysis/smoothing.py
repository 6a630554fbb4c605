"""Moving means."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from samestep.model import Floats

    Counts = np.ndarray[tuple[int], np.dtype[np.int64]]


def moving_mean(values: "Floats", reach: "int | Counts") -> "Floats":
    """Return the mean of each point and `reach` points on either side, fewer at the ends.

    Args:
        values: Shape (points,).
        reach: One for all points, or one for each of them.
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    first, end = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(values))
    return (sums[end] - sums[first]) / (end - first)
