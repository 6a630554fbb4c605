"""How far training had come when a checkpoint was saved, by its own keys or its file's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from samestep.formats.checkpoints.nodes import Leaf

EPOCHS = ("epoch", "current_epoch", "cur_epoch", "epochs_run", "ss_epoch")
STEPS = (
    "global_step",
    "global_steps",
    "step",
    "steps",
    "iteration",
    "iter",
    "iter_num",
    "num_updates",
    "current_step",
    "steps_run",
    "timestep",
    "timesteps",
    "num_timesteps",
    "ss_steps",
)
AROUND = frozenset({"meta", "metadata", "state", "trainer_state", "training_state", "progress"})
"""Keys under which trainers put their counters."""
EPOCH_IN_NAME = re.compile(r"(?<![a-z])ep(?:och)?[=_-]?(\d{1,9})(?!\d)", re.IGNORECASE)
STEP_IN_NAME = re.compile(
    r"(?<![a-z])(?:step|iter|iteration|checkpoint|ckpt)[=_-]?(\d{1,12})(?!\d)", re.IGNORECASE
)
MOST = 1e15  # a larger number counts neither epochs nor steps, and nobody reads it
NAME = "its name"


@dataclass(frozen=True, slots=True)
class Count:
    """A number that a checkpoint gives, and where it stands."""

    value: float
    key: str
    """The keys that lead to it, with dots between them; `NAME` where its path says it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The epoch as written, whatever it counts from, and the step; None where it says none."""

    epoch: Count | None = None
    step: Count | None = None

    def or_else(self, other: "Counts") -> "Counts":
        """Return these counts, and of another what these lack."""
        return Counts(self.epoch or other.epoch, self.step or other.step)


def digits(value: float) -> str:
    """Return a count as a person writes it: all digits of a whole number, six of a fraction."""
    return f"{value:.0f}" if value.is_integer() else f"{value:.6g}"


def counts(leaves: Iterable[Leaf]) -> Counts:
    """Return the epoch and the step that plain values give, the outermost first."""
    near = {_key(one): one for one in reversed([one for one in leaves if _is_near(one)])}
    return Counts(_first(near, EPOCHS), _first(near, STEPS))


def number(value: str | float) -> float | None:
    """Return a count; -1, which some trainers write when they strip a model, is none."""
    try:
        counted = float(value)
    except (OverflowError, ValueError):  # safetensors writes its metadata as text
        return None
    return counted if 0.0 <= counted < MOST else None


def named_counts(name: str) -> Counts:
    """Return the epoch and the step that a file's name gives: `epoch=3-step=1200.ckpt`."""
    epoch, step = EPOCH_IN_NAME.search(name), STEP_IN_NAME.search(name)
    return Counts(
        Count(float(epoch[1]), NAME) if epoch else None,
        Count(float(step[1]), NAME) if step else None,
    )


def _is_near(leaf: Leaf) -> bool:
    *above, _ = leaf.keys
    return not above or (len(above) == 1 and above[0].lower() in AROUND)


def _key(leaf: Leaf) -> str:
    return leaf.keys[-1].lower()


def _first(near: dict[str, Leaf], keys: Iterable[str]) -> Count | None:
    for key in keys:
        value = number(near[key].value) if key in near else None
        if value is not None:
            return Count(value, near[key].path)
    return None
