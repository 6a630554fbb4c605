"""Training runs as every reader hands them on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Self

from samestep.errors import BadReference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

State = Literal["running", "finished", "failed", "crashed", "unknown"]
Direction = Literal["higher", "lower"]
EpochBase = Literal["first is 0", "first is 1", "epochs completed", "unknown"]
Role = Literal["proxy", "downstream"]
Match = Literal["exact", "interpolated", "nearest"]
TestName = Literal[
    "welch",
    "paired_t",
    "wilcoxon",
    "mann_whitney",
    "bootstrap",
    "permutation",
    "mcnemar",
    "paired_bootstrap",
    "nadeau_bengio",
    "friedman",
    "iqm",
]
"""What may be asked of two groups or more."""
StepMeaning = Literal["steps", "epochs, first is 0", "epochs, first is 1"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place where runs live, written `<tracker>:<location>`."""

    tracker: str
    location: str

    def __str__(self) -> str:
        return f"{self.tracker}:{self.location}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a source reference; the tracker stands before the first colon."""
        tracker, colon, location = text.partition(":")
        if not colon or not location or not re.fullmatch(r"[a-z][a-z0-9_]+", tracker):
            raise BadReference(
                "source",
                text,
                "<tracker>:<location>, such as 'tensorboard:runs'; "
                "detect_tracker(path=...) finds the sources below a directory",
            )
        return cls(tracker, location)


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run's address, written `<source>#<run id>`; a `#` inside the id is written `%23`."""

    source: Source
    id: str

    def __str__(self) -> str:
        return f"{self.source}#{_quoted(self.id)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a run reference; the run id stands after the last `#`."""
        source, mark, run_id = text.rpartition("#")
        if not mark or not run_id:
            raise BadReference(
                "run", text, "<source>#<run id>, such as 'tensorboard:runs#resnet50/seed0'"
            )
        return cls(Source.parse(source), _unquoted(run_id))


def _quoted(run_id: str) -> str:
    return re.sub(r"%(?=2[35])", "%25", run_id).replace("#", "%23")


def _unquoted(text: str) -> str:
    return re.sub(r"%(2[35])", lambda code: "#" if code[1] == "23" else "%", text)


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """One metric's points, in the order they were written.

    All arrays have the shape (points,).
    """

    name: str
    steps: "Floats"
    """The step of each point as it was logged; NaN where its row names no step.

    All NaN for a metric on a clock of its own, such as a system metric: its times place it.
    """
    values: "Floats"
    """The value of each point; NaN and infinities are values."""
    rows: "Integers"
    """The number of the log call of each point; equal numbers were written together."""
    times: "Floats | None" = None
    """When each point was written, in seconds since 1970; None where the format does not say."""
    counts: StepMeaning = "steps"
    """What the writer counts in `steps` for this metric."""
    direction: Direction | None = None
    """Which way is better, where the tracker itself says so."""


@dataclass(frozen=True, slots=True)
class EpochCounter:
    """The logged metric that says which epoch a point belongs to."""

    metric: str
    base: EpochBase
    """What the number means: the epoch in progress counted from 0 or 1, or epochs completed."""
    why: str
    """How this is known, as a clause: "Lightning logs `epoch` counted from 0"."""


@dataclass(frozen=True, slots=True)
class Purge:
    """The writer's own word that a resumed run starts again: older points from `step` on are void."""

    row: int
    step: float


@dataclass(frozen=True, slots=True)
class ReadReport:
    """How a history was read, and what could not be."""

    how: str
    """What was read, in a few words: "event files", "metrics.csv"."""
    losses: tuple[str, ...] = ()
    """One sentence for everything skipped, torn or unreadable, with counts; empty when complete."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything one run logged over time."""

    metrics: Mapping[str, Metric]
    read: ReadReport
    epochs: EpochCounter | None = None
    """The epoch counter the writer is known to use; None leaves it to the column names."""
    steps_per_epoch: float | None = None
    """Steps in one epoch, where the writer's own files say so."""
    append_only: bool = True
    """Whether the order of points is the order of writing, so that a step back is a restart."""
    purges: tuple["Purge", ...] = ()
    """Where the writer itself declared earlier points void, in the order of writing."""
    row_counter: str | None = None
    """What the steps are where they only count log calls: "W&B's row counter `_step`"."""
    steps_carry: bool = False
    """Whether the step is logged like any other value, so that a row without one stands at the
    newest step before it."""
    stepless: str | None = None
    """Why the rows have no step that could be an axis, as a clause, where there is more to say
    than that none is logged."""
    unread: frozenset[str] = frozenset()
    """Metrics the run has that the caller did not want read."""


@dataclass(frozen=True, slots=True)
class Final:
    """A value that was logged once, outside the history: a test score, a results file."""

    value: float
    origin: str
    """Where it stands, such as `results.json: test/top1`."""
    step: float | None = None
    """The step of the checkpoint it was measured on, where one is named."""


@dataclass(frozen=True, slots=True)
class Planned:
    """How long a run was meant to train, and which config key says so."""

    length: float
    unit: Literal["epochs", "steps"]
    key: str


ENVIRONMENT = ("python", "os", "host", "gpu", "gpu_count", "cuda", "cpu_count", "program", "user")
"""The keys of a run's environment; a reader gives those its tracker recorded."""
LineageKind = Literal["code", "dataset", "model", "parent run", "checkpoint"]


@dataclass(frozen=True, slots=True)
class Lineage:
    """One thing a run was made from, or made, as its tracker recorded it."""

    kind: LineageKind
    name: str
    """What it is called: a repository's address, a data set, a registered model, a run."""
    digest: str | None
    """What tells its versions apart: a git commit, a hash; None where none is recorded."""
    origin: str
    """Which record says so: "tag mlflow.source.git.commit", "W&B environment record"."""
    context: str | None = None
    """What it was used for, such as "train" or "eval", where that is recorded."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a tracker says of one run without its history."""

    state: State
    metrics: int
    """How many metrics the run has."""
    newest: Mapping[str, float] = field(default_factory=dict[str, float])
    """The newest value of each metric, as the tracker keeps it: to filter by, never to compare."""
    epoch: float | None = None
    step: float | None = None
    written: datetime | None = None
    """When the run last logged anything, where the tracker says."""
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    seed: str | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunHead:
    """What a listing knows of one run without reading its history."""

    ref: RunRef
    full_name: str
    started: datetime | None = None
    glance: Glance | None = None
    """What the listing itself said of the run; None where only reading it tells."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training run, read."""

    head: RunHead
    history: History
    state: State = "unknown"
    seed: str | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    """The run's settings, nested as they were written."""
    finals: Mapping[str, Final] = field(default_factory=dict[str, Final])
    planned: Planned | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where it ran, flat, as far as its tracker recorded it; see `ENVIRONMENT`."""
    lineage: tuple[Lineage, ...] = ()
    """What it was made from, and what it made."""

    @property
    def ref(self) -> RunRef:
        """The run's address."""
        return self.head.ref

    @property
    def full_name(self) -> str:
        """The run's name, never shortened."""
        return self.head.full_name


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that looks like a run and cannot be read."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The runs of one source, readable and not."""

    runs: tuple[RunHead, ...]
    unreadable: tuple[Unreadable, ...] = ()
    left_out: tuple[str, ...] = ()
    """One sentence for everything that is no part of the listing and no failure, with counts:
    deleted runs, directories that were passed over."""
