"""The runs that every reader must give back: what was logged, as data.

All values are eighths, which every format keeps without rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Row = Mapping[str, float]
NAN, INF = float("nan"), float("inf")
LOSS, TOP1 = "val/loss", "test/top1"


@dataclass(frozen=True, slots=True)
class KnownRun:
    """One run to be logged: a row is what one call logs, with its `step`."""

    name: str
    rows: Sequence[Row]
    config: Mapping[str, object] = field(default_factory=dict[str, object])

    def points(self, metric: str) -> list[tuple[float, float]]:
        """Return the step and the value of every point of a metric, in the order of writing."""
        return [(row["step"], row[metric]) for row in self.rows if metric in row]


def curve(epochs: int, pace: int, first_step: int = 10) -> list[Row]:
    """Return a row per epoch of ten steps: a loss that falls, an accuracy that rises."""
    return [
        {
            "step": first_step + 10 * epoch,
            "epoch": epoch + 1,
            LOSS: 16.0 - pace * epoch / 8,
            TOP1: 10.0 + pace * epoch / 4,
        }
        for epoch in range(epochs)
    ]


def losses(*points: tuple[float, float]) -> list[Row]:
    """Return a row of the loss alone for every step and value."""
    return [{"step": step, LOSS: value} for step, value in points]


WIDE = [
    KnownRun(f"wide/seed{seed}", curve(12, 3 + seed), {"lr": 0.5, "seed": seed, "epochs": 12})
    for seed in range(2)
]
NARROW = KnownRun("narrow/seed0", curve(12, 2), {"lr": 0.125, "seed": 0, "epochs": 12})
DIVERGED = KnownRun(
    "diverged/seed0", losses((1, 2.0), (2, INF), (3, NAN), (4, -INF), (5, 8.0)), {"lr": 8.0}
)
STEADY = KnownRun("steady/seed0", losses((1, 4.0), (2, 3.5), (3, 3.0), (4, 2.75)))
TWICE = KnownRun("twice/seed0", losses((1, 4.0), (2, 3.0), (2, 2.5), (3, 2.0)))
RESUMED = KnownRun(
    "resumed/seed0", losses((1, 4.0), (2, 3.5), (3, 3.25), (2, 3.0), (3, 2.5), (4, 2.0))
)
SILENT = KnownRun("silent/seed0", [], {"lr": 0.25})
TWINS = [KnownRun("twin", curve(3, 4)), KnownRun("twin", curve(3, 5))]
STUDENT = KnownRun("cosine/seed0", curve(11, 6), {"epochs": 30, "seed": 0})
BASELINE = KnownRun("linear/seed0", curve(30, 4), {"epochs": 30, "seed": 0})
LONG, LONGER = KnownRun("long", curve(1_100, 1)), KnownRun("long", curve(11_000, 1))

WORLDS: Mapping[str, Sequence[KnownRun]] = {
    "known": [*WIDE, NARROW, DIVERGED, STEADY, TWICE, RESUMED, STUDENT, BASELINE],
    "odd": [NARROW, SILENT, *TWINS],
    "nothing": [],
    "long": [LONG],
}
"""Sets of runs, each kept in a store of its own."""
