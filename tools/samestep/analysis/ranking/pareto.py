"""Several objectives at once: who dominates whom, the front, its knee, and how sure that is."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from samestep.model import Floats

    Mask = NDArray[np.bool_]

FEWEST_FOR_KNEE = 3
BLOCK = 64  # candidates compared with all others at a time: a thousand need no gigabyte


def dominance(good: "Floats", epsilon: "Floats") -> "Mask":
    """Return who dominates whom: [i, j] is whether candidate j dominates candidate i.

    One dominates another where it is worse in no objective and better by more than epsilon in
    one: so no two dominate each other, and what dominates a dominator dominates too.

    Args:
        good: Shape (candidates, objectives); larger is better.
        epsilon: Shape (objectives,); a difference up to it says nothing.
    """
    blocks = [_dominance(good, good[at : at + BLOCK], epsilon) for at in range(0, len(good), BLOCK)]
    return np.concatenate(blocks) if blocks else np.zeros((0, 0), dtype=bool)


def _dominance(good: "Floats", block: "Floats", epsilon: "Floats") -> "Mask":
    never_worse = np.all(good[None, :, :] >= block[:, None, :], axis=2)
    once_better = np.any(good[None, :, :] > block[:, None, :] + epsilon, axis=2)
    return np.logical_and(never_worse, once_better)


def front(good: "Floats", epsilon: "Floats") -> "Mask":
    """Return which candidates nobody dominates."""
    return np.logical_not(dominance(good, epsilon).any(axis=1))


def knee(good: "Floats") -> int | None:
    """Return the member of a front that lies farthest beyond the chord between its ends.

    Objectives are scaled to the front's own range from 0 to 1, where the chord (the plane, for
    more than two) through the best of each is the points whose coordinates sum to 1.

    Returns:
        None with fewer than three members, or where none lies beyond the chord.
    """
    span = np.ptp(good, axis=0) if len(good) else np.zeros(0)
    if len(good) < FEWEST_FOR_KNEE or not np.all(span > 0.0):
        return None
    beyond = ((good - good.min(axis=0)) / span).sum(axis=1) - 1.0
    at = int(np.argmax(beyond))
    return at if beyond[at] > 0.0 else None


def membership(
    samples: "Sequence[Floats]", epsilon: "Floats", seed: int, resamples: int = 500
) -> "Floats":
    """Return how often each candidate is on the front when its seeds are drawn anew.

    Args:
        samples: For each candidate, shape (seeds, objectives); larger is better.
        epsilon: Shape (objectives,).
        seed: Of the generator that draws.
        resamples: How many times.
    """
    generator = np.random.default_rng(seed)
    counts = np.zeros(len(samples))
    for _ in range(resamples):
        drawn = [one[generator.integers(0, len(one), len(one))].mean(axis=0) for one in samples]
        counts += front(np.array(drawn), epsilon)
    return counts / resamples
