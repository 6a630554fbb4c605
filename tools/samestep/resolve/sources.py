"""The sources a question may look through, opened and listed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from samestep.errors import NoTrackerFound, NotReadable, SamestepError
from samestep.model import Listing, Source, Unreadable
from samestep.readers.base import Reader, Selective
from samestep.readers.detect import configured, local_sources
from samestep.readers.registry import TRACKERS, identity, open_reader
from samestep.readers.shut import ShutReader
from samestep.readers.together import together
from samestep.resolve.copies import Listed, without_copies
from samestep.settings import Project

_named: dict[Source, None] = {}
"""Sources named earlier in this process: bare names are looked up there too."""


@dataclass(frozen=True, slots=True)
class ListedRuns:
    """The runs of several sources."""

    sources: tuple[str, ...] = ()
    runs: tuple[Listed, ...] = ()
    silent: tuple[Unreadable, ...] = ()
    """The sources that could not be listed."""

    def __add__(self, other: "ListedRuns") -> "ListedRuns":
        return ListedRuns(
            self.sources + other.sources, self.runs + other.runs, self.silent + other.silent
        )


@dataclass(frozen=True, slots=True)
class FoundRuns:
    """Every run of several sources, each once."""

    runs: Sequence[Listed]
    unreadable: Sequence[Unreadable]
    left_out: Sequence[str]
    """One sentence for everything that is no part of the listing and no failure."""


def source_reader(text: str, project: Project) -> Reader:
    """Open the source a caller named, by its name in samestep.toml too, and remember that it was."""
    source = project.settings.sources.get(text) or Source.parse(text)
    return remembered(source, project)


def readers(project: Project) -> list[Reader]:
    """Return readers of every source found in the project, set in its environment or in memory.

    A source that cannot be opened has a reader that says so, unless it is the only one.

    Raises:
        NoTrackerFound: There are none.
    """
    here = local_sources(project.directory, project)
    sources = [*here, *configured(project), *in_memory()]
    if not sources:
        raise NoTrackerFound(str(project.directory), list(TRACKERS))
    return opened(sources, project, alone=len(sources) == 1)


def listed_runs(opened: Sequence[Reader], project: Project) -> FoundRuns:
    """Return every run once, however many sources lead to it, and what cannot be read.

    Raises:
        NotReadable: There is one source, and it cannot be listed.
    """
    listings = _listings(opened, alone=len(opened) == 1)
    runs = ((reader, head) for reader, listing in listings for head in listing.runs)
    kept, twice = without_copies(list(each_once(runs, project)))
    return FoundRuns(
        kept,
        [lost for _, listing in listings for lost in listing.unreadable],
        [*twice, *(text for _, listing in listings for text in listing.left_out)],
    )


def listed(opened: Sequence[Reader], *, alone: bool) -> ListedRuns:
    """Return the runs of opened sources; a source that cannot be listed raises only if alone."""
    listings = _listings(opened, alone=alone)
    sources = tuple(str(reader.source) for reader in opened)
    return ListedRuns(
        sources,
        tuple((reader, head) for reader, listing in listings for head in listing.runs),
        tuple(
            lost
            for source, (_, listing) in zip(sources, listings, strict=True)
            for lost in listing.unreadable
            if lost.where == source
        ),
    )


def opened(sources: Sequence[Source], project: Project, *, alone: bool) -> list[Reader]:
    """Return the readers of sources; one that cannot be opened raises only where it is alone."""
    open_one = open_reader if alone else _opened_or_shut
    return [open_one(source, project) for source in dict.fromkeys(sources)]


def in_memory() -> list[Source]:
    """Return the sources held in memory."""
    from samestep.readers.memory import held

    return [Source("memory", name) for name in held()]


def each_once(runs: Iterable[Listed], project: Project) -> Iterator[Listed]:
    """Yield every run once, however many sources lead to it."""
    seen: set[str] = set()
    for reader, head in runs:
        same = identity(head.ref, project)
        if same not in seen:
            seen.add(same)
            yield reader, head


def named_earlier(project: Project, besides: Sequence[Source]) -> list[Reader]:
    """Return readers of the sources named earlier in this process that are still there."""
    return list(_still_there([source for source in _named if source not in besides], project))


def remembered(source: Source, project: Project) -> Reader:
    """Open a source that a caller named, and remember that it was."""
    reader = open_reader(source, project)
    _named[source] = None
    return reader


def _opened_or_shut(source: Source, project: Project) -> Reader:
    try:
        return open_reader(source, project)
    except SamestepError as refusal:
        return ShutReader(source, refusal)


def _listings(opened: Sequence[Reader], *, alone: bool) -> list[tuple[Reader, Listing]]:
    """Return what each source lists; one that cannot be listed raises only where it is alone.

    Servers are asked side by side.
    """
    if alone:
        return [(reader, reader.list()) for reader in opened]
    servers = [reader for reader in opened if isinstance(reader, Selective)]
    answered = dict(zip(map(id, servers), together([one.list for one in servers]), strict=True))
    return [(reader, _listing(reader, answered.get(id(reader)))) for reader in opened]


def _listing(reader: Reader, answered: Listing | SamestepError | None) -> Listing:
    try:
        found = reader.list() if answered is None else answered
    except NotReadable as refusal:
        found = refusal
    if isinstance(found, NotReadable):
        return Listing((), (Unreadable(str(reader.source), found.why),))
    if isinstance(found, SamestepError):
        raise found
    return found


def _still_there(sources: Sequence[Source], project: Project) -> Iterator[Reader]:
    for source in sources:
        try:
            yield open_reader(source, project)
        except SamestepError:  # its directory, or the package that reads it, is gone
            continue
