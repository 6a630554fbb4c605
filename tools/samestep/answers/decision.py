"""What was decided and on what, as a model registry's notes can keep it."""

from samestep.answers import decision_text
from samestep.answers.record import Number, Record, Sparse
from samestep.model import Direction, Role
from samestep.rules import RuleId
from samestep.verdict import Kind


class Standing(Sparse):
    """One candidate of a decision: where it stood."""

    full_name: str
    """Its full name."""
    run: str | None
    """Its reference; null for a list of runs taken as one."""
    value: Number
    """Its value at x, the mean over its seeds."""
    seeds: int
    """How many seeds it rests on."""
    interval: tuple[Number, Number] | None = None
    """The 95 % interval of the mean."""
    runs: list[str] | None = None
    """The references of its seeds."""


class LeftOut(Record):
    """One candidate that was not ranked, and why."""

    full_name: str
    """Its full name, or where it lies if it could not be read."""
    run: str | None
    """Its reference."""
    why: str
    """Why."""


class Condition(Record):
    """One constraint of a decision, and what it removed."""

    constraint: str
    """What was asked, such as `latency_ms <= 50`."""
    violated: int
    """How many candidates violate it."""
    unknown: int
    """Of how many it is not known; these do not pass."""


class DecisionRecord(Record):
    """What was decided, by which evidence, and what was left out: whole in itself."""

    answer_id: str
    """The answer it is taken from."""
    samestep: str
    """The version of samestep that decided."""
    date: str
    """The day of the question, in UTC."""
    metric: str
    """The metric."""
    role: Role
    """Whether it is a proxy or what the project exists to improve."""
    direction: Direction
    """Which way is better."""
    axis: str
    """The x-axis."""
    x: Number
    """The x every value stands at."""
    test: str
    """What tells candidates apart."""
    candidates: int
    """How many there were."""
    ranked: int
    """How many of them were ranked."""
    kind: Kind
    """The judgement."""
    winner: str | None
    """The winner's full name; null short of a winner."""
    blocked_by: list[RuleId]
    """The rules that keep the judgement from being more."""
    first: list[Standing]
    """The first, and those that cannot be told from it; at most ten."""
    first_left: int
    """How many more cannot be told from it."""
    constraints: list[Condition]
    """What the candidates had to keep to."""
    objectives: list[str]
    """What else was to be improved, each with its direction."""
    left_out: list[LeftOut]
    """Candidates that were not ranked; at most ten."""
    left_out_more: int
    """How many more were not ranked."""

    def to_markdown(self) -> str:
        """Return the same record as Markdown, for a registry's notes."""
        return decision_text.to_markdown(self)
