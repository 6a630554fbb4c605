"""Steps that start again while the epoch goes on: a counter that a resume, or an epoch, resets."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.epochs import counter_of
from samestep.model import History, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

FURTHER = 0.5  # epochs by which a lap must be ahead of where its steps were logged before


@dataclass(frozen=True, slots=True)
class Lap:
    """Where the step starts again, and how many steps were done by then."""

    row_before: int
    row: int
    step: float
    done: float


@dataclass(frozen=True, slots=True, eq=False)
class Laps:
    """A run's laps, in the order of writing."""

    laps: tuple[Lap, ...]

    def done(self, rows: "Integers", steps: "Floats") -> "Floats":
        """Return how many steps were done before the lap of each point.

        A point between the rows of two laps belongs to the later one where its step does.
        """
        lap = np.searchsorted([lap.row for lap in self.laps], rows, side="right")
        following = np.minimum(lap, len(self.laps) - 1)
        between = rows > np.array([lap.row_before for lap in self.laps])[following]
        is_early = between & (steps <= np.array([lap.step for lap in self.laps])[following])
        number = np.minimum(lap + is_early, len(self.laps))
        return np.array([0.0, *(lap.done for lap in self.laps)])[number]

    def counted_on(self, history: History) -> History:
        """Return the history with steps that go on where the logged ones start again."""
        metrics = {
            name: replace(metric, steps=metric.steps + self.done(metric.rows, metric.steps))
            for name, metric in history.metrics.items()
        }
        return replace(history, metrics=metrics)


def laps_of(history: History) -> Laps | None:
    """Find where the step starts again although the run goes on; None where it never does.

    A step that goes back is a restart where the epoch goes back with it: the epoch is then no
    further than it was at that step before. Where it is further, only the step was reset.
    """
    found = counter_of(history)
    if found is None or not history.append_only or history.purges:
        return None
    laps = tuple(_laps(history.metrics[found.metric]))
    return Laps(laps) if laps else None


def _laps(counter: Metric) -> Iterator[Lap]:
    known = np.isfinite(counter.steps) & np.isfinite(counter.values)
    steps, epochs, rows = counter.steps[known], counter.values[known], counter.rows[known]
    back = [int(before) + 1 for before in np.flatnonzero(steps[1:] < steps[:-1])]
    stack = [(float(epochs[0]), 0.0)] if back else []
    begun, done = 0, 0.0
    for at in back:
        before = begun + int(np.searchsorted(steps[begun:at], float(steps[at])))
        if epochs[at] - epochs[before] > FURTHER:
            counted = float(steps[at - 1]) + (1.0 if steps[at] < 1.0 else 0.0)
            stack.append((float(epochs[at]), stack[-1][1] + counted))
        while len(stack) > 1 and epochs[at] < stack[-1][0]:
            stack.pop()
        if stack[-1][1] != done:
            done = stack[-1][1]
            yield Lap(int(rows[at - 1]), int(rows[at]), float(steps[at]), done)
        begun = at
