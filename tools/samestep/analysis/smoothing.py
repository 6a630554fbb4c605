"""Moving means."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from samestep.model import Floats


def moving_mean(values: "Floats", reach: int) -> "Floats":
    """Return the mean of each point and `reach` points on either side, fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    first, end = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(values))
    return (sums[end] - sums[first]) / (end - first)
