"""The sources that samestep.toml names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from samestep.errors import SamestepError
from samestep.model import Source
from samestep.readers.detect.found import Found, why_not
from samestep.readers.detect.stores import Store
from samestep.readers.places import location_of, place_of
from samestep.readers.registry import open_reader, tracker_named
from samestep.settings import FILE_NAME, Project


def named_here(project: Project) -> Iterator[Store]:
    """Yield the sources named that lie on this machine, written as detection writes them."""
    for source in project.settings.sources.values():
        if _is_path(source):
            yield _as_found(source, project), FILE_NAME


def with_named(found: Sequence[Found], project: Project, not_asked: str) -> list[Found]:
    """Add the sources named that are behind a network, and this evidence to those found already.

    Args:
        found: The sources behind a network that something else names.
        project: The project whose file names sources.
        not_asked: What is said of a source that could be asked.
    """
    named = [one for one in project.settings.sources.values() if not _is_path(one)]
    known = {one.source for one in found}
    both = [
        replace(one, evidence=(*one.evidence, FILE_NAME)) if one.source in named else one
        for one in found
    ]
    others = [source for source in dict.fromkeys(named) if source not in known]
    return [*both, *(_found(source, project, not_asked) for source in others)]


def _is_path(source: Source) -> bool:
    try:
        return tracker_named(source.tracker, str(source)).is_path(source.location)
    except SamestepError:  # opening it says the same
        return False


def _as_found(source: Source, project: Project) -> Source:
    try:
        location = location_of(source.tracker, place_of(source, project), project)
    except SamestepError:  # as above
        return source
    return Source(source.tracker, location)


def _found(source: Source, project: Project, not_asked: str) -> Found:
    try:
        open_reader(source, project)  # which connects to nothing yet
    except SamestepError as refusal:
        return Found(source, (FILE_NAME,), why_not=why_not(refusal))
    return Found(source, (FILE_NAME, not_asked))
