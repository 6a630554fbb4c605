"""Local result files."""

from samestep.readers.files.logs import holds_runs, is_candidate
from samestep.readers.files.reader import FilesReader

__all__ = ["FilesReader", "holds_runs", "is_candidate"]
