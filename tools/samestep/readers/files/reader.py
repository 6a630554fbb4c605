"""Plain files: the logs of a directory are a run, or each is one where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from samestep.errors import NoSuchRun, NotReadable
from samestep.formats.local import Log
from samestep.formats.local.several import MARK
from samestep.model import History, Listing, ReadReport, Run, RunHead, RunRef, Source, Unreadable
from samestep.readers.facts import epoch_length, planned_length, seed_of
from samestep.readers.files.evaluations import with_series_joined
from samestep.readers.files.logs import CHECKPOINT, read_log
from samestep.readers.files.merge import Part, merged
from samestep.readers.files.runs import RunFiles, runs_in
from samestep.readers.sidecars import config_beside
from samestep.readers.tree import Directory, may_be_walked, passed_over, unnamable, walk


class FilesReader:
    """Reads the runs that files below one directory log."""

    def __init__(
        self, source: Source, directory: Path, within: Sequence[Path] | None = None
    ) -> None:
        self.source = source
        self._directory = directory
        self._within = within

    def list(self) -> Listing:
        """Return the runs, by the first bytes of their files wherever these tell them apart."""
        walked = walk(self._directory, self._within)
        directories = list(walked)
        found = [runs_in(directory) for directory in directories]
        runs = sorted(run.id for one in found for run in one.runs)
        unreadable = sorted(pair for one in found for pair in one.unreadable)
        return Listing(
            tuple(self._head(run_id) for run_id in runs),
            (
                *(Unreadable(str(RunRef(self.source, name)), why) for name, why in unreadable),
                *unnamable(directories, self.source),
            ),
            passed_over(self.source, walked.losses),
        )

    def read(self, run_id: str) -> Run:
        """Return one run with everything its files log."""
        unreadable: dict[str, str] = {}
        for directory in self._directories(run_id):
            found = runs_in(directory)
            unreadable |= dict(found.unreadable)
            for run in found.runs:
                if run.id == run_id:
                    return self._run(run, directory, unreadable)
        if run_id in unreadable:
            raise self._not_readable(run_id, unreadable[run_id])
        known = [head.ref.id for head in self.list().runs]
        raise NoSuchRun(run_id, known, str(self.source))

    def _directories(self, run_id: str) -> Iterator[Directory]:
        """Yield the directory a run id names, else the ones whose file it may be."""
        yield from self._directories_of(run_id)
        file, mark, _ = run_id.partition(MARK)
        if mark:
            yield from self._directories_of(file or ".")

    def _directories_of(self, run_id: str) -> Iterator[Directory]:
        parts = run_id.split("/")
        if run_id != "." and not self._is_reached(parts):
            return
        own = self._directory_at(run_id)
        if own is not None:
            yield own
            return
        above = parts[:-2] if len(parts) > 1 and CHECKPOINT.fullmatch(parts[-2]) else parts[:-1]
        for place in dict.fromkeys(["/".join(parts[:-1]) or ".", "/".join(above) or "."]):
            found = self._directory_at(place)
            if found is not None:
                yield found

    def _is_reached(self, parts: Sequence[str]) -> bool:
        """Return whether a walk comes to what lies at these parts of a path."""
        path = self._directory
        for part in parts:
            path /= part
            if not part or not may_be_walked(path):
                return False
        return True

    def _directory_at(self, relative: str) -> Directory | None:
        path = self._directory / relative
        try:
            found = next(walk(path, self._within), None) if self._may_read(path) else None
        except OSError:  # the name of a run of a file may be longer than that of any directory
            return None
        return None if found is None else replace(found, relative=relative)

    def _may_read(self, path: Path) -> bool:
        if not path.is_dir():
            return False
        reached = path.resolve()
        return self._within is None or any(reached.is_relative_to(root) for root in self._within)

    def _run(self, run: RunFiles, directory: Directory, unreadable: dict[str, str]) -> Run:
        log, broken = self._log(run, directory)
        beside, losses = _config(run, directory, self._within)
        skipped = {**(unreadable if run.alone else {}), **broken}
        lost = [f"{name} could not be read: {why}" for name, why in skipped.items()]
        config = {**log.config, **beside} if run.alone else {**beside, **log.config}
        return Run(
            self._head(run.id),
            History(
                log.metrics,
                ReadReport(log.how, (*log.losses, *lost, *losses)),
                epochs=log.epochs,
                steps_per_epoch=log.steps_per_epoch or epoch_length(config, log.metrics),
            ),
            state="failed" if log.failed else "finished" if log.finished else "unknown",
            # A seed in a file beside several runs cannot be the seed of them all.
            seed=seed_of(config if run.alone else log.config),
            config=config,
            finals=log.finals,
            planned=planned_length(config),
        )

    def _log(self, run: RunFiles, directory: Directory) -> tuple[Log, dict[str, str]]:
        """Return a run's files as one log, and why some of them are not in it."""
        parts: list[Part] = []
        broken: dict[str, str] = {}
        for member in run.members:
            name = member.file.path.relative_to(directory.path).as_posix()
            try:
                parts.append(Part(name, read_log(member.file), member.role))
            except NotReadable as error:
                broken[member.file.relative] = error.why
        if not parts:
            raise self._not_readable(run.id, "; ".join(broken.values()))
        return merged(with_series_joined(parts)), broken

    def _head(self, run_id: str) -> RunHead:
        return RunHead(RunRef(self.source, run_id), self._full_name(run_id))

    def _full_name(self, run_id: str) -> str:
        """Return the run's id, and for the location itself the directory's own name."""
        if run_id.startswith(MARK):
            return f"{self._full_name('.')}{run_id}"
        if run_id != ".":
            return run_id
        name = self._directory.resolve().name
        return f"{name} {run_id}" if not name or (self._directory / name).exists() else name

    def _not_readable(self, run_id: str, why: str) -> NotReadable:
        return NotReadable(
            str(RunRef(self.source, run_id)), why, "list_runs names the runs that can be read."
        )


def _config(
    run: RunFiles, directory: Directory, within: Sequence[Path] | None
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the settings beside a run's files, those of its own directory first."""
    config: dict[str, object] = {}
    losses: list[str] = []
    for place in dict.fromkeys([directory.path, *(m.file.path.parent for m in run.members)]):
        beside, lost = config_beside(place, within)
        config = {**beside, **config}
        losses.extend(lost)
    return config, tuple(losses)
