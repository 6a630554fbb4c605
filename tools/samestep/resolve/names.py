"""What a run is called: references, names, patterns, and the words when none fits."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import PurePath

from samestep.errors import NoSuchRun, NotReadable, SamestepError, WantsReference
from samestep.model import RunHead
from samestep.readers.base import Reader
from samestep.readers.registry import TRACKERS, is_tracker
from samestep.readers.wandb.addresses import reference_of
from samestep.resolve.copies import Listed
from samestep.resolve.places import DIRECTORIES_OF_FILES
from samestep.resolve.sources import ListedRuns, each_once
from samestep.settings import Project

GROUP = "group:"
LIKE_A_REFERENCE = re.compile(r"[a-z][a-z0-9_]+:[^#]+#.+", re.DOTALL)


def is_reference(text: str) -> bool:
    """Return whether a text is a run reference of a tracker there is."""
    tracker = text.partition(":")[0]
    if "#" not in text:
        return False
    return tracker in TRACKERS or (
        LIKE_A_REFERENCE.fullmatch(text) is not None and is_tracker(tracker)
    )


def group_pattern(text: str) -> tuple[str | None, str]:
    """Split `group:<pattern>` or `group:<source>#<pattern>` into source and pattern."""
    source, mark, pattern = text.removeprefix(GROUP).rpartition("#")
    if mark and is_reference(text.removeprefix(GROUP)):
        return source, pattern
    return None, text.removeprefix(GROUP)


def of_name(name: str, listed: Sequence[Listed], project: Project) -> list[Listed]:
    """Return the runs of a full name, else those that share it and have their ids behind it.

    Where there are none it is the name that a listing of the project's directory gives a run.
    """
    named = [one for one in listed if one[1].full_name == name]
    shared = [one for one in listed if _shares(name, one[1])]
    found = named or (shared if len(shared) > 1 else [])
    return list(each_once(found or [one for one in listed if name in _paths(one[1])], project))


def fitting(listed: ListedRuns, pattern: str) -> list[Listed]:
    """Return the runs whose full names a pattern fits, else those whose paths it fits."""
    named = [one for one in listed.runs if fnmatchcase(one[1].full_name, pattern)]
    return named or [
        one for one in listed.runs if any(fnmatchcase(path, pattern) for path in _paths(one[1]))
    ]


def unknown(name: str, *searched: ListedRuns) -> NoSuchRun:
    """Return the refusal of a name that no run answers to, with what was searched.

    Where it is a run's id, the refusal gives the reference.
    """
    ids = [str(head.ref) for listed in searched for _, head in listed.runs if head.ref.id == name]
    if ids:
        return WantsReference(name, "id alone", list(dict.fromkeys(ids)))
    known = dict.fromkeys(head.full_name for listed in searched for _, head in listed.runs)
    silent = {one.where: one.why for listed in searched for one in listed.silent}
    places = [
        f"{source} (which cannot be read: {silent[source]})" if source in silent else source
        for source in dict.fromkeys(source for listed in searched for source in listed.sources)
    ]
    return NoSuchRun(name, list(known), ", ".join(places))


def mistaken_id(reader: Reader, written: str, refusal: SamestepError) -> SamestepError:
    """Return the refusal of an id that no run has; where it is a name, it gives the reference."""
    if not isinstance(refusal, NoSuchRun):
        return refusal
    try:
        heads = reader.list().runs
    except NotReadable:
        return refusal
    references = [str(head.ref) for head in heads if head.full_name == written]
    if not references:
        return refusal
    return WantsReference(written, "full name behind #, where its id belongs", references)


def refuse_path(text: str) -> None:
    """Refuse a W&B path behind its tracker, which is neither a source nor a reference.

    Raises:
        WantsReference: It is one.
    """
    tracker, _, path = text.partition(":")
    ref = reference_of(path) if tracker == "wandb" else None
    if ref is not None:
        raise WantsReference(text, "path behind its tracker", [str(ref)])


def candidate(reader: Reader, head: RunHead) -> str:
    """Return one of several runs that answer to a name, as the caller is asked about it."""
    from samestep.analysis.state import glanced_state, state_of

    started = head.started.isoformat() if head.started else "start unknown"
    now = datetime.now(UTC)
    try:
        glance = head.glance
        state: str = (
            glanced_state(glance, now) if glance else state_of(reader.read(head.ref.id), now)
        )
    except NotReadable:
        state = "cannot be read"
    return f"{head.full_name} ({head.ref}), {state}, {started}"


def _shares(name: str, head: RunHead) -> bool:
    return head.full_name in {f"{name} {head.ref.id}", f"{name} ({head.ref.id})"}


def _paths(head: RunHead) -> set[str]:
    """Return what a run is called from the project's directory, where its name is a path."""
    source = head.ref.source
    if source.tracker not in DIRECTORIES_OF_FILES:
        return set()
    home = PurePath(source.location)
    return {(home / name).as_posix() for name in (head.full_name, head.ref.id)}
