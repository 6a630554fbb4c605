"""What a caller wrote becomes runs, or a question."""

from samestep.resolve.checkpoints import SavedBy
from samestep.resolve.lookup import Lookup, Side
from samestep.resolve.sources import listed_runs, readers, source_reader

__all__ = ["Lookup", "SavedBy", "Side", "listed_runs", "readers", "source_reader"]
