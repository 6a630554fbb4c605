"""W&B logs read from their files: whole, or their beginnings."""

from pathlib import Path
from typing import BinaryIO, Final

from samestep.formats.tfrecords import Damage
from samestep.formats.wandb_log import framing
from samestep.formats.wandb_log.decoder import Decoder, says_exit
from samestep.formats.wandb_log.framing import Records
from samestep.formats.wandb_log.log import Condition, Content, Log, Peek
from samestep.progress import tell

PEEKED: Final = 1 << 20
"""How many bytes a glance at a log reads at most; the run is named in the first few hundred."""
TOLD_EVERY: Final = 16 << 20
"""Bytes between two words on how far a read has come."""


def read_log(path: Path) -> Log:
    """Read a whole log; damage is counted and never raised.

    Raises:
        OSError: The file cannot be opened or read.
    """
    decoder = Decoder()
    with path.open("rb") as file:
        opened = _opened(file)
        if not isinstance(opened, Records):
            return decoder.log(opened, Damage())
        told = 0
        for record in opened:
            decoder.add(record)
            if opened.position - told >= TOLD_EVERY:
                told = opened.position
                tell(f"bytes of {path.name}", told, opened.size)
    return decoder.log("records" if decoder.records else "header only", opened.damage)


def condition(path: Path) -> Condition:
    """Look through a log's records without decoding their rows.

    Raises:
        OSError: The file cannot be opened or read.
    """
    with path.open("rb") as file:
        opened = _opened(file)
        if not isinstance(opened, Records):
            return Condition(is_undamaged=False, has_exit=False)
        exits = sum(map(says_exit, opened))
    return Condition(opened.damage == Damage(), exits > 0)


def peek(path: Path) -> Peek:
    """Tell what kind of file this is, and which run's, from its beginning.

    Raises:
        OSError: The file cannot be opened or read.
    """
    decoder = Decoder()
    with path.open("rb") as file:
        opened = _opened(file)
        if not isinstance(opened, Records):
            return Peek(opened)
        for record in opened:
            decoder.add(record)
            if decoder.run is not None or opened.position >= PEEKED:
                break
    return Peek("records" if decoder.records else "header only", decoder.run)


def _opened(file: BinaryIO) -> Records | Content:
    """Return the records of a file behind its header; what it is instead where it has none."""
    kind = framing.header(file.read(len(framing.HEADER)))
    if kind != "W&B log":
        return kind
    file.seek(0)
    return Records(file)
