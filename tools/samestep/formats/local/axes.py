"""The names under which logs write the step, the epoch and the time of a row."""

from collections.abc import Iterable

STEP_NAMES = (
    "step",
    "global_step",
    "iteration",
    "iter",
    "num_updates",
    "time/total_timesteps",
    "timesteps_total",
    "training_iteration",
    "trainer/global_step",
    "timesteps",
    "total_timesteps",
    "num_timesteps",
    "_step",
)
"""In order of preference; `_step` counts rows, so everything else goes before it."""
EPOCH_NAMES = ("epoch", "train/epoch", "trainer/epoch")
TIME_NAMES = ("timestamp", "time", "wall_time", "_timestamp")
ROW_PLACES = frozenset((*STEP_NAMES, *EPOCH_NAMES))


def step_name(names: Iterable[str]) -> str | None:
    """Return the name that holds the step of a row."""
    return _first(names, STEP_NAMES)


def epoch_name(names: Iterable[str]) -> str | None:
    """Return the name that holds the epoch of a row."""
    return _first(names, EPOCH_NAMES)


def time_names(names: Iterable[str]) -> list[str]:
    """Return the names that may hold the time at which a row was written."""
    return [name for name in names if name.lower() in TIME_NAMES]


def has_axis(names: Iterable[str]) -> bool:
    """Return whether a step or an epoch is among the names."""
    return any(name.lower() in ROW_PLACES for name in names)


def is_axis(name: str) -> bool:
    """Return whether a name places a row instead of measuring something."""
    return name.lower() in ROW_PLACES or name.lower() in TIME_NAMES


def _first(names: Iterable[str], wanted: tuple[str, ...]) -> str | None:
    by_lower: dict[str, str] = {}
    for name in names:
        by_lower.setdefault(name.lower(), name)
    return next((by_lower[name] for name in wanted if name in by_lower), None)
