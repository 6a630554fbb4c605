"""Weights & Biases: its own logs on this machine, or the projects on a server."""

import re
from pathlib import Path

from samestep.errors import NotReadable
from samestep.model import RunRef, Source
from samestep.readers.base import Reader
from samestep.readers.places import location_of
from samestep.settings import Project

__all__ = ["holds_runs", "is_path", "is_run_directory", "opened"]

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
        raise _is_a_file(source, directory, project)
    return LocalReader(source, directory, project.roots)


def _is_a_file(source: Source, file: Path, project: Project) -> NotReadable:
    """Return the refusal of a file, which leads to its run where it is a log."""
    from samestep.readers.wandb.local.directories import is_named_as_log, run_of_log

    run_id = run_of_log(file)
    if run_id is None:
        why = "it is a file, and no log of W&B's"
        return NotReadable(str(source), why, "detect_tracker names the sources that can be read.")
    why = "it is a file, and a source is a directory"
    if not is_named_as_log(file):
        return NotReadable(str(source), why, f"Under the name run-{run_id}.wandb it is read there.")
    above = Source("wandb", location_of("wandb", file.parent, project))
    return NotReadable(str(source), why, f"The reference of its run is {RunRef(above, run_id)}.")


def is_run_directory(name: str) -> bool:
    """Return whether W&B gives a run's directory such a name."""
    from samestep.readers.wandb.local import directories

    return directories.is_run_directory(name)


def holds_runs(directory: Path) -> bool:
    """Return whether a directory holds the directories of W&B's runs, by a cheap look."""
    from samestep.readers.wandb.local.directories import holds_logs

    return holds_logs(directory)
