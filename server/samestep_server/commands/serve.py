"""The server, started."""

from samestep.settings import Project
from samestep_server.commands.options import ProjectOption, refusing


def serve(project: ProjectOption = None) -> None:
    """Serve the tools to an MCP host over standard input and output."""
    from samestep_server.app import build

    refusing(lambda: build(Project.here(project))).run()
