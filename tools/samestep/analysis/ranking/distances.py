"""Several candidates on one metric at one x: their order, and who can be told from the first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scipy import stats

from samestep.analysis.align import Absent, Point, value_at
from samestep.analysis.compare import Member, SideValue, side_noise
from samestep.analysis.ranking.selection import Pooled
from samestep.analysis.significance.p_values import holm, welch

if TYPE_CHECKING:
    from samestep.model import Direction

CONFIDENCE = 0.95
LEVEL = 0.05
BEYOND_NOISE = 1.96  # standard deviations: 95 % of a normal distribution lie within
FEWEST = 2  # candidates that must have reached the x of a ranking
ENDED = 1e-9  # relative; x is often a quotient

Evidence = Literal["seeds", "declared", "borrowed", "curve", "none"]
"""What tells a candidate from the first: Welch's test over seeds, a deviation from seed to seed
that is declared or borrowed from other candidates, the curve's own noise, or nothing."""


@dataclass(frozen=True, slots=True)
class SeedNoise:
    """What is known of the deviation from seed to seed, for candidates whose seeds do not tell."""

    declared: float | None = None
    borrowed: Pooled | None = None

    @property
    def spread(self) -> float | None:
        """The deviation, declared before borrowed."""
        if self.declared is not None:
            return self.declared
        return None if self.borrowed is None else self.borrowed.spread

    @property
    def freedom(self) -> float:
        """Degrees of freedom behind it; infinite for one that is declared."""
        borrowed = self.declared is None and self.borrowed is not None
        return self.borrowed.freedom if borrowed and self.borrowed else math.inf


@dataclass(frozen=True, slots=True)
class Distance:
    """How a candidate stands to the first."""

    behind: float
    """How much worse its value is, in units of the metric; never below 0."""
    evidence: Evidence
    adjusted_p: float | None
    """The p-value, adjusted (Holm) for all candidates; None where nothing was tested."""
    tied: bool
    """Whether it cannot be told from the first."""


def reach(members: Sequence[Member]) -> float | None:
    """Return the newest x that at least half of the members' curves have reached; None for none."""
    curves = [one.curve for one in members if not isinstance(one.curve, Absent)]
    newest = sorted((float(curve.x[-1]) for curve in curves), reverse=True)
    return newest[(len(newest) - 1) // 2] if newest else None


def usual_x(reached: Sequence[float]) -> float:
    """Return the newest x that at least half of the candidates, and two of them, have reached."""
    newest = sorted(reached, reverse=True)
    at = max(FEWEST, math.ceil(len(newest) / 2)) - 1
    return newest[min(at, len(newest) - 1)]


def side_at(members: Sequence[Member], x: float) -> SideValue | Absent:
    """Return what a candidate has at x: a point, or those of the members that got there."""
    found = {one.full_name: _member_at(one, x, of_group=len(members) > 1) for one in members}
    points = {name: one for name, one in found.items() if isinstance(one, Point)}
    missing = {name: one.why for name, one in found.items() if isinstance(one, Absent)}
    if not points:
        reasons = dict.fromkeys(missing.values())
        return Absent("; ".join(reasons))
    counted = [one for one in members if one.full_name in points]
    seeds = tuple(one.seed or one.full_name for one in counted)
    return SideValue(points, seeds, missing, x, side_noise(counted, points, x))


def interval(side: SideValue, known: SeedNoise) -> tuple[float, float] | None:
    """Return the 95 % interval of a candidate's mean over seeds (Student's t).

    Returns:
        None for a single seed, or equal values, where no deviation is declared or borrowed.
    """
    count, spread = len(side.points), side.spread
    own = count > 1 and bool(spread)  # equal values have none to take an interval from
    deviation, freedom = (spread, count - 1) if own else (known.spread, known.freedom)
    if not deviation or not math.isfinite(side.value):
        return None
    half = float(stats.t.ppf((1.0 + CONFIDENCE) / 2.0, freedom)) * deviation / count**0.5
    return side.value - half, side.value + half


def in_order(sides: Sequence[SideValue], direction: "Direction") -> list[int]:
    """Return the places of finite values, the best value first; equal ones in the order given."""
    finite = [at for at, side in enumerate(sides) if math.isfinite(side.value)]
    return sorted(finite, key=lambda at: sides[at].value, reverse=direction == "higher")


def distances(
    first: SideValue, others: Sequence[SideValue], known: SeedNoise, least: float
) -> list[Distance]:
    """Return how each candidate stands to the first.

    Args:
        first: The candidate with the best value.
        others: All others that are compared.
        known: The deviation from seed to seed, where seeds do not tell it.
        least: The smallest difference that matters, in units of the metric.
    """
    tested = [_tested(first, other, known) for other in others]
    adjusted = iter(holm([p for _, p in tested if p is not None]))
    found: list[Distance] = []
    for other, (evidence, p) in zip(others, tested, strict=True):
        behind = abs(first.value - other.value)
        told = None if p is None else next(adjusted)
        apart = told < LEVEL if told is not None else behind > _curve_noise(first, other, evidence)
        found.append(Distance(behind, evidence, told, not apart or behind < least))
    return found


def _tested(first: SideValue, other: SideValue, known: SeedNoise) -> tuple[Evidence, float | None]:
    """Return what tells two candidates apart, and its two-sided p-value."""
    p_value = welch(first.values, other.values)
    if p_value is not None:
        return "seeds", p_value
    difference = abs(first.value - other.value)
    if known.spread:
        noise = known.spread * (1 / len(first.points) + 1 / len(other.points)) ** 0.5
        return ("borrowed" if known.declared is None else "declared"), _two_sided(
            difference / noise, known.freedom
        )
    single = len(first.points) == len(other.points) == 1
    return ("curve" if single and first.noise and other.noise else "none"), None


def _curve_noise(first: SideValue, other: SideValue, evidence: Evidence) -> float:
    """Return how far two single runs may lie apart by the noise of their curves alone.

    It is no test: what another seed would do is not in it, so it has no p-value.
    """
    if evidence != "curve" or first.noise is None or other.noise is None:
        return math.inf
    return BEYOND_NOISE * math.hypot(first.noise, other.noise)


def _two_sided(deviations: float, freedom: float) -> float:
    tail = stats.norm.sf(deviations) if math.isinf(freedom) else stats.t.sf(deviations, freedom)
    return min(1.0, 2.0 * float(tail))


def _member_at(member: Member, x: float, *, of_group: bool) -> Point | Absent:
    """Return a member's value at x; one of a group that ended before x has none."""
    if isinstance(member.curve, Absent):
        return member.curve
    last = float(member.curve.x[-1])
    ended = last < x - ENDED * max(1.0, abs(x))
    found = Absent("") if of_group and ended else value_at(member.curve, x)
    if isinstance(found, Absent) and ended:
        return Absent(f"its log of the metric goes to {last:.6g}, not to {x:.6g}")
    return found
