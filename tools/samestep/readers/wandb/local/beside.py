"""What W&B keeps of a run outside its log, in `files/`: used for what the log lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from samestep.errors import NotReadable
from samestep.formats.config_files import read_document
from samestep.readers.wandb.local.directories import FILES, RunDirectory

CONFIG, SUMMARY, METADATA = "config.yaml", "wandb-summary.json", "wandb-metadata.json"

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Beside:
    """The files of one run's directory; empty where there is none."""

    config: Table
    summary: Table
    metadata: Table
    losses: tuple[str, ...]


def beside(directory: RunDirectory) -> Beside:
    """Read the files that W&B keeps beside a log."""
    losses: list[str] = []
    config = _table(directory, CONFIG, losses)
    return Beside(
        config={key: _value(entry) for key, entry in config.items() if key != "wandb_version"},
        summary=_table(directory, SUMMARY, losses),
        metadata=_table(directory, METADATA, losses),
        losses=tuple(losses),
    )


def resumed_at(directory: RunDirectory) -> int:
    """Return how many steps W&B's server said the run had when this log was begun."""
    if directory.sync_state is None:
        return 0
    try:
        document, _ = read_document(directory.sync_state)
    except NotReadable:
        return 0
    start = as_table(document).get("starting_step")
    return start if isinstance(start, int) and start > 0 else 0


def as_table(value: object) -> Table:
    """Return a mapping with its keys as text; empty where the value is none."""
    if not isinstance(value, Mapping):
        return {}
    entries = cast("Mapping[object, object]", value)
    return {str(key): entry for key, entry in entries.items()}


def _table(directory: RunDirectory, name: str, losses: list[str]) -> Table:
    if name not in directory.beside:
        return {}
    path = directory.path / FILES / name
    try:
        document, said = read_document(path)
    except NotReadable as error:
        losses.append(f"{name} could not be read: {error.why}.")
        return {}
    losses.extend(f"{name}: {loss}." for loss in said)
    return as_table(document)


def _value(entry: object) -> object:
    """Return a setting without what W&B wraps it in."""
    wrapped = as_table(entry)
    return wrapped["value"] if "value" in wrapped and wrapped.keys() <= {"value", "desc"} else entry
