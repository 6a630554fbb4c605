"""The MCP server: each question becomes a tool, each refusal words a model can act on."""

from functools import partial
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError

from samestep.progress import listening
from samestep.questions.check_claim import check_claim
from samestep.questions.compare_configs import compare_configs
from samestep.questions.compare_same_epoch import compare_same_epoch
from samestep.questions.convergence_check import convergence_check
from samestep.questions.detect_tracker import detect_tracker
from samestep.questions.fetch_history import fetch_history
from samestep.questions.list_runs import list_runs
from samestep.questions.parameter_importance import parameter_importance
from samestep.questions.rank_runs import rank_runs
from samestep.questions.significance_test import significance_test
from samestep.settings import Project
from samestep_server.resources import answer_again
from samestep_server.tools import QuestionTool
from samestep_server.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import Context
    from mcp.types import CallToolResult, Tool

QUESTIONS = (
    detect_tracker,
    list_runs,
    fetch_history,
    compare_same_epoch,
    compare_configs,
    convergence_check,
    significance_test,
    rank_runs,
    parameter_importance,
    check_claim,
)


class Server(MCPServer):
    """Serves samestep's questions about one project."""

    def __init__(self, project: Project) -> None:
        super().__init__(
            "samestep",
            title="samestep",
            instructions=files("samestep_server").joinpath("instructions.md").read_text("utf-8"),
            version=version("samestep"),
            log_level="WARNING",
        )
        self._project = project
        self._questions = {tool.name: tool for tool in map(QuestionTool, QUESTIONS)}
        answer_again(self, project)

    async def list_tools(self) -> "list[Tool]":
        """Return every question as a tool, always in the same order."""
        return [tool.description() for tool in self._questions.values()]

    async def call_tool(
        self, name: str, arguments: dict[str, object], context: "Context | None" = None
    ) -> "CallToolResult":
        """Ask a question on a worker thread; anything but a refusal is a bug and stays here."""
        if name not in self._questions:
            raise ToolError(f"No tool {name!r}. Tools: {', '.join(self._questions)}.")
        ask = partial(self._questions[name].ask, arguments, self._project)
        try:
            return await _watched(ask, context)
        except Exception as bug:  # the edge of the process: the traceback is logged, never sent
            raise UnexpectedToolError(
                f"{name} failed: a bug in samestep, logged on its standard error. "
                "Another call with the same arguments fails the same way."
            ) from bug


async def _watched(
    ask: "Callable[[], CallToolResult]", context: "Context | None"
) -> "CallToolResult":
    """Ask, telling the client how far it is; a cancelled question stops at its next request."""
    if context is None:
        return await anyio.to_thread.run_sync(ask)
    watch = Watch(context)
    try:
        with listening(watch):
            return await anyio.to_thread.run_sync(ask, abandon_on_cancel=True)
    finally:
        watch.cancel()


def build(project: Project) -> Server:
    """Build the server for one project, which it may not read beyond."""
    return Server(project.confined())
