"""TensorBoard event files."""

from samestep.readers.tensorboard.reader import TensorBoardReader, is_run_directory

__all__ = ["TensorBoardReader", "is_run_directory"]
