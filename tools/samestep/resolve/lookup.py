"""What a caller wrote (a reference, a name, a list, a group) becomes runs, or a question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from samestep.errors import (
    MOST_NAMED,
    AmbiguousRun,
    BadArgument,
    NoSuchRun,
    NotFound,
    NoTrackerFound,
    NotReadable,
    SamestepError,
)
from samestep.formats.checkpoints import has_suffix
from samestep.model import Run, RunRef, Source, Unreadable
from samestep.readers.base import Reader, Wanted
from samestep.readers.detect import configured, local_sources
from samestep.readers.reads import read_each
from samestep.readers.registry import TRACKERS, identity
from samestep.readers.wandb.addresses import reference_of
from samestep.resolve.checkpoints import (
    Owners,
    SavedBy,
    checkpoint_at,
    named_elsewhere,
    owners,
    read_at,
)
from samestep.resolve.copies import Listed
from samestep.resolve.names import (
    GROUP,
    LIKE_A_REFERENCE,
    candidate,
    fitting,
    group_pattern,
    is_reference,
    mistaken_id,
    of_name,
    refuse_path,
    unknown,
)
from samestep.resolve.sources import (
    ListedRuns,
    each_once,
    in_memory,
    listed,
    named_earlier,
    opened,
    remembered,
    source_reader,
)
from samestep.settings import Project

PAGES = ("http://", "https://")
Written = str | Sequence[str]
"""One run, a group, or several runs taken as the seeds of one thing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a run, or several taken as the seeds of one thing."""

    full_name: str
    runs: tuple[Run, ...]
    pattern: str | None = None
    """The group pattern it was asked for with, if it was."""
    unreadable: tuple[Unreadable, ...] = ()
    """Runs the pattern fits that cannot be read."""
    checkpoints: tuple[tuple[Run, SavedBy], ...] = ()
    """The runs that were asked for by a checkpoint of theirs, and what it says of itself."""

    @property
    def is_group(self) -> bool:
        """Whether it stands for several runs."""
        return self.pattern is not None or len(self.runs) > 1


@dataclass(frozen=True, slots=True)
class _Member:
    """One run that was found and is not read yet."""

    reader: Reader
    id: str
    full_name: str
    """The reference, where only reading it tells the name."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What one text stands for."""

    members: tuple[_Member, ...]
    group: str | None = None
    """The text, where it is a group's."""
    silent: tuple[Unreadable, ...] = ()
    """Sources looked through that could not be listed."""
    guessed: Callable[[SamestepError], SamestepError] | None = None
    """What to say where reading fails, as the text may have meant something else."""
    saved: SavedBy | None = None
    """The checkpoint that the text is the path of."""


_Outcomes = Mapping[tuple[int, str], Run | SamestepError]


class Lookup:
    """Finds the runs one question names; every source is looked through at most once.

    A name is looked for on this machine and in memory, then in the sources behind a network that
    the environment names in full, then in sources named earlier: a run that lies here and was
    sent to a server too is no two runs, and what is here waits for no server.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._readers: dict[Source, Reader] = {}

    def side(self, written: Written) -> Side:
        """Return the runs of one side, as `sides` does."""
        [side] = self.sides([written])
        return side

    def sides(self, written: Sequence[Written], wanted: Wanted | None = None) -> list[Side]:
        """Return the runs of several sides; those behind a network are read side by side.

        Args:
            written: What the caller wrote of each side.
            wanted: Which metrics are needed of runs where each costs a request; None is all.

        Raises:
            AmbiguousRun: Several runs share a name given.
            NoSuchRun: Nothing answers to a reference, a name or a pattern.
            BadArgument: A side is empty, or counts one run twice.
        """
        named = [[self._named(part) for part in _parts(one)] for one in written]
        members = [member for side in named for one in side for member in one.members]
        asked = list(dict.fromkeys((member.reader, member.id) for member in members))
        read = read_each(asked, wanted)
        outcomes = {(id(one), run): got for (one, run), got in zip(asked, read, strict=True)}
        return [self._side(one, outcomes) for one in named]

    def one_run(self, written: str) -> Run:
        """Return the one run a caller wrote, as `one_side` does."""
        return self.one_side(written).runs[0]

    def one_side(self, written: str) -> Side:
        """Return the one run a caller wrote, and the checkpoint it was asked for by.

        Raises:
            BadArgument: It stands for several runs.
        """
        side = self.side(written)
        run, *others = side.runs
        if others:
            names = ", ".join(one.full_name for one in (run, *others[:MOST_NAMED]))
            takes = f"one run; this is {1 + len(others)} of them ({names})"
            raise BadArgument("run", written, takes)
        return side

    def _side(self, named: Sequence[_Named], outcomes: _Outcomes) -> Side:
        found = [_group(one, outcomes) if one.group else _single(one, outcomes) for one in named]
        runs = tuple(run for one in found for run in one.runs)
        _refuse_twice(runs, self._project)
        lost = tuple(lost for one in found for lost in one.unreadable)
        if len(found) == 1:
            return found[0]
        saved = tuple(saved for one in found for saved in one.checkpoints)
        names = ", ".join(run.full_name for run in runs)
        return Side(names, runs, unreadable=lost, checkpoints=saved)

    def _named(self, text: str) -> _Named:
        if text.startswith(GROUP):
            return self._group(text)
        if is_reference(text):
            ref = RunRef.parse(text)
            reader = self._reader(str(ref.source))
            guessed = partial(mistaken_id, reader, ref.id)
            return _Named((_Member(reader, ref.id, text),), guessed=guessed)
        refuse_path(text)
        page = reference_of(text) if text.startswith(PAGES) else None
        if page is not None:
            return _Named((self._at(page),))
        checkpoint = checkpoint_at(text, self._project)
        if checkpoint is not None:
            return self._by_checkpoint(text, checkpoint)
        try:
            return self._by_name(text)
        except NotFound:
            if has_suffix(text):
                self._project.path(text)  # whose refusal names what is there instead
            raise

    def _by_checkpoint(self, written: str, path: Path) -> _Named:
        """Return the run that saved a checkpoint."""
        listings = (self._around, lambda: self._configured, lambda: self._elsewhere)
        owned = owners(written, read_at(written, path), listings, self._project)
        if len(owned.runs) + len(owned.elsewhere) > 1:
            refs = [*(candidate(*one) for one in owned.runs), *map(str, owned.elsewhere)]
            raise AmbiguousRun(written, refs)
        if owned.runs:
            return _Named((_member(owned.runs[0]),), saved=owned.saved)
        return self._on_server(owned)

    def _on_server(self, owned: Owners) -> _Named:
        """Return the run on a server that a checkpoint names."""
        guessed = partial(named_elsewhere, owned)
        try:
            member = self._at(owned.elsewhere[0])
        except SamestepError as refusal:
            raise guessed(refusal) from refusal
        return _Named((member,), guessed=guessed, saved=owned.saved)

    def _by_name(self, name: str) -> _Named:
        named = (
            of_name(name, self._here.runs, self._project)
            or of_name(name, self._configured.runs, self._project)
            or of_name(name, self._elsewhere.runs, self._project)
        )
        if len(named) > 1:
            raise AmbiguousRun(name, [candidate(*one) for one in named])
        if named:
            return _Named(tuple(map(_member, named)))
        if LIKE_A_REFERENCE.fullmatch(name):
            raise BadArgument("run", name, f"a reference to one of {', '.join(TRACKERS)}")
        return self._by_path(name)

    def _by_path(self, name: str) -> _Named:
        """Return the run of a W&B path `entity/project/run_id`, which looks like any other path."""
        searched = self._here + self._configured + self._elsewhere
        ref = None if has_suffix(name) else reference_of(name)
        if ref is None:
            raise unknown(name, searched)
        source = str(ref.source)

        def guessed(refusal: SamestepError) -> SamestepError:
            why = refusal.why if isinstance(refusal, NotReadable) else "no such run there"
            return unknown(name, searched + ListedRuns((source,), (), (Unreadable(source, why),)))

        try:
            return _Named((self._at(ref),), guessed=guessed)
        except SamestepError as refusal:
            raise guessed(refusal) from refusal

    def _group(self, text: str) -> _Named:
        source, pattern = group_pattern(text)
        if source:
            searched = listed([self._reader(source)], alone=True)
        elif fitting(self._here, pattern):
            searched = self._here
        else:
            searched = self._here + self._configured
        members = fitting(searched, pattern)
        if not members:
            raise unknown(text, searched)
        runs = tuple(map(_member, each_once(members, self._project)))
        return _Named(runs, text, searched.silent)

    def _at(self, ref: RunRef) -> _Member:
        if ref.source not in self._readers:
            self._readers[ref.source] = remembered(ref.source, self._project)
        return _Member(self._readers[ref.source], ref.id, str(ref))

    def _reader(self, written: str) -> Reader:
        """Return the reader of a source the caller named, one for all its runs."""
        reader = source_reader(written, self._project)
        return self._readers.setdefault(reader.source, reader)

    @cached_property
    def _here(self) -> ListedRuns:
        """The runs on this machine and those held in memory."""
        if not self._own and not self._remote and not self._elsewhere.sources:
            raise NoTrackerFound(str(self._project.directory), list(TRACKERS))
        return self._listed(self._own)

    def _around(self) -> ListedRuns:
        """Return the runs on this machine; a checkpoint may name one where there are none here."""
        try:
            return self._here
        except SamestepError:
            return listed(opened(self._own, self._project, alone=False), alone=False)

    @cached_property
    def _configured(self) -> ListedRuns:
        """The runs of the servers that the environment names in full."""
        return self._listed(self._remote)

    @cached_property
    def _elsewhere(self) -> ListedRuns:
        """The runs of sources named earlier; one that is gone since then holds no run."""
        return listed(named_earlier(self._project, (*self._own, *self._remote)), alone=False)

    @cached_property
    def _own(self) -> list[Source]:
        return [*local_sources(self._project.directory, self._project), *in_memory()]

    @cached_property
    def _remote(self) -> list[Source]:
        return configured(self._project)

    def _listed(self, sources: Sequence[Source]) -> ListedRuns:
        alone = len(self._own) + len(self._remote) == 1
        return listed(opened(sources, self._project, alone=alone), alone=alone)


def _parts(written: Written) -> list[str]:
    parts = [written] if isinstance(written, str) else list(written)
    if not parts:
        raise BadArgument("side", parts, "a run or a list of runs, at least one")
    return parts


def _member(one: Listed) -> _Member:
    reader, head = one
    return _Member(reader, head.ref.id, head.full_name)


def _single(named: _Named, outcomes: _Outcomes) -> Side:
    [member] = named.members
    outcome = outcomes[id(member.reader), member.id]
    if isinstance(outcome, SamestepError):
        raise named.guessed(outcome) if named.guessed else outcome
    saved = ((outcome, named.saved),) if named.saved else ()
    return Side(outcome.full_name, (outcome,), checkpoints=saved)


def _group(named: _Named, outcomes: _Outcomes) -> Side:
    """Return the members that can be read; one that cannot takes none of the others down."""
    runs: list[Run] = []
    unreadable = list(named.silent)
    for member in named.members:
        outcome = outcomes[id(member.reader), member.id]
        if isinstance(outcome, Run):
            runs.append(outcome)
        elif isinstance(outcome, NotReadable):
            unreadable.append(Unreadable(member.full_name, outcome.why))
        elif isinstance(outcome, NoSuchRun):
            why = "it was removed while the runs were listed"
            unreadable.append(Unreadable(member.full_name, why))
        else:
            raise outcome
    text = named.group or ""
    if not runs:
        raise NotReadable(text, unreadable[0].why, "list_runs names what can be read.")
    return Side(group_pattern(text)[1], tuple(runs), text, tuple(unreadable))


def _refuse_twice(runs: Sequence[Run], project: Project) -> None:
    seen: dict[str, Run] = {}
    for run in runs:
        same = identity(run.ref, project)
        if same in seen:
            raise BadArgument(
                "side", str(run.ref), "each run once: a seed counted twice is no seed"
            )
        seen[same] = run
