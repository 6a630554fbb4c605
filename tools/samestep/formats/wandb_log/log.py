"""What one W&B log says of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from samestep.formats.tfrecords import Damage
from samestep.formats.wandb_log.columns import Column
from samestep.formats.wandb_log.config import Change
from samestep.formats.wandb_log.definitions import Definition
from samestep.formats.wandb_log.items import KeyPath
from samestep.formats.wandb_log.runs import Artifact, Environment, RunFacts

Content = Literal["empty", "not a W&B log", "another version", "header only", "records"]


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Everything one log says of a run."""

    content: Content
    run: RunFacts | None
    """Who the run is; None where that record is lost or not written yet."""
    row_count: int
    """How many rows of either kind there are; they are numbered together."""
    columns: Mapping[str, Column]
    """What was logged, by key; the keys of nested dicts are joined with a point."""
    others: Mapping[str, int]
    """How many values under a key are neither numbers nor null."""
    machine: Mapping[str, Column]
    """What W&B measured of the machine, and when under `_timestamp`, in seconds since 1970."""
    changes: tuple[Change, ...]
    """Everything the config was set to, in the order it was."""
    summary: Mapping[KeyPath, float]
    definitions: tuple[Definition, ...]
    environment: Environment
    artifacts: tuple[Artifact, ...]
    exit_code: int | None
    """None where the run had not ended, or was killed."""
    damage: Damage


@dataclass(frozen=True, slots=True)
class Peek:
    """What the beginning of a log shows."""

    content: Content
    run: RunFacts | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a log is all there."""

    is_undamaged: bool
    has_exit: bool
    """Whether it says how the run ended."""
