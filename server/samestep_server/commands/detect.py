"""Where the runs live."""

from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import JsonOption, ProjectOption, answered


def detect(
    path: Annotated[str, typer.Argument(help="Directory to look in.")] = ".",
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Find the trackers and sources below a path."""
    from samestep import detect_tracker
    from samestep_server import terminal

    answered(
        lambda: detect_tracker(path, project=Project.here(project)),
        terminal.detection,
        as_json=as_json,
    )
