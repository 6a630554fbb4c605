"""MLflow's runs in a directory of files."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from samestep.errors import NotReadable, SamestepError
from samestep.formats import mlflow_files
from samestep.formats.mlflow_files import Store, StoredRun
from samestep.formats.mlflow_records import RunRecord
from samestep.model import Listing, ReadReport, Run, RunRef, Source, Unreadable
from samestep.readers.mlflow.mapping import full_names, head_of, run_of
from samestep.readers.mlflow.refusals import deleted, is_deleted, no_such_run

INSTEAD = "list_runs names the runs that can be read."


class FileStoreReader:
    """Reads the runs below one directory of experiments, or of one experiment."""

    def __init__(
        self, source: Source, directory: Path, within: Sequence[Path] | None = None
    ) -> None:
        self.source = source
        self._directory = directory
        self._within = within

    def list(self) -> Listing:
        """Return the runs by their `meta.yaml`; nothing else of them is cheap to read."""
        store = self._store
        names = self._names
        heads = (head_of(self.source, run.record, names) for run in store.runs.values())
        lost = (
            Unreadable(f"{self.source}#{path.relative_to(self._directory).as_posix()}", why)
            for path, why in store.unreadable
        )
        gone = deleted(self.source, len(store.deleted_runs), store.deleted_experiments)
        return Listing(tuple(heads), tuple(lost), gone)

    def read(self, run_id: str) -> Run:
        """Return one run with its whole history."""
        store = self._store
        if run_id in store.deleted_runs:
            raise is_deleted(self.source, run_id)
        if run_id not in store.runs:
            raise self._unknown(run_id)
        stored = store.runs[run_id]
        record, losses = self._record(stored)
        points, lost = mlflow_files.metrics(stored.path, self._within)
        report = ReadReport("MLflow file store", (*lost, *losses))
        return run_of(
            head_of(self.source, record, self._names), record, self._names, points, report
        )

    def _record(self, stored: StoredRun) -> tuple[RunRecord, tuple[str, ...]]:
        params, lost_params = mlflow_files.params(stored.path, self._within)
        tags, lost_tags = mlflow_files.tags(stored.path, self._within)
        made = mlflow_files.lineage(stored.path, self._within)
        record = replace(
            stored.record,
            params=params,
            tags={**stored.record.tags, **tags},
            datasets=made.datasets,
            models=made.models,
        )
        return record, (*stored.losses, *lost_params, *lost_tags, *made.losses)

    def _unknown(self, run_id: str) -> SamestepError:
        """Return why a run cannot be read: it is broken, or not there."""
        for path, why in self._store.unreadable:
            if path.name == run_id:
                return NotReadable(str(RunRef(self.source, run_id)), why, INSTEAD)
        return no_such_run(self.source, run_id, self._names)

    @cached_property
    def _store(self) -> Store:
        """What the store holds, looked through once for as long as a question takes."""
        return mlflow_files.read_store(self._directory, self._within)

    @cached_property
    def _names(self) -> dict[str, str]:
        return full_names(run.record for run in self._store.runs.values())
