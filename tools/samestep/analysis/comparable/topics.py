"""What a setting is about, told by its key."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from samestep.analysis.comparable.topic_patterns import PATTERNS, Topic
from samestep.analysis.key_words import words_of

ASIDE: frozenset[Topic] = frozenset(["seed", "bookkeeping", "where and when", "resume"])
"""Topics of settings in which seeds of one thing may differ: they teach the model nothing."""

LONGEST_KEY = 200  # characters; a longer key is no name of a setting we know
WRAPPERS = frozenset(
    "cfg config args parameters params hparams hyperparameters flags settings".split()
)
LOGGERS = frozenset(
    "wandb logger loggers hydra slurm mlflow comet neptune tensorboard profiler".split()
)
GENERIC = frozenset(
    "name id type path dir root version revision hash digest md5 sha sha256 checksum size split file "
    "config target".split()
)
"""Last parts of a key that say nothing without the part before them: `model.name`."""
MACHINE = frozenset("disk cpu".split())
"""Parts of a key above what is recorded of the machine: `disk.used`."""
SCHEDULE_WORDS = frozenset(
    "schedule scheduler sched warmup cooldown anneal annealing cosine milestones".split()
)
OTHER_DECAYS = frozenset("weight ema wd moving polyak l2 layer layerwise".split())
OTHER_COURSES = frozenset(
    "kl beta temperature temp tau eps epsilon exploration entropy noise clip mask dropout similarity "
    "sim margin distance loss head classifier attention teacher".split()
)
"""What else than the learning rate follows a schedule, and what else is called cosine."""
EVALUATIONS = frozenset("eval evaluation test val valid validation".split())
IN_EVALUATION: Mapping[str | None, Topic] = {
    "batch size": "bookkeeping",
    "data per epoch": "evaluation size",
    "dataset": "evaluation data",
}
"""What a setting is about where it stands in a table of evaluation: `val_dataloader.batch_size`."""
TABLES_OF_DATA = EVALUATIONS | {"train"}
PLACES = frozenset("file files path dir root prefix split".split())
INTERVALS = frozenset("interval period every freq frequency".split())
REPEATED = EVALUATIONS | frozenset("checkpoint ckpt hook hooks log logging logger".split())
"""Tables of what is done every so often: `checkpoint_config.interval`."""


@lru_cache(maxsize=8192)
def topic_of(key: str) -> Topic:
    """Return what a setting is about; `setting` is any that takes part in learning."""
    if len(key) > LONGEST_KEY:
        return "setting"
    parts = [words_of(part) for part in re.split(r"[./]", key)]
    above = {word for part in parts[:-1] for word in part}
    name = name_of(key)
    found: Topic | None = _fitting(name) or _by_table(name, parts[:-1])
    if not EVALUATIONS.isdisjoint(above) and above.isdisjoint({"train", "training"}):
        found = IN_EVALUATION.get(found) or found
    if not LOGGERS.isdisjoint(above) and found != "environment":
        return "bookkeeping"
    if found is not None:
        return found
    if not MACHINE.isdisjoint(above):
        return "where and when"
    return "schedule" if _is_of_schedule({word for part in parts for word in part}) else "setting"


def name_of(key: str) -> str:
    """Return a key's last part in words joined by `_`, with the one before where that is needed."""
    parts = ["_".join(words_of(part)) for part in re.split(r"[./]", key)]
    told = [part for part in parts if part and part not in WRAPPERS] or [parts[-1]]
    return "_".join(told[-2:]) if told[-1] in GENERIC else told[-1]


def _fitting(name: str) -> Topic | None:
    for topic, pattern in PATTERNS.items():
        if pattern.fullmatch(name):
            return topic
    return None


def _by_table(name: str, tables: Sequence[Sequence[str]]) -> Topic | None:
    """Return what a setting is about whose own name does not tell, by the tables it stands in."""
    above = {word for table in tables for word in table}
    last = name.rsplit("_", 1)[-1]
    if "datasets" in above and name in EVALUATIONS | {"train"}:
        return "dataset" if name == "train" else "evaluation data"
    if last in INTERVALS and not REPEATED.isdisjoint(above):
        return "bookkeeping"
    if last in PLACES and not TABLES_OF_DATA.isdisjoint(above):
        return "dataset" if "train" in above else "evaluation data"
    if "dvc" in above:
        return "dataset"
    if ["lr", "config"] in tables or ("solver" in above and name in {"steps", "gamma"}):
        return "schedule"
    return None


def _is_of_schedule(words: set[str]) -> bool:
    if not OTHER_COURSES.isdisjoint(words) and "lr" not in words:
        return False
    decays = "decay" in words and OTHER_DECAYS.isdisjoint(words)
    return decays or not SCHEDULE_WORDS.isdisjoint(words)
