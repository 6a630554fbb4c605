"""What recorded answers hold, in the terms of claims."""

from dataclasses import dataclass

from samestep.model import Direction, Role


@dataclass(frozen=True, slots=True)
class Cell:
    """One recorded value: a run, a metric, and where it stands."""

    run: str
    metric: str
    axis: str
    x: float | None
    step: float | None
    value: float
    answer_id: str
    seeds: int = 1
    match: str = "exact"

    def stands_at(self, axis: str, x: float) -> bool:
        """Return whether the value stands at an x, or at a step of it."""
        on_axis = self.x if axis == self.axis else self.step if axis == "step" else None
        return on_axis is not None and close(on_axis, x)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer says of one metric of a student against a baseline."""

    student: str
    baseline: str
    metric: str
    kind: str
    winner: str | None
    noise: float | None
    answer_id: str
    x: float | None = None
    """Where it stands; None for an answer that says none."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What an answer says of one curve, with its tail beside it."""

    run: str
    metric: str
    axis: str
    x: float
    kind: str
    tail: tuple[Cell, ...]
    told: str
    answer_id: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How many things changed between some runs, which, and in what words."""

    runs: frozenset[str]
    count: int
    named: tuple[str, ...]
    told: str
    answer_id: str


@dataclass(frozen=True, slots=True)
class Projection:
    """What an answer expects of a student that is behind."""

    student: str
    baseline: str
    metric: str
    axis: str
    outlook: str
    at: float | None
    interval: tuple[float, float] | None
    why: str
    answer_id: str
    probability: float | None = None
    """How likely it gets ahead, and stays so, by `until`."""
    until: float | None = None
    since: float | None = None
    """The x that it was made at."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How much an answer expects a curve to improve yet, by an x."""

    run: str
    metric: str
    axis: str
    x: float
    gain: float
    answer_id: str


@dataclass(frozen=True, slots=True)
class Lag:
    """How long before a student, along x, a baseline had what the student has now."""

    student: str
    baseline: str
    metric: str
    axis: str
    x: float | None
    lag: float
    answer_id: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """Which place an answer gives a run among others."""

    run: str
    metric: str
    axis: str
    x: float | None
    place: int
    last: int
    """The place of the last."""
    answer_id: str


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test says of a difference of two sides at one x."""

    sides: tuple[str, str]
    metric: str
    outcome: str
    p: tuple[float, ...]
    """The p-values given: of the test that counts, corrected, and of those beside it."""
    told: str
    answer_id: str
    x: float | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """What a metric is for, and which way is better."""

    role: Role = "proxy"
    direction: Direction | None = None


def close(one: float, other: float) -> bool:
    """Return whether two x are the same but for rounding."""
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))
