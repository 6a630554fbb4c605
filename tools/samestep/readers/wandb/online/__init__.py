"""Runs of a Weights & Biases project, read from its server through W&B's own client."""

import re
from importlib.metadata import PackageNotFoundError, version

from samestep.errors import BadArgument, BadReference, MissingPackage, NotReadable
from samestep.model import Source
from samestep.readers.base import Reader
from samestep.readers.wandb.addresses import reference_of
from samestep.settings import Project

__all__ = ["opened_online"]

OLDEST = (0, 30)
"""The client whose service takes a time limit, and looks for a key without asking for one."""
NAMED = re.compile(r"[^/\s]+/[^/]+")
ADDRESS = re.compile(r"https?://[^\s/]+.*")
INSTALL = "This installs it: pip install 'samestep[wandb]'"


def opened_online(source: Source, project: Project) -> Reader:
    """Open the reader of a project on a W&B server, `wandb:entity/project`.

    Nothing is asked of the server yet.

    Raises:
        BadReference: The location names no project.
        BadArgument: WANDB_BASE_URL, or SAMESTEP_DEADLINE, is set to what it cannot be.
        MissingPackage: W&B's client is not installed.
        NotReadable: It is too old.
    """
    if not NAMED.fullmatch(source.location):
        raise _no_project(source)
    _refuse_no_address(project.environment.get("WANDB_BASE_URL", ""))
    _refuse_old_client(source)
    from samestep.readers.wandb.online.reader import OnlineReader
    from samestep.readers.wandb.online.service import Service

    return OnlineReader(source, Service(project.environment, project.deadline))


def _no_project(source: Source) -> BadReference:
    """Return the refusal of what names no project; where it is a run's path, with its reference."""
    run = reference_of(source.location)
    takes = "wandb:<entity>/<project> or wandb:<directory>"
    reference = f"; the run of that path is {run}" if run else ""
    return BadReference("source", str(source), f"{takes}{reference}")


def _refuse_no_address(base_url: str) -> None:
    if base_url and not ADDRESS.fullmatch(base_url):
        raise BadArgument("WANDB_BASE_URL", base_url, "an address, such as 'https://api.wandb.ai'")


def _refuse_old_client(source: Source) -> None:
    try:
        installed = version("wandb")
    except PackageNotFoundError as error:
        raise MissingPackage(str(source), "wandb", "wandb") from error
    if tuple(map(int, re.findall(r"\d+", installed)[:2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        why = f"the package 'wandb' is version {installed}, and reading a server takes {oldest}"
        raise NotReadable(str(source), f"{why} or newer", INSTALL)
