"""The answer of detect_tracker."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.answer import Answer
from samestep.answers.record import Record

if TYPE_CHECKING:
    import pandas as pd


class SourceFound(Record):
    """One place where runs live."""

    source: str
    """The reference to pass to the other tools."""
    tracker: str
    """The tracker that wrote it."""
    evidence: list[str]
    """What was seen that says so."""
    runs: int | None
    """How many runs it holds; null where that was not counted."""
    readable: bool
    """Whether this installation can read it."""
    why_not: str | None
    """Why it cannot be read, and what would change that."""


class Detection(Answer):
    """The sources found, in the protocol's order, and the one to use."""

    tool: str = "detect_tracker"
    sources: list[SourceFound]
    """Every source found, in the protocol's order."""
    chosen: str | None
    """The first readable source; null when there is none."""
    ask: str | None
    """The question to put to the user when there is none."""

    def to_markdown(self) -> str:
        """Return the same answer as a short Markdown table."""
        rows = [
            [
                found.source,
                "-" if found.runs is None else str(found.runs),
                "yes" if found.readable else f"no: {found.why_not}",
                "; ".join(found.evidence),
            ]
            for found in self.sources
        ]
        table = markdown.table(["source", "runs", "readable", "evidence"], rows)
        asked = [markdown.line(f"Ask: {self.ask}")] if self.ask else []
        chosen = [markdown.line(f"Chosen: {self.chosen}")] if self.chosen else []
        return markdown.page(self, [table, *chosen, *asked])

    def to_frame(self) -> "pd.DataFrame":
        """Return the sources, one row each."""
        import pandas as pd

        return pd.DataFrame([found.model_dump() for found in self.sources])
