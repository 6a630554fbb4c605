"""Weights & Biases: its own logs on this machine, or the projects on a server."""

import re
from pathlib import Path

from samestep.errors import NotReadable
from samestep.model import Source
from samestep.readers.base import Reader
from samestep.settings import Project

__all__ = ["holds_runs", "is_path", "opened"]

PATH = re.compile(r"\.{0,2}[/\\].*|~.*|[A-Za-z]:.*|[^/]*|(?!.*://).*/\.?wandb/?", re.DOTALL)
"""What begins like a path, has no slash, or ends on W&B's own directory; the rest are names."""


def is_path(location: str) -> bool:
    """Return whether a location is a directory; `entity/project` is the name of a project."""
    return PATH.fullmatch(location) is not None


def opened(source: Source, project: Project) -> Reader:
    """Open a directory, or a project on a server.

    Raises:
        NotReadable: It is no directory.
        NoSuchPath: There is no such directory.
        OutsideProject: It lies where this caller may not read.
    """
    if not is_path(source.location):
        from samestep.readers.wandb.online import opened_online

        return opened_online(source, project)
    from samestep.readers.wandb.local import LocalReader

    directory = project.path(source.location)
    if not directory.is_dir():
        above = project.location(directory.parent)
        raise NotReadable(
            str(source),
            "it is a file, and a source is a directory",
            f"The directory is wandb:./{above}; list_runs names the runs in it.",
        )
    return LocalReader(source, directory, project.roots)


def holds_runs(directory: Path) -> bool:
    """Return whether a directory holds the directories of W&B's runs, by a cheap look."""
    from samestep.readers.wandb.local.directories import holds_logs

    return holds_logs(directory)
