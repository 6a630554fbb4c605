"""What a caller wrote (a reference, a name, a list, a group) becomes runs, or a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

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
from samestep.readers.detect import detect
from samestep.readers.registry import TRACKERS, identity, open_reader
from samestep.settings import Project

GROUP = "group:"
_named: dict[Source, None] = {}
"""Sources named earlier in this process: bare names are looked up there too."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a run, or several taken as the seeds of one thing."""

    full_name: str
    runs: tuple[Run, ...]
    pattern: str | None = None
    """The group pattern it was asked for with, if it was."""

    @property
    def is_group(self) -> bool:
        """Whether it stands for several runs."""
        return self.pattern is not None or len(self.runs) > 1


def source_reader(text: str, project: Project) -> Reader:
    """Open the source a caller named, and remember that it was."""
    source = Source.parse(text)
    reader = open_reader(source, project)
    _named[source] = None
    return reader


def readers(project: Project) -> list[Reader]:
    """Return readers of every source found in the project, held in memory or named before.

    Raises:
        NoTrackerFound: There are none.
    """
    from samestep.readers.memory import held

    found = [one.source for one in detect(project.directory, project) if one.why_not is None]
    sources = dict.fromkeys([*found, *(Source("memory", name) for name in held())])
    opened = [open_reader(source, project) for source in sources]
    opened.extend(_still_there([source for source in _named if source not in sources], project))
    if not opened:
        raise NoTrackerFound(str(project.directory), list(TRACKERS))
    return opened


def _still_there(sources: Sequence[Source], project: Project) -> Iterator[Reader]:
    """Open the sources named before; one that is gone since then holds no run to look up."""
    for source in sources:
        try:
            yield open_reader(source, project)
        except (NoSuchPath, NotReadable, OutsideProject):
            continue


def listed_runs(
    opened: Sequence[Reader], project: Project
) -> tuple[list[tuple[Reader, RunHead]], list[Unreadable]]:
    """Return every run once, however many sources lead to it, and what cannot be read."""
    runs: dict[str, tuple[Reader, RunHead]] = {}
    unreadable: list[Unreadable] = []
    for reader in opened:
        listing = reader.list()
        unreadable.extend(listing.unreadable)
        for head in listing.runs:
            runs.setdefault(identity(head.ref, project), (reader, head))
    return list(runs.values()), unreadable


def side(written: str | Sequence[str], project: Project) -> Side:
    """Return the runs of one side.

    Raises:
        AmbiguousRun: Several runs share a name given.
        NoSuchRun: Nothing answers to a reference, a name or a pattern.
        BadArgument: The side is empty, or counts one run twice.
    """
    parts = [written] if isinstance(written, str) else list(written)
    if not parts:
        raise BadArgument("side", parts, "a run or a list of runs, at least one")
    runs = [run for part in parts for run in _runs(part, project)]
    _refuse_twice(runs, project)
    if len(parts) == 1 and parts[0].startswith(GROUP):
        return Side(_group_pattern(parts[0])[1], tuple(runs), parts[0])
    return Side(", ".join(run.full_name for run in runs), tuple(runs))


def one_run(written: str, project: Project) -> Run:
    """Return the one run a caller wrote.

    Raises:
        BadArgument: It stands for several runs.
    """
    run, *others = side(written, project).runs
    if others:
        names = ", ".join(one.full_name for one in (run, *others[:MOST_NAMED]))
        raise BadArgument("run", written, f"one run; this is {1 + len(others)} of them ({names})")
    return run


def _runs(text: str, project: Project) -> list[Run]:
    if text.startswith(GROUP):
        return _group(text, project)
    if _is_reference(text):
        ref = RunRef.parse(text)
        return [source_reader(str(ref.source), project).read(ref.id)]
    return [_by_name(text, project)]


def _is_reference(text: str) -> bool:
    tracker, colon, rest = text.partition(":")
    return bool(colon) and tracker in TRACKERS and "#" in rest


def _by_name(name: str, project: Project) -> Run:
    opened = readers(project)
    listed, _ = listed_runs(opened, project)
    named = [(reader, head) for reader, head in listed if head.full_name == name]
    if not named:
        known = list(dict.fromkeys(head.full_name for _, head in listed))
        raise NoSuchRun(name, known, ", ".join(str(reader.source) for reader in opened))
    if len(named) > 1:
        raise AmbiguousRun(name, [_candidate(reader, head) for reader, head in named])
    reader, head = named[0]
    return reader.read(head.ref.id)


def _candidate(reader: Reader, head: RunHead) -> str:
    started = head.started.isoformat() if head.started else "start unknown"
    return f"{head.full_name} ({head.ref}), {reader.read(head.ref.id).state}, {started}"


def _group(text: str, project: Project) -> list[Run]:
    source, pattern = _group_pattern(text)
    opened = [source_reader(source, project)] if source else readers(project)
    listed, _ = listed_runs(opened, project)
    runs = [
        reader.read(head.ref.id) for reader, head in listed if fnmatchcase(head.full_name, pattern)
    ]
    if not runs:
        known = list(dict.fromkeys(head.full_name for _, head in listed))
        raise NoSuchRun(text, known, ", ".join(str(reader.source) for reader in opened))
    return runs


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
