"""What recorded answers hold, in the terms of claims.

Named tuples: dataclasses are made at import, which would cost a start of `samestep check` a tenth.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from samestep.model import Direction, Role


class Cell(NamedTuple):
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


class Judged(NamedTuple):
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


class Curve(NamedTuple):
    """What an answer says of one curve, with its tail beside it."""

    run: str
    metric: str
    axis: str
    x: float
    kind: str
    tail: tuple[Cell, ...]
    told: str
    answer_id: str


class Changes(NamedTuple):
    """How many things changed between some runs, which, and in what words."""

    runs: frozenset[str]
    things: int
    named: tuple[str, ...]
    told: str
    answer_id: str


class Projection(NamedTuple):
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


class Gain(NamedTuple):
    """How much an answer expects a curve to improve yet, by an x."""

    run: str
    metric: str
    axis: str
    x: float
    gain: float
    answer_id: str


class Lag(NamedTuple):
    """How long before a student, along x, a baseline had what the student has now."""

    student: str
    baseline: str
    metric: str
    axis: str
    x: float | None
    lag: float
    answer_id: str


class Ranked(NamedTuple):
    """Which place an answer gives a run among others."""

    run: str
    metric: str
    axis: str
    x: float | None
    place: int
    last: int
    """The place of the last."""
    answer_id: str


class Tested(NamedTuple):
    """What a test says of a difference of two sides at one x."""

    sides: tuple[str, str]
    metric: str
    outcome: str
    p: tuple[float, ...]
    """The p-values given: of the test that counts, corrected, and of those beside it."""
    told: str
    answer_id: str
    x: float | None = None


class Character(NamedTuple):
    """What a metric is for, and which way is better."""

    role: "Role" = "proxy"
    direction: "Direction | None" = None


def close(one: float, other: float) -> bool:
    """Return whether two x are the same but for rounding."""
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))
