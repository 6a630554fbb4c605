"""One candidate of a ranking: with its value at x, or without one."""

from dataclasses import dataclass

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.comparable import Party
from samestep.analysis.compare import Member, SideValue
from samestep.model import Run, State
from samestep.questions.sides import LEAST_FINISHED, KnownSide


@dataclass(frozen=True, slots=True)
class Entrant:
    """One candidate with its value at x."""

    side: KnownSide
    members: tuple[Member, ...]
    """Its runs in the same order, under names that no two of them share."""
    value: SideValue
    party: Party
    """Its settings, read once."""

    @property
    def counted(self) -> list[Run]:
        """The runs whose value counts."""
        pairs = zip(self.side.runs, self.members, strict=True)
        return [run for run, member in pairs if member.full_name in self.value.points]

    @property
    def curves(self) -> list[Curve]:
        """The curves of its runs."""
        return [one.curve for one in self.members if not isinstance(one.curve, Absent)]


@dataclass(frozen=True, slots=True)
class Out:
    """One candidate that has no value to compare at x."""

    name: str
    why: str
    side: KnownSide | None = None
    """None for what cannot be read."""
    reached: float | None = None
    """The newest x of its metric."""

    @property
    def state(self) -> State:
        """The state of its least finished run."""
        if self.side is None:
            return "unknown"
        return min(self.side.states.values(), key=LEAST_FINISHED.index)
