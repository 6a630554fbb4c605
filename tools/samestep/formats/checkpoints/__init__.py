"""Checkpoints of torch, safetensors and Hugging Face, read without torch and never unpickled."""

from pathlib import Path, PurePath

from samestep.formats.checkpoints.checkpoint import Checkpoint, read_file
from samestep.formats.checkpoints.counts import Count, Counts, digits
from samestep.formats.checkpoints.directories import (
    NUMBERED,
    READ,
    STATE,
    has_suffix,
    is_checkpoint_directory,
    read_directory,
    with_state_beside,
)
from samestep.formats.checkpoints.names import RunName

__all__ = [
    "Checkpoint",
    "Count",
    "Counts",
    "RunName",
    "digits",
    "files_of",
    "has_suffix",
    "is_checkpoint",
    "is_named_like_one",
    "read_checkpoint",
]


def is_checkpoint(path: Path) -> bool:
    """Return whether a path that exists is a checkpoint by its name, or by what is in it."""
    return is_checkpoint_directory(path) or (has_suffix(path.name) and not path.is_dir())


def is_named_like_one(written: str) -> bool:
    """Return whether a path may be a checkpoint's, by its last part."""
    name = PurePath(written).name
    return has_suffix(name) or "checkpoint" in name.lower() or NUMBERED.fullmatch(name) is not None


def files_of(path: Path) -> list[Path]:
    """Return the files that are read of a checkpoint, those beside it included."""
    if path.is_dir():
        return [path / name for name in READ]
    return [path, path.parent / STATE]


def read_checkpoint(path: Path) -> Checkpoint:
    """Read what a checkpoint says of itself: a file, or a directory that is one.

    Raises:
        NotReadable: It is of another kind, torn, too large, or may not be read.
    """
    return read_directory(path) if path.is_dir() else with_state_beside(read_file(path))
