"""What Neptune's clients and its exporter left on a disk."""

from samestep.readers.neptune.local.reader import LocalReader
from samestep.readers.neptune.local.stored import may_hold

__all__ = ["LocalReader", "may_hold"]
