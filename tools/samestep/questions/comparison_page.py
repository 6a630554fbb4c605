"""One page of a comparison: its rows, and what its caveats need to know beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis.choose import Chosen
from samestep.analysis.seeds import Candidate
from samestep.answers.comparison import At
from samestep.questions.metrics import Compared
from samestep.questions.outlooks import Prospect
from samestep.questions.rows import Judged


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page of a comparison."""

    chosen: Chosen
    """The x-axis."""
    stands: At
    """Where the comparison stands."""
    everything: Sequence[Judged]
    """The rows of all pages."""
    shown: Sequence[Compared]
    """The metrics of this one."""
    next_cursor: str | None
    ahead: Sequence[Prospect]
    """What is left to see from the rows of this page."""
    siblings: Sequence[Candidate]
    """Other runs of the sides' sources, as far as a listing tells their configs."""
    declared: Sequence[str]
    """The patterns that declare downstream metrics."""
    x_was_asked: bool = False
    """Whether the caller named the x, and did not take the student's newest."""

    @property
    def judged(self) -> list[Judged]:
        """The rows of this page."""
        return [one for one in self.everything if one.compared in self.shown]

    @property
    def left(self) -> int:
        """Metrics after this page."""
        metrics = {(one.compared.student, one.compared.baseline) for one in self.everything}
        return len(metrics) - int(self.next_cursor) if self.next_cursor else 0
