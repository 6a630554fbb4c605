"""The parts that every answer has."""

from typing import Literal

from samestep.answers.record import Number, Record, Sparse
from samestep.model import State
from samestep.rules import RuleId

Severity = Literal["blocks", "warns", "notes"]
MOST_LEGEND_ENTRIES = 20


class Caveat(Record):
    """A fact that limits what may be concluded."""

    rule: RuleId
    """The protocol's rule it comes from."""
    severity: Severity
    """Whether it blocks a conclusion, weakens it, or is only to be known."""
    text: str
    """The fact, in one sentence."""


class Current(Record):
    """How far a run has come, by its history."""

    epoch: Number | None
    """Epochs completed; null where the run has no epoch axis."""
    step: Number | None
    """The newest step; null where no step is logged."""


class Read(Record):
    """How a run was read."""

    how: str
    """What was read."""
    points: int
    """Points read, all metrics together."""
    complete: bool
    """False when anything was torn, skipped or unreadable; a caveat then says what."""


class GroupMember(Record):
    """One run of a group."""

    full_name: str
    """The run's full name."""
    run: str
    """The run's reference."""
    state: State
    """The run's state."""
    seed: str | None
    """The run's random seed; null where its config names none."""


class LegendEntry(Sparse):
    """One run, or one group of seeds, that the answer speaks of."""

    full_name: str
    """The name used everywhere else in the answer."""
    run: str | None
    """The reference to pass to the next call; null for a list of runs taken as one group."""
    tracker: str
    """The tracker it was read from."""
    role: Literal["student", "baseline", "run"]
    """Its part in the question."""
    state: State
    """The run's state; of a group, the state of its least finished member."""
    seed: str | None
    """The run's random seed; null where its config names none, and for a group."""
    current: Current
    """How far it has come; of a group, its least advanced member."""
    read: Read
    """How it was read."""
    x_from: str = ""
    """What gave its points their x."""
    members: tuple[GroupMember, ...] = ()
    """The runs of a group, at most 20."""
    more_members: int = 0
    """Members beyond those listed."""


class Answer(Record):
    """What a tool returns."""

    contract: Literal["1"] = "1"
    """The version of this form."""
    answer_id: str
    """A hash of the question, its inputs and the points read: the same answer has the same id."""
    tool: str
    """The tool that answered."""
    runs: list[LegendEntry]
    """The runs spoken of, at most 20."""
    caveats: list[Caveat]
    """What limits the answer."""
    reading: str
    """The answer in one or two plain sentences."""

    def to_markdown(self) -> str:
        """Return the same answer as Markdown."""
        raise NotImplementedError

    def _repr_markdown_(self) -> str:
        """Show the answer in a notebook."""
        return self.to_markdown()
