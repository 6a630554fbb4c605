"""What keeps two sides, or two metrics, from being compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import Curve
from samestep.analysis.configs import flat
from samestep.model import Run

FRACTIONS = frozenset(["cer", "eer", "wer"]) | (naming.GENERAL | naming.HIGHER).difference(
    "cider elo explained likelihood pesq psnr r2 return rew reward score sdr sisdr snr win".split()
)
"""Words of metrics that are logged either as a fraction or in percent."""
PERCENT_ABOVE = 2.0  # a fraction never exceeds 1, and noise does not lift it this far


Side = Literal["student", "baseline"]
BATCH_SIZE_KEYS = (
    "batch_size",
    "global_batch_size",
    "train_batch_size",
    "per_device_train_batch_size",
)
SCHEDULE_WORDS = frozenset(
    "schedule scheduler sched warmup annealing cosine milestones policy tmax".split()
)
EVALUATION_SET = re.compile(
    r"(eval|evaluation|test|val|valid|validation)_?(set|data|dataset|split)"
)
WHERE_AND_WHEN = re.compile(
    r"((output|log|logging|save|work|working|run|exp|experiment|checkpoint|ckpt|result|results|tb"
    r"|tensorboard|wandb|job|trial|study)_?(dir|directory|path|name|id|root|folder|number)?"
    r"|name|id|uuid|date|time|timestamp|start_time|host|hostname|port|rank|local_rank|device|notes"
    r"|resume|resume_from|resume_from_checkpoint|(\w+_)?seed|random_state)"
)
"""Settings that say where and when a run ran, and its seed: seeds of one thing differ in them."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What differs between two sides beyond the values compared; empty where nothing does."""

    planned: str | None
    """Planned lengths that differ, as a sentence."""
    batch_sizes: str | None
    """Batch sizes that differ, as a sentence."""
    schedules: tuple[str, ...]
    """Settings of the learning-rate schedule that are not the same."""
    evaluation: tuple[str, ...]
    """Settings of the data evaluated on that are not the same."""
    changed: tuple[str, ...]
    """Every setting that the sides do not share."""
    mixed: bool
    """Whether the runs of a side are no seeds of one thing."""

    @property
    def blocks(self) -> bool:
        """Whether any of it keeps a winner away."""
        return bool(self.planned or self.schedules or self.evaluation or self.mixed)


def audit(students: Sequence[Run], baselines: Sequence[Run]) -> Audit:
    """Look once at what two sides differ in; it is the same for every metric."""
    return Audit(
        planned=planned_difference(students, baselines),
        batch_sizes=batch_sizes(students, baselines),
        schedules=tuple(schedule_settings(students, baselines)),
        evaluation=tuple(evaluation_settings(students, baselines)),
        changed=tuple(changed_settings(students, baselines)),
        mixed=any(map(mixed_settings, (students, baselines))),
    )


def scale_mismatch(
    metric: str, student: Sequence[Curve], baseline: Sequence[Curve], x: float
) -> Side | None:
    """Return the side that logs in percent where the other logs a fraction; None if neither does.

    Only metrics whose name says that they are a share of something are looked at, and only as far
    as x: what a curve does later says nothing about the values compared.
    """
    is_loss = naming.telling_word(metric) in naming.LOSSES
    if is_loss or FRACTIONS.isdisjoint(naming.words(metric)):
        return None
    tops: dict[Side, float | None] = {
        "student": _highest(student, x),
        "baseline": _highest(baseline, x),
    }
    percent: list[Side] = [
        side for side, top in tops.items() if top is not None and top > PERCENT_ABOVE
    ]
    fraction = [side for side, top in tops.items() if top is not None and top <= 1.0]
    return percent[0] if percent and fraction else None


def planned_difference(students: Sequence[Run], baselines: Sequence[Run]) -> str | None:
    """Describe planned lengths that differ: half-way through one schedule is early in another.

    Lengths in epochs on one side and in steps on the other cannot be told to be equal.
    """
    planned = {
        run.full_name: run.planned for run in (*students, *baselines) if run.planned is not None
    }
    if len({(plan.length, plan.unit) for plan in planned.values()}) <= 1:
        return None
    told = ", ".join(
        f"{name} {plan.length:g} {plan.unit} ({plan.key})" for name, plan in planned.items()
    )
    units = {plan.unit for plan in planned.values()}
    differ = "differ" if len(units) == 1 else "are given in different units"
    return f"The planned lengths {differ}, so the schedules may not be the same: {told}."


def schedule_settings(students: Sequence[Run], baselines: Sequence[Run]) -> list[str]:
    """Return the settings of the learning-rate schedule that only one side has, or that differ."""
    return [key for key in _differing(students, baselines) if _is_of_schedule(key)]


def evaluation_settings(students: Sequence[Run], baselines: Sequence[Run]) -> list[str]:
    """Return the settings that name the data evaluated on, where they differ."""
    return [key for key in _differing(students, baselines) if EVALUATION_SET.fullmatch(_last(key))]


def mixed_settings(runs: Sequence[Run]) -> list[str]:
    """Return the settings in which the runs of one side differ: seeds of one thing differ in none."""
    configs = [flat(run.config) for run in runs]
    keys = dict.fromkeys(key for config in configs for key in config)
    return [
        key
        for key in keys
        if not WHERE_AND_WHEN.fullmatch(_last(key))
        and any(config.get(key) != configs[0].get(key) for config in configs)
    ]


def _is_of_schedule(key: str) -> bool:
    words = set(naming.words(key))
    decays = "decay" in words and "weight" not in words
    return decays or not SCHEDULE_WORDS.isdisjoint(words)


def _differing(students: Sequence[Run], baselines: Sequence[Run]) -> list[str]:
    """Return the settings that the runs of each side share and in which the sides differ."""
    ours, theirs = _common(students), _common(baselines)
    return [key for key in dict.fromkeys([*ours, *theirs]) if ours.get(key) != theirs.get(key)]


def _last(key: str) -> str:
    """Return the last part of a dotted key, its words joined by `_`."""
    return "_".join(naming.words(key.rsplit(".", 1)[-1]))


def batch_sizes(students: Sequence[Run], baselines: Sequence[Run]) -> str | None:
    """Describe batch sizes that differ: the same step is then not the same amount of data."""
    sizes = {
        run.full_name: size
        for run in (*students, *baselines)
        if (size := _batch_size(run)) is not None
    }
    if len(set(sizes.values())) <= 1:
        return None
    told = ", ".join(f"{name} {size}" for name, size in sizes.items())
    return f"The batch sizes differ, so the same step is not the same amount of data: {told}."


def changed_settings(students: Sequence[Run], baselines: Sequence[Run]) -> list[str]:
    """Return the settings in which the sides differ; those that vary inside a side do not count."""
    ours, theirs = _common(students), _common(baselines)
    return sorted(
        key
        for key in ours.keys() & theirs.keys()
        if ours[key] != theirs[key] and not WHERE_AND_WHEN.fullmatch(_last(key))
    )


def _common(runs: Sequence[Run]) -> dict[str, object]:
    """Return the settings that all runs of a side share."""
    first, *others = [flat(run.config) for run in runs]
    return {
        key: value
        for key, value in first.items()
        if all(key in other and other[key] == value for other in others)
    }


def _batch_size(run: Run) -> object:
    settings = flat(run.config)
    for key in BATCH_SIZE_KEYS:
        for dotted, value in settings.items():
            if dotted.rsplit(".", 1)[-1] == key and value is not None:
                return value
    return None


def _highest(curves: Sequence[Curve], x: float) -> float | None:
    until = [curve.values[curve.x <= x] for curve in curves]
    finite = [values[np.isfinite(values)] for values in until]
    tops = [float(np.max(np.abs(values))) for values in finite if len(values)]
    return max(tops, default=None)
