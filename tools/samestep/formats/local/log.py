"""One log file, read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samestep.model import EpochCounter, Final, Metric


@dataclass(frozen=True, slots=True)
class Log:
    """Everything one file says about a run."""

    how: str
    """What was read, such as "metrics.csv"."""
    metrics: dict[str, Metric] = field(default_factory=dict[str, Metric])
    epochs: EpochCounter | None = None
    """Which metric counts epochs; it stands in `metrics` under its own name."""
    steps_per_epoch: float | None = None
    config: dict[str, object] = field(default_factory=dict[str, object])
    finals: dict[str, Final] = field(default_factory=dict[str, Final])
    losses: tuple[str, ...] = ()
    """One sentence for everything skipped, torn or unreadable, with counts."""
    finished: bool = False
    """Whether the writer itself says that the run is over."""
    failed: bool = False
    """Whether the writer itself says that the run broke off."""
    runs: "Mapping[str, Log]" = field(default_factory=dict[str, "Log"])
    """The runs of a file that holds several, by what tells them apart: `seed=3`; else empty."""
    series: str | None = None
    """What the results of one checkpoint are of: files of one series are points of one history."""


@dataclass(frozen=True, slots=True)
class LocalFormat:
    """One kind of file that logs a run."""

    name: str
    looks_like: Callable[[str, bytes], bool]
    """Whether a file of this name that starts with these bytes is of this kind."""
    read: Callable[[Path], Log]
    columns: Callable[[bytes], frozenset[str] | None]
    """The metrics a file that starts with these bytes logs; None where its start does not say."""
    several: Callable[[bytes], bool] = lambda _head: False
    """Whether a file that starts with these bytes may hold several runs, so that listing reads it."""


def may_hold_several(_head: bytes) -> bool:
    """Leave it to reading the whole file how many runs there are in it."""
    return True


def not_said(_head: bytes) -> None:
    """Leave the metrics to be found by reading the whole file."""
