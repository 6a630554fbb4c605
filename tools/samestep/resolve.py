"""What a caller wrote (a reference, a name, a list, a group) becomes runs, or a question."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cached_property

from samestep.errors import (
    MOST_NAMED,
    AmbiguousRun,
    BadArgument,
    NoSuchPath,
    NoSuchRun,
    NoTrackerFound,
    NotReadable,
    OutsideProject,
)
from samestep.model import Run, RunHead, RunRef, Source, Unreadable
from samestep.readers.base import Reader
from samestep.readers.detect import local_sources
from samestep.readers.registry import TRACKERS, identity, open_reader
from samestep.settings import Project

GROUP = "group:"
LIKE_A_REFERENCE = re.compile(r"[a-z][a-z0-9_]+:[^#]+#.+", re.DOTALL)
_named: dict[Source, None] = {}
"""Sources named earlier in this process: bare names are looked up there too."""

Listed = tuple[Reader, RunHead]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a run, or several taken as the seeds of one thing."""

    full_name: str
    runs: tuple[Run, ...]
    pattern: str | None = None
    """The group pattern it was asked for with, if it was."""
    unreadable: tuple[Unreadable, ...] = ()
    """Runs the pattern fits that cannot be read."""

    @property
    def is_group(self) -> bool:
        """Whether it stands for several runs."""
        return self.pattern is not None or len(self.runs) > 1


class Lookup:
    """Finds the runs one question names; every source is looked through at most once."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def side(self, written: str | Sequence[str]) -> Side:
        """Return the runs of one side.

        Raises:
            AmbiguousRun: Several runs share a name given.
            NoSuchRun: Nothing answers to a reference, a name or a pattern.
            BadArgument: The side is empty, or counts one run twice.
        """
        parts = [written] if isinstance(written, str) else list(written)
        if not parts:
            raise BadArgument("side", parts, "a run or a list of runs, at least one")
        found = [self._part(part) for part in parts]
        runs = tuple(run for one in found for run in one.runs)
        _refuse_twice(runs, self._project)
        lost = tuple(lost for one in found for lost in one.unreadable)
        if len(found) == 1:
            return found[0]
        return Side(", ".join(run.full_name for run in runs), runs, unreadable=lost)

    def one_run(self, written: str) -> Run:
        """Return the one run a caller wrote.

        Raises:
            BadArgument: It stands for several runs.
        """
        run, *others = self.side(written).runs
        if others:
            names = ", ".join(one.full_name for one in (run, *others[:MOST_NAMED]))
            takes = f"one run; this is {1 + len(others)} of them ({names})"
            raise BadArgument("run", written, takes)
        return run

    def _part(self, text: str) -> Side:
        if text.startswith(GROUP):
            return self._group(text)
        if text.partition(":")[0] in TRACKERS and "#" in text:
            ref = RunRef.parse(text)
            run = source_reader(str(ref.source), self._project).read(ref.id)
        else:
            run = self._by_name(text)
        return Side(run.full_name, (run,))

    def _by_name(self, name: str) -> Run:
        here = _of_name(name, self._listed_here, self._project)
        named = here or _of_name(name, self._listed_elsewhere, self._project)
        if not named and LIKE_A_REFERENCE.fullmatch(name):
            raise BadArgument("run", name, f"a reference to one of {', '.join(TRACKERS)}")
        if not named:
            raise self._unknown(name, [*self._listed_here, *self._listed_elsewhere])
        if len(named) > 1:
            raise AmbiguousRun(name, [_candidate(*one) for one in named])
        [(reader, head)] = named
        return reader.read(head.ref.id)

    def _group(self, text: str) -> Side:
        source, pattern = _group_pattern(text)
        listed = (
            list(_listed([source_reader(source, self._project)])) if source else self._listed_here
        )
        members = [one for one in listed if fnmatchcase(one[1].full_name, pattern)]
        if not members:
            raise self._unknown(text, listed)
        runs: list[Run] = []
        unreadable: list[Unreadable] = []
        for reader, head in _each_once(members, self._project):
            try:
                runs.append(reader.read(head.ref.id))
            except NotReadable as refusal:
                unreadable.append(Unreadable(head.full_name, refusal.why))
        if not runs:
            raise NotReadable(text, unreadable[0].why, "list_runs names what can be read.")
        return Side(pattern, tuple(runs), text, tuple(unreadable))

    @cached_property
    def _listed_here(self) -> list[Listed]:
        """The runs of the project's own sources and of those held in memory."""
        return list(_listed(self._here))

    @cached_property
    def _here(self) -> list[Reader]:
        try:
            return readers(self._project)
        except NoTrackerFound:
            if not any(_still_there(list(_named), self._project)):
                raise
            return []

    @cached_property
    def _listed_elsewhere(self) -> list[Listed]:
        """The runs of sources named earlier; one that is gone since then holds no run."""
        own = [reader.source for reader in self._here]
        return list(_listed(_still_there([s for s in _named if s not in own], self._project)))

    def _unknown(self, name: str, listed: Sequence[Listed]) -> NoSuchRun:
        known = list(dict.fromkeys(head.full_name for _, head in listed))
        return NoSuchRun(name, known, ", ".join(str(reader.source) for reader in self._here))


def source_reader(text: str, project: Project) -> Reader:
    """Open the source a caller named, and remember that it was."""
    source = Source.parse(text)
    reader = open_reader(source, project)
    _named[source] = None
    return reader


def readers(project: Project) -> list[Reader]:
    """Return readers of every source found in the project or held in memory.

    Raises:
        NoTrackerFound: There are none.
    """
    from samestep.readers.memory import held

    found = local_sources(project.directory, project)
    sources = dict.fromkeys([*found, *(Source("memory", name) for name in held())])
    if not sources:
        raise NoTrackerFound(str(project.directory), list(TRACKERS))
    return [open_reader(source, project) for source in sources]


def listed_runs(
    opened: Sequence[Reader], project: Project
) -> tuple[list[Listed], list[Unreadable]]:
    """Return every run once, however many sources lead to it, and what cannot be read."""
    listings = [(reader, reader.list()) for reader in opened]
    unreadable = [lost for _, listing in listings for lost in listing.unreadable]
    listed = ((reader, head) for reader, listing in listings for head in listing.runs)
    return list(_each_once(listed, project)), unreadable


def _listed(opened: Iterable[Reader]) -> Iterator[Listed]:
    return ((reader, head) for reader in opened for head in reader.list().runs)


def _each_once(listed: Iterable[Listed], project: Project) -> Iterator[Listed]:
    seen: set[str] = set()
    for reader, head in listed:
        same = identity(head.ref, project)
        if same not in seen:
            seen.add(same)
            yield reader, head


def _of_name(name: str, listed: Sequence[Listed], project: Project) -> list[Listed]:
    return list(_each_once([one for one in listed if one[1].full_name == name], project))


def _still_there(sources: Sequence[Source], project: Project) -> Iterator[Reader]:
    for source in sources:
        try:
            yield open_reader(source, project)
        except (NoSuchPath, NotReadable, OutsideProject):
            continue


def _candidate(reader: Reader, head: RunHead) -> str:
    from samestep.analysis.state import state_of

    started = head.started.isoformat() if head.started else "start unknown"
    try:
        state: str = state_of(reader.read(head.ref.id), datetime.now(UTC))
    except NotReadable:
        state = "cannot be read"
    return f"{head.full_name} ({head.ref}), {state}, {started}"


def _group_pattern(text: str) -> tuple[str | None, str]:
    """Split `group:<pattern>` or `group:<source>#<pattern>` into source and pattern."""
    source, mark, pattern = text.removeprefix(GROUP).rpartition("#")
    if mark and source.partition(":")[0] in TRACKERS:
        return source, pattern
    return None, text.removeprefix(GROUP)


def _refuse_twice(runs: Sequence[Run], project: Project) -> None:
    seen: dict[str, Run] = {}
    for run in runs:
        same = identity(run.ref, project)
        if same in seen:
            raise BadArgument(
                "side", str(run.ref), "each run once: a seed counted twice is no seed"
            )
        seen[same] = run
