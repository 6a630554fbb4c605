"""A run's history from the logs of its directories: metrics, epoch counter, restart marks."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from samestep.formats.event_files import Points
from samestep.model import EpochCounter, History, Metric, Purge, ReadReport, StepMeaning
from samestep.readers.tensorboard.config import holds_training_arguments
from samestep.readers.tensorboard.folds import Branch
from samestep.readers.tensorboard.logs import Log, concatenated, event_files

Part = tuple[Branch, Log]

_TRAINER_EPOCH = "train/epoch"
_LIGHTNING_EPOCH = "epoch"


def history(path: Path, parts: Sequence[Part], losses: tuple[str, ...]) -> History:
    """Return what the logs of a run's directories say over time.

    Args:
        path: The run's own directory.
        parts: The directories and their logs, rows numbered across all of them.
        losses: What was lost of the run outside its event files.
    """
    metrics, left_out = _metrics(parts)
    torn = [loss for _, log in parts for loss in log.losses]
    return History(
        metrics,
        ReadReport("event files", (*torn, *left_out, *losses)),
        epochs=_epoch_counter(path, parts),
        purges=_purges(parts),
    )


def _metrics(parts: Sequence[Part]) -> tuple[Mapping[str, Metric], list[str]]:
    """Name every tag of every directory; of two that give one name, the first is kept."""
    owners: dict[str, Branch] = {}
    segments: dict[str, list[Points]] = {}
    counts: dict[str, StepMeaning] = {}
    left_out: list[str] = []
    has_keras_graph = any(log.plugins.get("keras") == "graph_keras_model" for _, log in parts)
    for branch, log in parts:
        is_keras = has_keras_graph or _is_keras_role(branch)
        for tag, points in log.points.items():
            name = branch.metric(tag)
            owner = owners.setdefault(name, branch)
            if owner is branch or (owner.is_hparams and branch.is_hparams):
                segments.setdefault(name, []).append(points)
                counts[name] = _step_meaning(tag, is_keras=is_keras)
            else:
                left_out.append(_left_out(name, points, branch, owner))
    metrics = {name: _metric(name, found, counts[name]) for name, found in segments.items()}
    return metrics, left_out


def _metric(name: str, segments: Sequence[Points], counts: StepMeaning) -> Metric:
    points = concatenated(segments)
    times = points.times if points.times.any() else None
    return Metric(name, points.steps, points.values, points.rows, times, counts)


def _is_keras_role(branch: Branch) -> bool:
    """Return whether TensorFlow 2 wrote a role's directory; only Keras's first one has a graph."""
    return bool(branch.prefix) and all(
        name.endswith(".v2") for name in event_files(branch.directory)
    )


def _step_meaning(tag: str, *, is_keras: bool) -> StepMeaning:
    return "epochs, first is 0" if is_keras and tag.startswith("epoch_") else "steps"


def _left_out(name: str, points: Points, branch: Branch, owner: Branch) -> str:
    count = len(points.steps)
    return (
        f"{count} {'point' if count == 1 else 'points'} of {name} in {branch.directory.relative} "
        f"left out: {owner.directory.relative} logs it too."
    )


def _epoch_counter(path: Path, parts: Sequence[Part]) -> EpochCounter | None:
    """Return the epoch counter of a writer that is known by what else it wrote."""
    own = {
        tag: points for branch, log in parts if branch.is_own for tag, points in log.points.items()
    }
    if _TRAINER_EPOCH in own and _is_trainer(own[_TRAINER_EPOCH], parts):
        why = f"Hugging Face's Trainer logs `{_TRAINER_EPOCH}` as epochs completed"
        return EpochCounter(_TRAINER_EPOCH, "epochs completed", why)
    if _LIGHTNING_EPOCH in own and ("hp_metric" in own or _is_lightning(path, own)):
        why = f"Lightning logs `{_LIGHTNING_EPOCH}` counted from 0"
        return EpochCounter(_LIGHTNING_EPOCH, "first is 0", why)
    return None


def _is_lightning(path: Path, own: Mapping[str, Points]) -> bool:
    """Return whether a run with a `hparams.yaml` counts epochs from 0, as Lightning does."""
    return (path / "hparams.yaml").is_file() and own[_LIGHTNING_EPOCH].values[0] == 0


def _is_trainer(epochs: Points, parts: Sequence[Part]) -> bool:
    """Return whether Hugging Face's Trainer wrote these epochs; others log whole numbers only."""
    finite = epochs.values[np.isfinite(epochs.values)]
    return bool((finite % 1).any()) or holds_training_arguments([log for _, log in parts])


def _purges(parts: Sequence[Part]) -> tuple[Purge, ...]:
    """Return the sessions that void older points; a first session starts at step 0 as well.

    A mark in one of several folded directories is passed over: an evaluation that starts late
    voids nothing of the training, and a mark cannot say which directory it is about.
    """
    own = [log for branch, log in parts if len(parts) == 1 or branch.is_own]
    rows = [points.rows for log in own for points in log.points.values()]
    first = min((int(numbers[0]) for numbers in rows), default=0)
    return tuple(
        Purge(start.row, start.step)
        for log in own
        for start in log.starts
        if start.step > 0 or start.row > first
    )
