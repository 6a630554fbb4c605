"""The `evaluations.npz` that stable-baselines3's EvalCallback rewrites after every evaluation.

`timesteps` holds the step of each evaluation, `results`, `ep_lengths` and perhaps `successes` one
row per evaluation with a column per episode; there is no epoch. The metrics carry the names under
which EvalCallback itself logs their means. The run is named by its directory; rl-zoo keeps the
settings in `<environment>/config.yml` and `args.yml` below it. No git commit is written.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from samestep.errors import NotReadable
from samestep.formats.config_files import plain, read_document
from samestep.formats.local.log import Log
from samestep.formats.local.text import lies_in, not_readable
from samestep.formats.npz import SIGNATURE, read_arrays
from samestep.model import Metric

if TYPE_CHECKING:
    from samestep.model import Floats

STEPS = "timesteps"
REWARDS = "results"
MEANS = {
    REWARDS: "eval/mean_reward",
    "ep_lengths": "eval/mean_ep_length",
    "successes": "eval/success_rate",
}
SPREAD = "eval/reward_std"  # not `std_reward`: the last word tells what a name measures
EPISODES = "n_eval_episodes"
TABLE = 2  # dimensions: evaluations and episodes


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is an archive that starts with the steps of evaluations."""
    is_archive = name.lower().endswith(".npz") and head.startswith(SIGNATURE)
    return is_archive and f"{STEPS}.npy".encode() in head


def read(path: Path) -> Log:
    """Read the evaluations of one training.

    Raises:
        NotReadable: The file is torn, too large, holds objects or other arrays.
    """
    arrays = read_arrays(path, (STEPS, *MEANS))
    steps, rewards = arrays.get(STEPS), arrays.get(REWARDS)
    if steps is None or rewards is None:
        raise not_readable(path, f"it does not hold both {STEPS} and {REWARDS}")
    tables = {name: table for name, table in arrays.items() if name != STEPS}
    fits = all(table.ndim == TABLE and len(table) == len(steps) for table in tables.values())
    if steps.ndim != 1 or not fits or 0 in rewards.shape:
        raise not_readable(path, "its arrays do not have one row per evaluation")
    with np.errstate(all="ignore"):  # of rewards that are not finite, neither is the mean
        values = {MEANS[name]: table.mean(axis=1) for name, table in tables.items()}
        values[SPREAD] = rewards.std(axis=1)
    config, losses = _settings(path.parent)
    return Log(
        how=path.name,
        metrics={name: _metric(name, steps, of_name) for name, of_name in values.items()},
        config={**config, EPISODES: rewards.shape[1]},
        losses=losses,
    )


def _metric(name: str, steps: "Floats", values: "Floats") -> Metric:
    return Metric(name, steps=steps, values=values, rows=np.arange(len(steps), dtype=np.int64))


def _settings(run: Path) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return what rl-zoo keeps of a run in the directory that is named for its environment."""
    environment = run / re.sub(r"_\d+$", "", run.absolute().name)
    settings: dict[str, object] = {}
    losses: list[str] = []
    for name in ("config", "args"):
        path = environment / f"{name}.yml"
        if not lies_in(path, run):
            continue
        try:
            document, _ = read_document(path)
        except NotReadable as error:
            losses.append(f"{environment.name}/{path.name} could not be read: {error.why}")
            continue
        found = plain(_pairs(document))[0]
        settings |= found if name == "config" else {name: found}
    return settings, tuple(losses)


def _pairs(document: object) -> Mapping[object, object]:
    """Return a mapping, also where YAML holds the pairs of an OrderedDict, as rl-zoo dumps it."""
    if isinstance(document, list) and len(arguments := cast("list[object]", document)) == 1:
        document = arguments[0]
    if isinstance(document, list):
        listed = cast("list[object]", document)
        pairs = [cast("list[object]", pair) for pair in listed if isinstance(pair, list)]
        return {str(pair[0]): pair[1] for pair in pairs if len(pair) == TABLE}
    return cast("Mapping[object, object]", document) if isinstance(document, Mapping) else {}
