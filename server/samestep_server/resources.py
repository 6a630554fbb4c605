"""What a host can read without asking a question: the answers given."""

import json
from typing import TYPE_CHECKING

from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from samestep.errors import NoSuchAnswer

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from samestep.settings import Project


def answer_again(server: "MCPServer", project: "Project") -> None:
    """Let the answers given in one project be read again, by their ids."""

    @server.resource(
        "samestep://answer/{id}", title="An answer again", mime_type="application/json"
    )
    def answer(id: str) -> str:  # noqa: A002 # the address says `id`  # pyright: ignore[reportUnusedFunction]
        """An answer as it was given, by its answer_id."""
        from samestep import ledger

        try:
            recorded = ledger.answer(id, project=project.directory)
        except NoSuchAnswer as refusal:
            raise ResourceNotFoundError(str(refusal)) from refusal
        return json.dumps(recorded.answer, ensure_ascii=False, separators=(",", ":"))
