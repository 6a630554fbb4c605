"""Which curves are compared with which: pairs of one workload."""

from itertools import permutations

import numpy as np
from tests.calibration.curves import Recorded, pool

PAIRS, MOST_OF_A_WORKLOAD = 300, 60  # pairs of a family, curves of a workload
ONE_CONFIGURATION = "td3"  # published one of each task: its pairs are of different seeds

Pair = tuple[Recorded, Recorded]


def pairs(family: str) -> list[Pair]:
    """Choose students and baselines of different configurations, the same choice every time.

    Every workload gives the same number where it has as many.
    """
    choice = np.random.default_rng(0)
    workloads: dict[str, list[Recorded]] = {}
    for curve in pool(family):
        workloads.setdefault(curve.workload, []).append(curve)
    chosen = [_shuffled_pairs(curves, choice) for curves in workloads.values()]
    each = max(1, PAIRS // len(chosen))
    first = [pair for found in chosen for pair in found[:each]]
    rest = [pair for found in chosen for pair in found[each:]]
    return [*first, *(rest[at] for at in _shuffled(len(rest), choice)[: PAIRS - len(first)])]


def _shuffled_pairs(curves: list[Recorded], choice: np.random.Generator) -> list[Pair]:
    some = [curves[at] for at in _shuffled(len(curves), choice)[:MOST_OF_A_WORKLOAD]]
    found = [
        (one, other)
        for one, other in permutations(some, 2)
        if one.family == ONE_CONFIGURATION or one.configuration != other.configuration
    ]
    return [found[at] for at in _shuffled(len(found), choice)]


def _shuffled(count: int, choice: np.random.Generator) -> list[int]:
    return [int(at) for at in choice.permutation(count)]
