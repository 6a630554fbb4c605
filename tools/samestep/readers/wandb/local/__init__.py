"""W&B's own logs on this machine."""

from samestep.readers.wandb.local.reader import LocalReader

__all__ = ["LocalReader"]
