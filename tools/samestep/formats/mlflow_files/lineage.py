"""What a run of a store read and made: data sets and models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from samestep.errors import NotReadable
from samestep.formats.config_files import read_config
from samestep.formats.mlflow_files.folders import Within, folder
from samestep.formats.mlflow_files.meta import NAME, read_meta
from samestep.formats.mlflow_records import DATASET_CONTEXT, DatasetInput, LoggedModel

MOST = 1_000  # data sets or models looked at

Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run was made from, and what it made."""

    datasets: tuple[DatasetInput, ...]
    models: tuple[LoggedModel, ...]
    losses: tuple[str, ...]


def lineage(run: Path, within: Within) -> Made:
    """Return the data sets and models of one run's directory."""
    reading = _Reading(within)
    inputs = [found for _, found in reading.each(run / "inputs")]
    models = dict(reading.each(run.parent / "models"))
    used = [_text(one.get("source_id")) for one in inputs if one.get("source_type") == "MODEL"]
    made = [model for model, about in models.items() if about.get("source_run_id") == run.name]
    made.extend(name for name in reading.names(run / "outputs") if name not in made)
    return Made(
        tuple(_datasets(run.parent / "datasets", inputs, reading)),
        (
            *(LoggedModel(model, _name(models, model), "input") for model in used if model),
            *(LoggedModel(model, _name(models, model), "output") for model in made),
        ),
        tuple(reading.losses),
    )


@dataclass(slots=True)
class _Reading:
    """Reads small directories that each hold a `meta.yaml`, and keeps what was lost."""

    within: Within
    losses: list[str] = field(default_factory=list[str])

    def names(self, path: Path) -> tuple[str, ...]:
        try:
            names = folder(path, self.within).folders
        except NotReadable as refusal:
            self.losses.append(f"{path.name} could not be read: {refusal.why}.")
            return ()
        if len(names) > MOST:
            self.losses.append(f"{len(names) - MOST} {path.name} beyond {MOST:,} were not read.")
        return names[:MOST]

    def each(self, path: Path) -> Iterator[tuple[str, Settings]]:
        for name in self.names(path):
            yield name, self.one(path / name)

    def one(self, path: Path) -> Settings:
        try:
            if NAME not in folder(path, self.within).files:
                return {}
            is_nested = path.parent.name == "inputs"  # their tags say what they were used for
            return read_config(path / NAME).settings if is_nested else read_meta(path / NAME)
        except NotReadable as refusal:
            what = f"{path.parent.name}/{path.name}/{NAME}"
            self.losses.append(f"{what} could not be read: {refusal.why}.")
            return {}


def _datasets(path: Path, inputs: list[Settings], reading: _Reading) -> Iterator[DatasetInput]:
    # Only names that stand in the directory are followed: an id is text that anyone may write.
    known = set(reading.names(path)) if inputs else set[str]()
    for one in inputs:
        name = _text(one.get("source_id"))
        if one.get("source_type") != "DATASET" or name not in known:
            continue
        dataset = reading.one(path / str(name))
        tags = one.get("tags")
        context = cast("Settings", tags).get(DATASET_CONTEXT) if isinstance(tags, dict) else None
        yield DatasetInput(
            _text(dataset.get("name")) or str(name), _text(dataset.get("digest")), _text(context)
        )


def _name(models: Mapping[str, Settings], model: str) -> str | None:
    return _text(models.get(model, {}).get("name"))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
