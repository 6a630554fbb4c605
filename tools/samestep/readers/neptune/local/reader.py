"""Neptune's runs below one directory, in whatever forms they were left there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from samestep.errors import MissingPackage, NoSuchRun, NotReadable
from samestep.formats.neptune.held import Held
from samestep.model import Listing, Run, RunHead, RunRef, Source, Unreadable
from samestep.readers.neptune.local.forms import databases, exports, operation_logs
from samestep.readers.neptune.local.stored import BROKEN, Lost, Stored, reason
from samestep.readers.neptune.mapping import Way, run_of, with_losses
from samestep.readers.neptune.names import full_names, run_ids
from samestep.readers.neptune.origins import forked
from samestep.readers.tree import Directory, unnamable, walk

OWN_DIRECTORY = ".neptune"


class LocalReader:
    """Reads the runs below one directory; no server is asked."""

    def __init__(
        self, source: Source, directory: Path, within: Sequence[Path] | None = None
    ) -> None:
        self.source = source
        self._directory = directory
        self._within = within

    def list(self) -> Listing:
        """Return the runs by the beginnings of what is kept of them."""
        stored, lost = self._found
        heads = self._heads
        unreadable = (Unreadable(self._place(one.where), one.why) for one in lost)
        return Listing(
            tuple(heads[run_id] for run_id in stored),
            (*unreadable, *unnamable(self._walked[0], self.source)),
        )

    def read(self, run_id: str) -> Run:
        """Return one run, every point of every metric."""
        stored = self._found[0]
        if run_id not in stored:
            raise NoSuchRun(run_id, list(stored), str(self.source))
        one = stored[run_id]
        try:
            held = one.read()
        except BROKEN as error:
            instead = "list_runs names the runs that can be read."
            raise NotReadable(str(RunRef(self.source, run_id)), reason(error), instead) from error
        held = _with_fork(held)
        return run_of(self._heads[run_id], held, Way(one.how, one.append_only))

    @cached_property
    def _walked(self) -> tuple[Sequence[Directory], Sequence[Lost]]:
        """Every directory below the location, and below Neptune's own in any of them."""
        walked = walk(self._directory, self._within)
        directories = list(walked)
        lost = [Lost(".", loss) for loss in walked.losses]
        for directory in [one for one in directories if OWN_DIRECTORY in one.stores]:
            below = walk(directory.path / OWN_DIRECTORY, self._within)
            place = _joined(directory.relative, OWN_DIRECTORY)
            directories.extend(replace(one, relative=_joined(place, one.relative)) for one in below)
            lost.extend(Lost(place, loss) for loss in below.losses)
        return directories, lost

    @cached_property
    def _found(self) -> tuple[Mapping[str, Stored], Sequence[Lost]]:
        """The runs by their ids, and what could not be read."""
        directories, unseen = self._walked
        stored: list[Stored] = []
        lost = [*unseen]
        missing: MissingPackage | None = None
        for form in (databases, operation_logs, exports):
            try:
                runs, others = form(directories)
            except ModuleNotFoundError:
                missing = MissingPackage(str(self.source), "pyarrow", "neptune")
                continue
            stored.extend(runs)
            lost.extend(others)
        if missing and not stored:
            raise missing
        lost.extend([Lost(".", str(missing))] if missing else [])
        ids = run_ids([tuple(_ids(one)) for one in stored])
        return dict(sorted(zip(ids, stored, strict=True))), lost

    @cached_property
    def _heads(self) -> Mapping[str, RunHead]:
        stored = self._found[0]
        names = full_names([(run_id, one.name) for run_id, one in stored.items()])
        return {
            run_id: RunHead(RunRef(self.source, run_id), name, one.started)
            for (run_id, one), name in zip(stored.items(), names, strict=True)
        }

    def _place(self, where: str) -> str:
        return str(self.source) if where == "." else str(RunRef(self.source, where))


def _ids(one: Stored) -> Iterator[str]:
    """Yield the ids by which a run may be known, the shortest first."""
    yield one.run_id
    if one.project:
        yield f"{one.project}/{one.run_id}"
    yield f"{one.where}/{one.run_id}"


def _joined(above: str, below: str) -> str:
    return below if above == "." else above if below == "." else f"{above}/{below}"


def _with_fork(held: Held) -> Held:
    """Say that what the parent of a fork logged stands with the parent."""
    parent = forked(held.attributes)
    if parent is None:
        return held
    return with_losses(
        held, f"The run was forked from {parent}; what was logged before that is not repeated here."
    )
