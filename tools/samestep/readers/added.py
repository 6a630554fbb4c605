"""Trackers that other packages add, through entry points of the group `samestep.readers`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar, cast

from samestep.errors import NotReadable, SamestepError, shown, shown_text
from samestep.model import Listing, Run, Source
from samestep.readers.base import Reader, Selective, Wanted
from samestep.readers.tracker import Holds, Opener, Tracker
from samestep.readers.tree import Directory
from samestep.settings import Project

GROUP = "samestep.readers"
NAME = re.compile(r"[a-z][a-z0-9_]+")

Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class Added:
    """One entry point of the group: the tracker it names, and the package it comes from."""

    name: str
    points: tuple[EntryPoint, ...]
    """The entry points of that name; more than one name it only once between them."""

    @property
    def origin(self) -> str:
        """What gives it, as words: "the entry point jot = samestep_jot:tracker of samestep-jot"."""
        return " and ".join(map(_origin, self.points))

    def tracker(self) -> Tracker:
        """Load the tracker.

        Raises:
            NotReadable: It cannot be loaded, or is no tracker.
        """
        point, *others = self.points
        if others:
            raise self._broken("both give it, and samestep cannot tell which is meant")
        value = _theirs(point.load, object, self._broken)
        if isinstance(value, Tracker):
            return _guarded(value, self._broken)
        if callable(value):
            # What it takes and returns is only known once it is called, which is guarded.
            return _guarded(Tracker(cast("Opener", value)), self._broken)
        raise self._broken(f"it is {shown(value)}, neither a Tracker nor an opener")

    def _broken(self, why: str) -> NotReadable:
        return NotReadable(self.origin, why, "samestep reads everything else without it.")


def added(taken: Mapping[str, Tracker]) -> tuple[dict[str, Added], tuple[str, ...]]:
    """Return the trackers that installed packages add, and a sentence for each passed over.

    Nothing is imported. A name that is taken, or that no source could be written with, is passed
    over.
    """
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, []).append(point)
    passed_over: list[str] = []
    for name, points in found.items():
        if name in taken:
            passed_over.append(f"{_origin(points[0])} is passed over: samestep reads {name} itself")
        elif NAME.fullmatch(name) is None:
            why = "a tracker's name is lower-case letters, digits and _"
            passed_over.append(f"{_origin(points[0])} is passed over: {why}")
    usable = sorted(name for name in found if name not in taken and NAME.fullmatch(name))
    return {name: Added(name, tuple(found[name])) for name in usable}, tuple(passed_over)


def _origin(point: EntryPoint) -> str:
    package = point.dist.name if point.dist else "a package without a name"
    return shown_text(f"the entry point {point.name} = {point.value} of {package}")


Broken = Callable[[str], NotReadable]


def _theirs(call: Callable[[], object], kind: type[Answered], broken: Broken) -> Answered:
    """Call a stranger's code: its refusals pass, anything else but an answer becomes one."""
    try:
        answer = call()
    except SamestepError:
        raise
    except (Exception, SystemExit) as error:  # nothing is known of a stranger's errors
        raise broken(f"{type(error).__name__}: {shown_text(str(error))}") from error
    if not isinstance(answer, kind):
        raise broken(f"it gave {shown(answer)} where a {kind.__name__} belongs")
    return answer


def _guarded(tracker: Tracker, broken: Broken) -> Tracker:
    holds = None if tracker.holds is None else _guarded_look(tracker.holds, broken)
    return replace(tracker, open=_guarded_opener(tracker.open, broken), holds=holds)


def _guarded_look(holds: Holds, broken: Broken) -> Holds:
    def look(directory: Directory) -> bool:
        return _theirs(lambda: holds(directory), bool, broken)

    return look


def _guarded_opener(opener: Opener, broken: Broken) -> Opener:
    def opened(source: Source, project: Project) -> Reader:
        reader = cast("Reader", _theirs(lambda: opener(source, project), object, broken))
        guarded = _GuardedSelective if isinstance(reader, Selective) else _Guarded
        return guarded(source, reader, broken)

    return opened


class _Guarded:
    """A reader of another package, whose bugs are refusals that name it."""

    def __init__(self, source: Source, reader: Reader, broken: Broken) -> None:
        self.source = source
        self._reader = reader
        self._broken = broken

    def list(self) -> Listing:
        reader = self._reader  # which may be anything: its first use is its first check
        return _theirs(lambda: reader.list(), Listing, self._broken)  # noqa: PLW0108 # as above

    def read(self, run_id: str) -> Run:
        return _theirs(lambda: self._reader.read(run_id), Run, self._broken)


class _GuardedSelective(_Guarded):
    def read_wanted(self, run_id: str, wanted: Wanted) -> Run:
        reader = self._reader
        if not isinstance(reader, Selective):  # it was when it was opened
            return self.read(run_id)
        return _theirs(lambda: reader.read_wanted(run_id, wanted), Run, self._broken)
