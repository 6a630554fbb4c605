"""Neptune: what its clients and its exporter left on a disk, and a server where there is one.

The hosted service closed in March 2026. What a person still has comes first: an export, or the
`.neptune` directory of a training script; a self-hosted or compatible server is asked as well.
"""

import re
from pathlib import Path

from samestep.errors import NotReadable, SamestepError
from samestep.model import Source
from samestep.readers.base import Reader
from samestep.readers.places import directory_of
from samestep.settings import Project

__all__ = ["holds_runs", "is_path", "opened"]

PROJECT = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
"""A project's name: `workspace/project`."""


def opened(source: Source, project: Project) -> Reader:
    """Open the reader of a directory, or of a project on a server.

    Raises:
        NoSuchPath: There is no such directory.
        NotReadable: It is a file, or names a project that is a directory's name too.
        MissingPackage: What asks a server is not installed.
    """
    if is_path(source.location):
        return _opened_directory(source, project)
    if not project.environment.get("NEPTUNE_API_TOKEN") and _is_directory(source, project):
        why = "it names a project on a server, and NEPTUNE_API_TOKEN is not set"
        instead = f"The directory of that name is neptune:./{source.location}."
        raise NotReadable(str(source), why, instead)
    from samestep.readers.neptune.server import opened_server

    return opened_server(source, project)


def is_path(location: str) -> bool:
    """Return whether a location is a directory's: `./export`, and whatever is no `a/b`."""
    return location.startswith((".", "/", "~")) or PROJECT.fullmatch(location) is None


def holds_runs(directory: Path) -> bool:
    """Return whether a directory, or one a few levels below, holds runs; a cheap look."""
    from samestep.readers.neptune.local import may_hold

    return may_hold(directory)


def _is_directory(source: Source, project: Project) -> bool:
    try:
        return project.path(source.location).is_dir()
    except SamestepError:
        return False


def _opened_directory(source: Source, project: Project) -> Reader:
    from samestep.readers.neptune.local import LocalReader

    return LocalReader(source, directory_of(source, project), project.roots)
