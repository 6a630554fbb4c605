"""The experiments and runs of a directory that MLflow logged into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.mlflow_files.folders import Folder, Within, folder, text_of
from samestep.formats.mlflow_files.meta import NAME, read_meta
from samestep.formats.mlflow_records import (
    COMMIT,
    DELETED,
    RUN_NAME,
    SOURCE_NAME,
    USER,
    RunRecord,
)

TRASH = ".trash"
NOT_EXPERIMENTS = frozenset({"models"})
"""What stands beside the experiments: registered models."""
NOT_RUNS = frozenset({"tags", "datasets", "traces", "models"})
PARTS = frozenset({"metrics", "params"})
"""What tells a run whose `meta.yaml` is lost from a directory of files that runs logged."""
STATUSES = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
OLD_SETTINGS = {USER: "user_id", SOURCE_NAME: "source_name", COMMIT: "source_version"}
"""Where the first clients kept what now are tags."""
RUN_IDS = ("run_id", "run_uuid")
MOST_LOOKED_AT = 100
INSTEAD = "The other runs are still read."


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run's directory and what `meta.yaml` says of it, without params and tags."""

    path: Path
    record: RunRecord
    losses: tuple[str, ...] = ()


@dataclass(slots=True)
class Store:
    """The runs of a store, readable and not, and how much of it is deleted."""

    runs: dict[str, StoredRun] = field(default_factory=dict[str, StoredRun])
    unreadable: list[tuple[Path, str]] = field(default_factory=list[tuple[Path, str]])
    deleted_runs: set[str] = field(default_factory=set[str])
    deleted_experiments: int = 0

    def add_experiment(self, path: Path, within: Within) -> None:
        """Add the runs of one experiment's directory."""
        try:
            here = folder(path, within)
        except NotReadable as refusal:
            self.unreadable.append((path, refusal.why))
            return
        about, losses = _about(path, here)
        if about.get("lifecycle_stage") == DELETED:
            self.deleted_experiments += 1
            return
        for name in _runs(here):
            self._add_run(path / name, about.get("name"), losses, within)
        self.unreadable.extend((path / name, "its name is not UTF-8") for name in here.unnamable)

    def _add_run(
        self, path: Path, experiment: str | None, losses: tuple[str, ...], within: Within
    ) -> None:
        try:
            found = _run(path, experiment, within)
        except NotReadable as refusal:
            self.unreadable.append((path, refusal.why))
            return
        if found is None:
            return
        record, is_deleted = found
        if is_deleted:
            self.deleted_runs.add(record.id)
        elif record.id in self.runs:
            first = self.runs[record.id].path
            self.unreadable.append((path, f"a run of the same id is read from {first}"))
        else:
            self.runs[record.id] = StoredRun(path, record, losses)


def read_store(path: Path, within: Within) -> Store:
    """Read what a directory of experiments, or one experiment's, says of its runs.

    Raises:
        NotReadable: The directory may not be listed.
    """
    store = Store()
    here = folder(path, within)
    if holds_runs(path, within):
        store.add_experiment(path, within)
        return store
    for name in _experiments(here):
        store.add_experiment(path / name, within)
    if TRASH in here.folders:
        store.deleted_experiments += len(folder(path / TRASH, within).folders)
    return store


def holds_store(path: Path, within: Within = None) -> bool:
    """Return whether a directory holds experiments, by a look at a few of its directories."""
    try:
        names = _experiments(folder(path, within))[:MOST_LOOKED_AT]
    except NotReadable:
        return False
    return any(holds_runs(path / name, within) for name in names)


def holds_runs(path: Path, within: Within = None) -> bool:
    """Return whether a directory is one experiment's; its own `meta.yaml` may be lost."""
    try:
        here = folder(path, within)
    except NotReadable:
        return False
    about = _settings(path, here)
    if "experiment_id" in about:
        return about.keys().isdisjoint(RUN_IDS)
    return any(is_run(path / name, within) for name in _runs(here)[:MOST_LOOKED_AT])


def is_run(path: Path, within: Within = None) -> bool:
    """Return whether a directory is one run's."""
    try:
        return not _settings(path, folder(path, within)).keys().isdisjoint(RUN_IDS)
    except NotReadable:
        return False


def _settings(path: Path, here: Folder) -> dict[str, str]:
    """Return what a directory's `meta.yaml` says; nothing where it cannot be read."""
    try:
        return read_meta(path / NAME) if NAME in here.files else {}
    except NotReadable:
        return {}


def _experiments(here: Folder) -> list[str]:
    return [name for name in here.folders if _is_named(name) and name not in NOT_EXPERIMENTS]


def _runs(here: Folder) -> list[str]:
    return [name for name in here.folders if _is_named(name) and name not in NOT_RUNS]


def _is_named(name: str) -> bool:
    return not name.startswith(".")


def _about(path: Path, here: Folder) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what an experiment says of itself, and a sentence where it does not."""
    why = "is missing"
    try:
        if NAME in here.files:
            return read_meta(path / NAME), ()
    except NotReadable as refusal:
        why = f"cannot be read ({refusal.why})"
    return {}, (f"The {NAME} of its experiment {why}, so that the experiment has no name.",)


def _run(path: Path, experiment: str | None, within: Within) -> tuple[RunRecord, bool] | None:
    """Return what a directory says of its run, and whether it is deleted; None where it is none."""
    here = folder(path, within)
    if NAME not in here.files:
        if PARTS.isdisjoint(here.folders):
            return None
        raise NotReadable(str(path), f"it has no {NAME}", INSTEAD)
    about = read_meta(path / NAME)
    run_id = next((about[name] for name in RUN_IDS if about.get(name)), None)
    if run_id is None:
        raise NotReadable(str(path), f"its {NAME} names no run, as one that is cut off", INSTEAD)
    if run_id != path.name:
        raise NotReadable(str(path), f"its {NAME} is that of a run {run_id!r}", INSTEAD)
    return _record(path, about, experiment, within), about.get("lifecycle_stage") == DELETED


def _record(
    path: Path, about: Mapping[str, str], experiment: str | None, within: Within
) -> RunRecord:
    tags = {tag: about[old] for tag, old in OLD_SETTINGS.items() if about.get(old)}
    started = about.get("start_time", "")
    return RunRecord(
        id=path.name,
        name=about.get("run_name") or _tagged_name(path, within) or about.get("name") or None,
        experiment=experiment,
        status=STATUSES.get(about.get("status", "")),
        started=float(started) if started.isdecimal() else None,
        tags=tags,
    )


def _tagged_name(path: Path, within: Within) -> str | None:
    """Return the name of a run by a client that kept it in a tag alone (before MLflow 1.30)."""
    tags = path / "tags"
    if RUN_NAME not in folder(tags, within).files:
        return None
    return text_of(tags / RUN_NAME)[0]
