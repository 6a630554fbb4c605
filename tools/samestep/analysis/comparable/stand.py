"""Where a comparison stands: the axis, as each run has it, and the x nothing lies beyond."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.axis import Curve, RunAxis
from samestep.analysis.comparable.parties import Party


@dataclass(frozen=True, slots=True)
class Stand:
    """One axis up to one x."""

    axis: str
    axes: Mapping[str, RunAxis]
    """The axis of each run, by reference."""
    x: float

    def curves(self, party: Party, metric: str) -> list[Curve]:
        """Return the curves of a metric that the runs of a side have within x."""
        found = (self.axes[str(run.ref)].curves.get(metric) for run in party.runs)
        return [curve for curve in found if curve is not None and curve.x[0] <= self.x]

    def metrics(self, parties: Sequence[Party]) -> Iterator[str]:
        """Yield the metrics that every side has curves of."""
        first, *others = parties
        named = dict.fromkeys(name for run in first.runs for name in self.axes[str(run.ref)].curves)
        yield from (
            name for name in named if all(self.curves(party, name) for party in (first, *others))
        )
