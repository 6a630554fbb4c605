"""From what Neptune keeps of a run to a run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from samestep.formats.neptune.held import Held, Points, Value, points_of, some
from samestep.model import EpochCounter, History, Metric, ReadReport, Run, RunHead, State
from samestep.readers.facts import epoch_length, planned_length, seed_of
from samestep.readers.neptune.config import finals, nested
from samestep.readers.neptune.origins import environment, lineage

MONITORING = "monitoring/"
"""The namespace of a run's hardware metrics and console."""
COUNTED = "Neptune's number of the point in its series, as no step was logged"
LIGHTNING = ("source_code/integrations/pytorch-lightning", "source_code/integrations/lightning")
TRANSFORMERS = ("source_code/integrations/transformers",)


@dataclass(frozen=True, slots=True)
class Way:
    """How a run is read in one of Neptune's forms."""

    how: str
    """What is read, in a few words."""
    append_only: bool
    """Whether series are in the order of writing."""
    is_live: bool = False
    """Whether the state is that of now, not of when it was exported or logged."""


def run_of(head: RunHead, held: Held, way: Way, unread: frozenset[str] = frozenset()) -> Run:
    """Return a run, with the names of the metrics it has that were not wanted."""
    config = nested(held.attributes)
    metrics = {name: _metric(name, points) for name, points in held.series.items()}
    history = History(
        metrics,
        ReadReport(way.how, (*held.losses, *_numbered(held))),
        epochs=_epochs(held.attributes, metrics),
        steps_per_epoch=epoch_length(config, metrics),
        append_only=way.append_only,
        row_counter=COUNTED if _is_all_numbered(held) else None,
        unread=unread,
    )
    return Run(
        head,
        history,
        state=state_of(held.attributes, is_live=way.is_live),
        seed=seed_of(config),
        group=group_of(held.attributes),
        tags=strings(held.attributes, "sys/tags"),
        config=config,
        finals=finals(held.attributes),
        planned=planned_length(config),
        environment=environment(held),
        lineage=lineage(held),
    )


def with_losses(held: Held, *losses: str) -> Held:
    """Return what is kept of a run, with more sentences on what is not."""
    return replace(held, losses=(*held.losses, *losses))


def state_of(attributes: Mapping[str, Value], *, is_live: bool) -> State:
    """Return what Neptune says of a run's state.

    It says only two things for sure. `sys/failed` is set when an exception ended the run; that it
    is false is written at the start. `sys/state` says whether a client is connected: an inactive
    run may have finished, or have been killed, and one that was active when it was exported is
    not running now.
    """
    if attributes.get("sys/failed") is True:
        return "failed"
    state = str(attributes.get("sys/state", "")).lower()
    return "running" if is_live and state in {"active", "running"} else "unknown"


def group_of(attributes: Mapping[str, Value]) -> str | None:
    """Return the run's group tags as one text."""
    return ", ".join(strings(attributes, "sys/group_tags")) or None


def strings(attributes: Mapping[str, Value], path: str) -> tuple[str, ...]:
    """Return a set of strings."""
    value = attributes.get(path)
    return value if isinstance(value, tuple) else ()


def _numbered(held: Held) -> list[str]:
    """Say which points were logged without a step, and what they have got for one."""
    paths = [path for path in held.unstepped if not path.startswith(MONITORING)]
    if not paths:
        return []
    points = points_of(sum(held.unstepped[path] for path in paths), some(paths))
    return [
        f"{points} logged without a step; numbered in order, as Neptune's server would have done."
    ]


def _is_all_numbered(held: Held) -> bool:
    """Return whether no step at all was logged, but for hardware metrics."""
    trained = {path: len(one.steps) for path, one in held.series.items()}
    counts = {path: count for path, count in trained.items() if not path.startswith(MONITORING)}
    return bool(counts) and all(held.unstepped.get(path) == counts[path] for path in counts)


def _metric(name: str, points: Points) -> Metric:
    # Hardware is sampled by its own clock, and its steps are no steps of the training.
    on_own_clock = name.startswith(MONITORING)
    steps = np.full(len(points.steps), np.nan) if on_own_clock else points.steps
    times = None if np.isnan(points.times).all() else points.times
    return Metric(name, steps, points.values, points.rows, times)


def _epochs(attributes: Mapping[str, Value], metrics: Mapping[str, Metric]) -> EpochCounter | None:
    """Return the epoch counter of a framework that says it wrote the run."""
    if any(path in attributes for path in LIGHTNING):
        name = _only(metrics, re.compile(r"(.+/)?epoch").fullmatch)
        if name is not None:
            return EpochCounter(name, "first is 0", f"Lightning logs `{name}` counted from 0")
    if any(path in attributes for path in TRANSFORMERS):
        name = _only(metrics, re.compile(r"(.+/)?train/epoch").fullmatch)
        if name is not None:
            why = f"Hugging Face's Trainer logs `{name}` as epochs completed"
            return EpochCounter(name, "epochs completed", why)
    return None


def _only(metrics: Mapping[str, Metric], fits: Callable[[str], object]) -> str | None:
    """Return the one metric whose name fits; None where none or several do."""
    fitting = [name for name in metrics if fits(name)]
    return fitting[0] if len(fitting) == 1 else None
