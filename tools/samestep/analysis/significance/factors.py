"""What tells the runs of one side apart beside the seed: the task they train on, or their fold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.comparable.own_names import SEED_IN_NAME
from samestep.analysis.configs import typed
from samestep.analysis.safe_values import Setting
from samestep.model import Run

TASK_KEYS = (
    "task",
    "task_name",
    "env",
    "env_id",
    "env_name",
    "environment",
    "game",
    "dataset",
    "dataset_name",
    "benchmark",
)
SUFFIX = re.compile(r"(\.[a-z]{2,5})?[?_ -]*#?$")
BY_NAMES = "the names of the runs"
NO_TASK = re.compile(
    r"[#_. -]*("
    r"(lightning_|w&b|ml|tb_?|tf_?|csv_?)?(logs|runs|events|metrics|results|outputs)"
    r"|csv|tb|tfevents|tensorboardx?|wandb|mlflow|neptune|comet|aim|clearml|dvclive|jsonl?"
    r"|(csv|tensorboard|tb|wandb|mlflow|comet|neptune)[_-]?logger"
    r"|(version|v|run|trial|try|take|attempt|job|rep|repeat|replicate)[_ -]*\d+"
    r")?[#_. -]*",
    re.IGNORECASE,
)
"""Parts of names that loggers write: which logger, which version."""
FOLD_KEYS = ("fold", "fold_id", "fold_idx", "fold_index", "cv_fold", "fold_number")
FOLD_COUNTS = ("n_folds", "num_folds", "k_folds", "folds", "n_splits", "num_splits")


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks that the runs of every side are of."""

    of: Mapping[str, str]
    """The task of each run, by reference."""
    by: str
    """What tells them: "config env_id", "the names of the runs"."""


def tasks_of(sides: Sequence[Sequence[Run]]) -> Tasks | None:
    """Return the tasks of the runs; None where one side has not several.

    The first of the known settings counts that every run names and that differs within each side;
    else the part of the names that does, where seeds come again with it and are no folds.
    """
    for key in TASK_KEYS:
        by_side = [[_named(run, key) for run in side] for side in sides]
        if all(None not in values and len(set(values)) > 1 for values in by_side):
            return Tasks(_by_reference(sides, by_side), f"config {key}")
    in_folds = folds_of([run for side in sides for run in side]) is not None
    return None if in_folds else _by_names(sides)


def _by_names(sides: Sequence[Sequence[Run]]) -> Tasks | None:
    """Return the tasks by the part of the names in which the runs of one seed differ."""
    if not all(_seeds_come_again(side) for side in sides):
        return None
    parts = [[name_parts(run) for run in side] for side in sides]
    if len({len(one) for side in parts for one in side}) > 1:
        return None
    for at in range(len(parts[0][0])):
        by_side = [[one[at] for one in side] for side in parts]
        shared = set[str].intersection(*map(set, by_side))
        tasks = {part for part in shared if not NO_TASK.fullmatch(part)}
        if len(tasks) > 1 and all(map(_tells_apart, by_side, sides)):
            return Tasks(_by_reference(sides, by_side), BY_NAMES)
    return None


def _seeds_come_again(side: Sequence[Run]) -> bool:
    seeds = [run.seed for run in side]
    return None not in seeds and len(set(seeds)) < len(seeds)


def _tells_apart(values: Sequence[str], side: Sequence[Run]) -> bool:
    """Return whether every run of a side is of another task or another seed."""
    pairs = [(value, run.seed) for value, run in zip(values, side, strict=True)]
    return len(set(pairs)) == len(pairs)


def name_parts(run: Run) -> list[str]:
    """Return a name's parts without what spells the seed, and without the suffix of a file."""
    return [SUFFIX.sub("", part) for part in SEED_IN_NAME.sub("#", run.full_name).split("/")]


def _by_reference(
    sides: Sequence[Sequence[Run]], by_side: Sequence[Sequence[Setting]]
) -> dict[str, str]:
    return {
        str(run.ref): str(value)
        for side, values in zip(sides, by_side, strict=True)
        for run, value in zip(side, values, strict=True)
    }


def folds_of(runs: Iterable[Run]) -> dict[str, str] | None:
    """Return the fold of every run, by reference; None where one names none."""
    found = {str(run.ref): _first(run, FOLD_KEYS) for run in runs}
    named = {ref: str(fold) for ref, fold in found.items() if fold is not None}
    return named if found and len(named) == len(found) else None


def fold_count(runs: Sequence[Run], folds: Mapping[str, str]) -> int:
    """Return how many folds the data were divided into: what a config says, else those seen."""
    said = [_first(run, FOLD_COUNTS) for run in runs]
    numbers = [int(one) for one in said if isinstance(one, int | float) and one >= 2]  # noqa: PLR2004 # no fold is left out of one
    return max(numbers, default=len(set(folds.values())))


def _first(run: Run, keys: Sequence[str]) -> Setting:
    values = (_named(run, key) for key in keys)
    return next((value for value in values if value is not None), None)


def _named(run: Run, key: str) -> Setting:
    """Return the setting whose dotted key ends in a name, the shallowest first."""
    settings = typed(run.config)
    fitting = [one for one in settings if re.split(r"[./]", one)[-1].lower() == key]
    shallow = min(fitting, key=lambda one: one.count("."), default=None)
    value = None if shallow is None else settings[shallow]
    return value if isinstance(value, str | int | float) else None
