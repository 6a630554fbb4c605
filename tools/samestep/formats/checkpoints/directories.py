"""What a directory that is one checkpoint, as Hugging Face's Trainer saves it, says of itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import cast

from samestep.errors import NotReadable
from samestep.formats.checkpoints.bounds import MOST_KEYS
from samestep.formats.checkpoints.checkpoint import Checkpoint, not_readable, read_file
from samestep.formats.checkpoints.counts import Count, Counts, named_counts, number
from samestep.formats.checkpoints.names import PAGE, RunName

STATE = "trainer_state.json"
ARGUMENTS = "training_args.bin"
MODEL = ("model.safetensors", "adapter_model.safetensors")
CARD = "README.md"
READ = (STATE, ARGUMENTS, *MODEL, CARD)
"""What is read in a checkpoint directory."""
SUFFIXES = (".pt", ".pth", ".ckpt", ".safetensors", ".bin", ".tar", ".pkl")
PART = ".distcp"  # what each process of a distributed checkpoint writes
NUMBERED = re.compile(
    r"(?:checkpoint|ckpt|epoch|step|global_step|iter)[-_=]?\d{1,12}", re.IGNORECASE
)
"""Names that trainers give to the directory of one checkpoint."""
LARGEST_STATE = 2_000_000  # bytes that are parsed
HISTORY = b'"log_history"'
COUNT = re.compile(rb'"(epoch|global_step)": (\d{1,15}(?:\.\d{1,30})?(?:e-?\d{1,3})?)[,\s]')
"""The counts as Trainer writes them, its keys in order: both stand before the history."""
LARGEST_CARD = 200_000  # bytes
LINK = re.compile(r"https?://[^\s)\"'<>]{1,300}/runs/[\w.-]{1,200}")


def is_checkpoint_directory(path: Path) -> bool:
    """Return whether a directory is a checkpoint: by Trainer's state, or by its name and files."""
    if not path.is_dir():
        return False
    return (path / STATE).is_file() or (
        NUMBERED.fullmatch(path.name) is not None and any(map(_is_part, _entries(path)))
    )


def has_suffix(name: str) -> bool:
    """Return whether a name ends as checkpoints do."""
    return name.lower().endswith(SUFFIXES)


def read_directory(path: Path) -> Checkpoint:
    """Read a checkpoint directory: its state, its arguments, its model's metadata and its card.

    One without a state has the counts that its name says.

    Raises:
        NotReadable: Its state is broken.
    """
    entries = _entries(path)
    found = Checkpoint(path, "directory", tuple(entries[:MOST_KEYS]), len(entries) > MOST_KEYS)
    counted = state_counts(path) if STATE in entries else named_counts(path.name)
    names: list[RunName] = []
    losses: list[str] = []
    for name in (ARGUMENTS, *MODEL):
        if (path / name).is_file():
            try:
                part = read_file(path / name)
            except NotReadable as refusal:
                losses.append(f"{name} cannot be read: {refusal.why}.")
                continue
            names.extend(replace(one, key=f"{name}: {one.key}") for one in part.names)
            found = replace(found, calls=(*found.calls, *part.calls))
    return replace(
        found,
        names=(*_linked(path), *names),
        epoch=counted.epoch,
        step=counted.step,
        losses=tuple(losses),
    )


def with_state_beside(file: Checkpoint) -> Checkpoint:
    """Return a model's file with the counts of the checkpoint directory it lies in."""
    directory = file.path.parent
    if not (directory / STATE).is_file() or (file.epoch and file.step):
        return file
    try:
        beside = state_counts(directory)
    except NotReadable as refusal:
        return replace(file, losses=(*file.losses, f"{STATE} cannot be read: {refusal.why}."))
    own = Counts(file.epoch, file.step).or_else(beside)
    return replace(file, epoch=own.epoch, step=own.step)


def state_counts(directory: Path) -> Counts:
    """Return the epochs completed and the step of a checkpoint directory's state.

    Raises:
        NotReadable: It is broken.
    """
    top = _top(directory / STATE)
    return Counts(_count(top.get("epoch"), "epoch"), _count(top.get("global_step"), "global_step"))


def _top(path: Path) -> Mapping[str, object]:
    """Return what stands at the top level of a state, of a large one only its counts."""
    written = _beginning(path, LARGEST_STATE + 1)
    if len(written) > LARGEST_STATE:
        before, _, _ = written.partition(HISTORY)
        counted = {one[1].decode(): float(one[2]) for one in COUNT.finditer(before)}
        if not counted:
            most = LARGEST_STATE // 1_000_000
            raise not_readable(path, f"its counts do not stand in its first {most} MB")
        return counted
    try:
        top: object = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise not_readable(path, "it is not whole JSON") from error
    return cast("dict[str, object]", top) if isinstance(top, dict) else {}


def _beginning(path: Path, most: int) -> bytes:
    """Return a file's first bytes; nobody waits for a pipe.

    Raises:
        NotReadable: It is no regular file, or may not be read.
    """
    try:
        if not S_ISREG(path.stat().st_mode):
            raise not_readable(path, "it is no regular file")
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise not_readable(path, str(error.strerror or error)) from error


def _count(value: object, key: str) -> Count | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    counted = number(value)
    return None if counted is None else Count(counted, f"{STATE}: {key}")


def _entries(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in path.iterdir())
    except OSError as error:
        raise not_readable(path, str(error.strerror or error)) from error


def _is_part(name: str) -> bool:
    return has_suffix(name) or name.endswith(PART)


def _linked(path: Path) -> list[RunName]:
    """Return the run's page that TRL links in the card it writes beside the model."""
    try:
        text = _beginning(path / CARD, LARGEST_CARD).decode("utf-8", "replace")
    except NotReadable:
        return []
    pages = dict.fromkeys(link for link in LINK.findall(text) if PAGE.fullmatch(link))
    return [RunName("run page", page, f"{CARD}: link") for page in pages][:1]
