"""Where the runs live, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from samestep_server.terminal.pieces import NOTHING, caveats, table, text

if TYPE_CHECKING:
    from samestep.answers import Detection


def detection(answer: "Detection") -> list[RenderableType]:
    """Return the sources as a table."""
    rows = [
        [
            text(found.source, "bold"),
            text(NOTHING if found.runs is None else str(found.runs)),
            text("yes") if found.readable else text(f"no: {found.why_not}", "yellow"),
            text("; ".join(found.evidence)),
        ]
        for found in answer.sources
    ]
    sources = table(["source", ">runs", "readable", "evidence"], rows)
    asked = [text(answer.ask, "bold")] if answer.ask else []
    said = [caveats(answer.caveats)] if answer.caveats else []
    return [text(answer.reading), *([sources] if rows else []), *said, *asked]
