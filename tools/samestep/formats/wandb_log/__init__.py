"""The transaction log that W&B keeps of a run on the machine it runs on, `run-<id>.wandb`."""

from samestep.formats.wandb_log.columns import Column
from samestep.formats.wandb_log.config import Change, settled
from samestep.formats.wandb_log.definitions import Definition, of_metric
from samestep.formats.wandb_log.items import KeyPath, NotParsed, numbers
from samestep.formats.wandb_log.log import Condition, Content, Log, Peek
from samestep.formats.wandb_log.reading import condition, peek, read_log
from samestep.formats.wandb_log.runs import Artifact, Environment, Fork, Git, RunFacts

__all__ = [
    "Artifact",
    "Change",
    "Column",
    "Condition",
    "Content",
    "Definition",
    "Environment",
    "Fork",
    "Git",
    "KeyPath",
    "Log",
    "NotParsed",
    "Peek",
    "RunFacts",
    "condition",
    "numbers",
    "of_metric",
    "peek",
    "read_log",
    "settled",
]
