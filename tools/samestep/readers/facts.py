"""What a run's config says about it: its seed, its planned length."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from samestep.formats.local import axes
from samestep.model import Planned

SEED_KEYS = ("seed", "random_seed", "rng_seed", "global_seed", "manual_seed", "random_state")
PLANNED_EPOCH_KEYS = (
    "max_epochs",
    "max_epoch",
    "num_train_epochs",
    "num_epochs",
    "epochs",
    "total_epochs",
    "train_epochs",
    "training_epochs",
    "nb_epochs",
)
"""Not `n_epochs`: stable-baselines3 counts passes over one rollout by it."""
EPOCH_LENGTH_KEYS = ("steps_per_epoch", "iters_per_epoch", "num_batches_per_epoch")
PLANNED_STEP_KEYS = (
    "max_steps",
    "total_steps",
    "num_training_steps",
    "num_train_steps",
    "max_train_steps",
    "train_steps",
    "training_steps",
    "max_iters",
    "total_iters",
    "max_global_steps",
    "max_iter",
    "train_iters",
    "num_iters",
    "num_iterations",
    "max_update",
    "n_timesteps",
    "total_timesteps",
)


def seed_of(config: Mapping[str, object]) -> str | None:
    """Return the run's random seed as text; None where the config names none."""
    found = _first(config, SEED_KEYS)
    return None if found is None else str(found[1])


def planned_length(config: Mapping[str, object]) -> Planned | None:
    """Return how long the run was meant to train; a length of 0 or less means "not set"."""
    steps = _first(config, PLANNED_STEP_KEYS)
    epochs = _first(config, PLANNED_EPOCH_KEYS)
    if steps is not None and (length := _length(steps[1])) is not None:
        return Planned(length, "steps", steps[0])
    if epochs is not None and (length := _length(epochs[1])) is not None:
        return Planned(length, "epochs", epochs[0])
    return None


def epoch_length(config: Mapping[str, object], metrics: Iterable[str]) -> float | None:
    """Return the steps of an epoch by the config; a run that logs its epochs knows them better."""
    if axes.epoch_name(metrics) is not None:
        return None
    found = _first(config, EPOCH_LENGTH_KEYS)
    return None if found is None else _length(found[1])


def leaves(config: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield every setting with its dotted key, shallow ones first at each level.

    W&B's wrapping of a value, `{"value": 3, "desc": null}`, is taken off.
    """
    nested: list[tuple[str, Mapping[str, object]]] = []
    for key, wrapped in config.items():
        dotted, value = f"{prefix}{key}", _unwrapped(wrapped)
        if isinstance(value, Mapping):
            nested.append((f"{dotted}.", cast("Mapping[str, object]", value)))
        else:
            yield dotted, value
    for dotted, value in nested:
        yield from leaves(value, dotted)


def _unwrapped(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    entries = cast("Mapping[str, object]", value)
    return entries["value"] if {"value"} <= entries.keys() <= {"value", "desc"} else entries


def _first(config: Mapping[str, object], keys: tuple[str, ...]) -> tuple[str, object] | None:
    """Return the first setting whose last name is one of `keys`, the earlier key preferred."""
    settings = [(dotted, value) for dotted, value in leaves(config) if value is not None]
    for key in keys:
        for dotted, value in settings:
            if re.split(r"[./]", dotted)[-1].replace("-", "_").lower() == key:
                return dotted, value
    return None


def _length(value: object) -> float | None:
    try:
        length = float(str(value))
    except ValueError:
        return None
    return length if length > 0 else None
