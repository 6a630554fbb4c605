"""What differs between runs."""

from enum import StrEnum
from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.options import CursorOption, JsonOption, ProjectOption, answered


class Part(StrEnum):
    """What a comparison of configs can show."""

    parameters = "parameters"
    lineage = "lineage"
    environment = "environment"
    resources = "resources"


def configs(
    runs: Annotated[list[str], typer.Argument(help="Runs or group:<pattern>, two or more.")],
    include: Annotated[list[Part] | None, typer.Option(help="What to show; default all.")] = None,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Tell what differs between runs, and which of them are seeds of one thing."""
    from samestep import compare_configs
    from samestep_server import terminal

    answered(
        lambda: compare_configs(
            runs,
            [part.value for part in include] if include else None,
            cursor,
            project=Project.here(project),
        ),
        terminal.configs,
        as_json=as_json,
    )
