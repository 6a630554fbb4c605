"""How far the first of many is first by luck: seed noise pooled, and means drawn to their mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST_CANDIDATES = 3  # below, the mean of the candidates is no estimate of anything
FEWEST_SEEDS, FEWEST_GROUPS = 3, 2  # from which a spread may be borrowed


@dataclass(frozen=True, slots=True)
class Pooled:
    """The standard deviation from seed to seed that several groups share."""

    spread: float
    groups: int
    freedom: int
    """Degrees of freedom it rests on."""


def pooled_spread(groups: Sequence[Sequence[float]]) -> Pooled | None:
    """Return the deviation within groups of two or more seeds; None where there is none."""
    several = [np.asarray(group, dtype=np.float64) for group in groups if len(group) > 1]
    if not several:
        return None
    freedom = sum(len(group) - 1 for group in several)
    with np.errstate(all="ignore"):  # values near the largest float overflow: no deviation then
        squares = sum(float(((group - group.mean()) ** 2).sum()) for group in several)
    spread = (squares / freedom) ** 0.5
    return Pooled(spread, len(several), freedom) if math.isfinite(spread) else None


def borrowed_spread(groups: Sequence[Sequence[float]]) -> Pooled | None:
    """Return the deviation that single seeds may borrow: of two groups of three seeds or more."""
    large = [group for group in groups if len(group) >= FEWEST_SEEDS]
    return pooled_spread(large) if len(large) >= FEWEST_GROUPS else None


def shrunken(means: Sequence[float], seeds: Sequence[int], spread: float) -> list[float] | None:
    """Return each mean drawn towards the mean of all by the part of their variance that is noise.

    The highest of several noisy means lies above its true value on average; g + B (m - g) with
    B = max(0, 1 - spread^2 / seeds / variance of the means) does not (Efron and Morris 1975).

    Returns:
        None with fewer than three candidates, or where all means are equal or too large to square.
    """
    if len(means) < FEWEST_CANDIDATES:
        return None
    values = np.asarray(means, dtype=np.float64)
    with np.errstate(all="ignore"):  # as above
        variance = float(values.var(ddof=1))
    if variance == 0.0 or not math.isfinite(variance):
        return None
    weights = np.maximum(0.0, 1.0 - spread**2 / np.asarray(seeds) / variance)
    centre = float(values.mean())
    return [float(value) for value in centre + weights * (values - centre)]
