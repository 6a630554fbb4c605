"""How often the usual comparisons name the wrong run, on public runs with several seeds."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations

import numpy as np
from tests.calibration.curves import Recorded, several_seeds

FAMILIES = ("algoperf", "nanogpt")
"""Families with several configurations of one workload, of several seeds each."""
FEWEST_SEEDS = 3
MOST_PAIRS, DRAWS = 200, 6  # pairs of a family; pairs of single seeds of each
CLOSE = 1.0  # standard deviations from seed to seed
SECTION = """\

## The usual comparisons

Pairs of configurations of one workload, each with {seeds} seeds or more ({pairs} pairs of {families}). The truth is
which configuration's last values are better on average over all its seeds; of each pair {draws} single runs a side are
drawn. Wrong: the other one is named. Close: the truth is less than one standard deviation from seed to seed.
Families count the same.

{table}"""

Seeds = list[Recorded]
Named = Callable[[Recorded, Recorded], float]
"""How much worse the first run looks than the second; lower is better."""


def section() -> str:
    """Return the part of FIGURES.md about the usual comparisons."""
    rows = [
        ["single runs, and what is compared", "wrong", "wrong of close ones"],
        ["---"] * 3,
        *(
            [name, *(f"{100.0 * part:.0f}%" for part in _wrong(named))]
            for name, named in NAMED.items()
        ),
    ]
    return SECTION.format(
        seeds=FEWEST_SEEDS,
        pairs=sum(len(_pairs(family)) for family in FAMILIES),
        families=", ".join(FAMILIES),
        draws=DRAWS,
        table="".join(f"| {' | '.join(row)} |\n" for row in rows),
    )


def _part_way(part: float) -> Named:
    """Compare both at the same x, a part of what both have."""

    def worse(one: Recorded, other: Recorded) -> float:
        x = part * min(float(one.x[-1]), float(other.x[-1]))
        return _at(one, x) - _at(other, x)

    return worse


def _early_against_last(one: Recorded, other: Recorded) -> float:
    return _at(one, 0.2 * float(one.x[-1])) - _last(other)


def _ends(one: Recorded, other: Recorded) -> float:
    return _last(one) - _last(other)


NAMED: Mapping[str, Named] = {
    "at 20 % of training against the other's last value": _early_against_last,
    "both at 20 %": _part_way(0.2),
    "both at 60 %": _part_way(0.6),
    "both at the end": _ends,
}


def _at(curve: Recorded, x: float) -> float:
    return curve.sign * float(np.interp(x, curve.x, curve.values))


def _last(curve: Recorded) -> float:
    return curve.sign * float(curve.values[-1])


def _wrong(named: Named) -> tuple[float, float]:
    """Return the part of the cases in which the wrong one is named: of all, and of close ones."""
    every: list[float] = []
    close: list[float] = []
    for family in FAMILIES:
        cases = list(_cases(family, named))
        every.append(float(np.mean([is_wrong for is_wrong, _ in cases])))
        close.append(float(np.mean([is_wrong for is_wrong, is_close in cases if is_close])))
    return float(np.mean(every)), float(np.mean(close))


def _cases(family: str, named: Named) -> Iterator[tuple[bool, bool]]:
    """Yield whether the wrong one is named, and whether the pair is close: one a draw."""
    choice = np.random.default_rng(0)
    for ours, theirs in _pairs(family):
        truth, deviations = _truth(ours, theirs)
        for _ in range(DRAWS):
            one, other = (side[int(choice.integers(len(side)))] for side in (ours, theirs))
            worse = named(one, other)
            yield (worse > 0.0) != (truth > 0.0), deviations < CLOSE


def _truth(ours: Seeds, theirs: Seeds) -> tuple[float, float]:
    """Return how much worse ours end on average, and in how many standard deviations."""
    ends = [np.array([_last(curve) for curve in side]) for side in (ours, theirs)]
    difference = float(np.mean(ends[0]) - np.mean(ends[1]))
    spread = float(np.sqrt(np.mean([np.var(end, ddof=1) for end in ends])))
    return difference, abs(difference) / spread if spread else float("inf")


@cache
def _pairs(family: str) -> tuple[tuple[Seeds, Seeds], ...]:
    """Return pairs of configurations of one workload, the same choice every time."""
    groups: dict[tuple[str, str], Seeds] = {}
    for curve in several_seeds(family):
        groups.setdefault((curve.workload, curve.configuration), []).append(curve)
    known = {key: seeds for key, seeds in groups.items() if len(seeds) >= FEWEST_SEEDS}
    pairs = [(known[a], known[b]) for a, b in combinations(known, 2) if a[0] == b[0]]
    order = [int(at) for at in np.random.default_rng(0).permutation(len(pairs))[:MOST_PAIRS]]
    # Either may be the one that is looked at early.
    return tuple(pairs[at] if at % 2 else (pairs[at][1], pairs[at][0]) for at in order)
