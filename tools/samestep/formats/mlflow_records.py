"""What MLflow records of a run, whichever store it lies in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from samestep.model import Floats

RUN_NAME = "mlflow.runName"
PARENT = "mlflow.parentRunId"
USER = "mlflow.user"
SOURCE_NAME = "mlflow.source.name"
COMMIT = "mlflow.source.git.commit"
REPOSITORY = "mlflow.source.git.repoURL"
DIRTY = "mlflow.source.git.dirty"
READ_TAGS = (RUN_NAME, PARENT, USER, SOURCE_NAME, COMMIT, REPOSITORY, DIRTY)
"""The tags of MLflow's own that say something of a run; the others are long and are not read."""
OWN_TAGS = "mlflow."
DATASET_CONTEXT = "mlflow.data.context"
DELETED = "deleted"
LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """One metric's points, in the order of their times; all arrays have the shape (points,)."""

    steps: "Floats"
    values: "Floats"
    timestamps: "Floats"
    """When each point was logged, in milliseconds since 1970, or in seconds by an old client."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The point of a metric with the largest step, as the store keeps it apart."""

    step: float
    value: float
    timestamp: float


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A data set that a run read."""

    name: str
    digest: str | None
    context: str | None
    """What it was used for, such as "training"."""


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model that a run made or used."""

    id: str
    name: str | None
    use: Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run without its metrics."""

    id: str
    name: str | None
    experiment: str | None
    """The experiment's name; None where it is not recorded."""
    status: str | None
    """RUNNING, SCHEDULED, FINISHED, FAILED or KILLED, as the store writes it."""
    started: float | None
    """Milliseconds since 1970."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    datasets: tuple[DatasetInput, ...] = ()
    models: tuple[LoggedModel, ...] = ()


def is_read(tag: str) -> bool:
    """Return whether a tag is the user's own, or one of MLflow's that says something of a run."""
    return not tag.startswith(OWN_TAGS) or tag in READ_TAGS


def unclamped(values: "Floats") -> "Floats":
    """Return values with the infinities that MLflow's databases keep as the largest float."""
    return np.where(np.abs(values) == LARGEST, np.copysign(np.inf, values), values)
