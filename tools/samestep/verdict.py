"""The only maker of judgements: a winner cannot be built without the evidence for one."""

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from samestep.rules import RuleId

if TYPE_CHECKING:
    from samestep.model import Direction, Match, Role

Kind = Literal[
    "winner", "ahead_so_far", "behind_so_far", "within_noise", "undecided", "not_comparable"
]
Better = Literal["student", "baseline"]

Shortfall = Literal[
    "blocked", "single seed", "not logged at x", "not at the end", "not significant"
]
RULE_OF: dict[Shortfall, RuleId] = {
    "single seed": "single-seed",
    "not logged at x": "winner-evidence",
    "not at the end": "winner-evidence",
    "not significant": "winner-evidence",
}
"""The rule behind each shortfall; what blocks names its own."""

SO_FAR: dict[Kind, Better] = {"ahead_so_far": "student", "behind_so_far": "baseline"}
SIGNIFICANT = 0.05
BEYOND_NOISE = 1.96  # standard deviations: 95 % of a normal distribution lie within
FEWEST_SEEDS = 2


class IllegalVerdict(ValueError):
    """A judgement without the evidence it needs: a bug in whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Downstream:
    """A declared downstream metric, logged on both sides at the same x."""

    metric: str
    role: "Role"
    direction: "Direction"
    delta: float
    matches: "tuple[Match, Match]"

    def __post_init__(self) -> None:
        if self.role != "downstream":
            raise IllegalVerdict(f"{self.metric!r} is a {self.role}: no winner on proxy evidence")
        if self.matches != ("exact", "exact"):
            raise IllegalVerdict(f"{self.metric!r} was not logged on both sides at the same x")
        if self.better is None:
            raise IllegalVerdict(f"neither side is better on {self.metric!r}")

    @property
    def better(self) -> Better | None:
        """The side whose value is better."""
        return better_side(self.delta, self.direction)


@dataclass(frozen=True, slots=True)
class Ends:
    """The x compared at, and the planned or converged end of each side."""

    x: float
    student: float
    baseline: float

    def __post_init__(self) -> None:
        if not _at_both_ends(self.x, self.student, self.baseline):
            raise IllegalVerdict(
                f"x {self.x:g} is not the end of both sides ({self.student:g}, {self.baseline:g})"
            )


@dataclass(frozen=True, slots=True)
class Comparable:
    """An audit of the two sides that found nothing that blocks."""

    blocking: tuple[RuleId, ...]

    def __post_init__(self) -> None:
        if self.blocking:
            raise IllegalVerdict(f"blocked by {', '.join(self.blocking)}")


@dataclass(frozen=True, slots=True)
class Significant:
    """A difference between groups of seeds that survives correction for all rows compared."""

    student_seeds: int
    baseline_seeds: int
    adjusted_p: float
    test: str

    def __post_init__(self) -> None:
        if min(self.student_seeds, self.baseline_seeds) < FEWEST_SEEDS:
            raise IllegalVerdict("a winner needs two or more seeds a side")
        if not 0.0 < self.adjusted_p < SIGNIFICANT:
            raise IllegalVerdict(f"p = {self.adjusted_p:g} after correction is not significant")


EVIDENCE = (Downstream, Ends, Comparable, Significant)
"""What a winner rests on, in the order of its fields."""


@dataclass(frozen=True, slots=True)
class Winner:
    """A winner, with everything that makes it one."""

    side: Better
    downstream: Downstream
    ends: Ends
    comparable: Comparable
    significant: Significant

    def __post_init__(self) -> None:
        evidence = (self.downstream, self.ends, self.comparable, self.significant)
        for found, needed in zip(evidence, EVIDENCE, strict=True):
            _require(found, needed)
        if self.side != self.downstream.better:
            raise IllegalVerdict(f"the {self.side} is not the better side")


def _require(found: object, needed: type) -> None:
    if not isinstance(found, needed):
        raise IllegalVerdict(f"{found!r} is no evidence: {needed.__name__} is needed")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about one metric of a student against one baseline."""

    metric: str
    role: "Role"
    direction: "Direction | None"
    delta: float | None
    noise: float | None
    minimum_effect: float = 0.0
    """The smallest difference that matters; 0 where none is declared."""
    why_no_delta: RuleId = "absent-said"
    """The rule to name where there is no difference."""
    matches: "tuple[Match, Match] | None" = None
    ends: tuple[float, float, float] | None = None
    """x compared at, the student's end and the baseline's; None where an end is not known."""
    seeds: tuple[int, int] = (1, 1)
    adjusted_p: float | None = None
    blocking: tuple[RuleId, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be said about one metric against one baseline."""

    kind: Kind
    role: "Role"
    metric: str
    better: Better | None
    blocked_by: tuple[RuleId, ...] = ()
    """The rules that keep this from being more."""
    winner: Winner | None = field(default=None)
    short_of: tuple[Shortfall, ...] = ()
    """What it lacks to be a winner."""

    def __post_init__(self) -> None:
        if (self.kind == "winner") != (self.winner is not None):
            raise IllegalVerdict("a verdict of kind 'winner' and a Winner come together")
        if self.role == "proxy" and self.kind not in {"undecided", "not_comparable"}:
            raise IllegalVerdict(f"{self.metric!r} is a proxy: it decides nothing")
        if self.winner is not None and not self._is_of(self.winner):
            raise IllegalVerdict(f"the winner is not {self.better} on {self.metric!r}, unblocked")
        if self.kind in SO_FAR and self.better != SO_FAR[self.kind]:
            raise IllegalVerdict(f"{self.kind} on {self.metric!r}, and {self.better} is better")

    def _is_of(self, winner: Winner) -> bool:
        same = (winner.downstream.metric, winner.side) == (self.metric, self.better)
        return same and not self.blocked_by


def better_side(delta: float | None, direction: "Direction | None") -> Better | None:
    """Return which side's value is better; None when equal or when nobody knows the direction."""
    if not delta or not math.isfinite(delta) or direction not in {"higher", "lower"}:
        return None
    return "student" if (delta > 0) == (direction == "higher") else "baseline"


def judge(standing: Standing) -> Judgement:
    """Return the strongest judgement the evidence carries."""
    better = better_side(standing.delta, standing.direction)
    barred = _barred(standing)
    if barred is not None:
        kind, rule = barred
        return _judged(standing, kind, better, (rule,))
    missing = shortfalls(standing)
    small = is_below(standing.delta, standing.minimum_effect)
    if not missing and better is not None and not small:
        return _won(standing, better)
    so_far: Kind = "ahead_so_far" if better == "student" else "behind_so_far"
    if better is None or small or _within_noise(standing):
        so_far = "within_noise"
    rules: list[RuleId] = [*standing.blocking, *(RULE_OF[one] for one in missing if one in RULE_OF)]
    judgement = _judged(standing, so_far, better, tuple(dict.fromkeys(rules)))
    return replace(judgement, short_of=missing)


def is_below(delta: float | None, minimum_effect: float | None) -> bool:
    """Return whether a difference is smaller than the smallest that matters."""
    return delta is not None and minimum_effect is not None and abs(delta) < minimum_effect


def _barred(standing: Standing) -> tuple[Kind, RuleId] | None:
    """Return what is left to say, and by which rule, where nothing can be judged."""
    if "same-definition" in standing.blocking:
        return "not_comparable", "same-definition"
    if standing.role == "proxy":
        return "undecided", "no-proxy-winner"
    if standing.delta is None or not math.isfinite(standing.delta):
        return "undecided", standing.why_no_delta
    return ("undecided", "winner-evidence") if standing.direction is None else None


def shortfalls(standing: Standing) -> tuple[Shortfall, ...]:
    """Return what stands between this and a winner."""
    found: dict[Shortfall, bool] = {
        "blocked": bool(standing.blocking),
        "single seed": min(standing.seeds) < FEWEST_SEEDS,
        "not logged at x": standing.matches != ("exact", "exact"),
        "not at the end": standing.ends is None or not _at_both_ends(*standing.ends),
        "not significant": not 0.0 < (standing.adjusted_p or 0.0) < SIGNIFICANT,
    }
    return tuple(shortfall for shortfall, is_short in found.items() if is_short)


def _at_both_ends(x: float, student: float, baseline: float) -> bool:
    return math.isfinite(x) and student == baseline == x


def _within_noise(standing: Standing) -> bool:
    if standing.delta is None or standing.noise is None:
        return False
    return abs(standing.delta) <= BEYOND_NOISE * standing.noise


def _judged(
    standing: Standing, kind: Kind, better: Better | None, blocked_by: tuple[RuleId, ...]
) -> Judgement:
    return Judgement(kind, standing.role, standing.metric, better, blocked_by)


def _won(standing: Standing, better: Better) -> Judgement:
    if standing.direction is None or standing.matches is None or standing.ends is None:
        raise IllegalVerdict("a winner needs a direction, two logged values and two known ends")
    winner = Winner(
        better,
        Downstream(
            standing.metric,
            standing.role,
            standing.direction,
            standing.delta or 0.0,
            standing.matches,
        ),
        Ends(*standing.ends),
        Comparable(standing.blocking),
        Significant(*standing.seeds, standing.adjusted_p or 1.0, "Welch's t-test, Holm-adjusted"),
    )
    return Judgement("winner", standing.role, standing.metric, better, (), winner)
