"""The answer of list_runs."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.answer import Answer, Current
from samestep.answers.record import Record
from samestep.model import State
from samestep.phrases import number

if TYPE_CHECKING:
    import pandas as pd


class RunItem(Record):
    """One run of a listing."""

    run: str
    """The reference to pass to the other tools."""
    full_name: str
    """The run's full name."""
    state: State
    """Whether it is still training."""
    started: str | None
    """When it started, in ISO 8601, UTC; null where nothing says."""
    current: Current
    """How far it has come, by its history."""
    seed: str | None
    """Its random seed; null where its config names none."""
    group: str | None
    """The tracker's own group; null where there is none."""
    tags: list[str]
    """The tracker's own tags."""
    metrics: int
    """How many metrics it logged; measurements of the machine do not count."""
    lost: str | None
    """What of it could not be read; null where nothing was lost, or it was not read for this."""


class UnreadableItem(Record):
    """Something that looks like a run and cannot be read."""

    run: str
    """Its reference."""
    why: str
    """Why it cannot be read."""


class RunList(Answer):
    """Runs of one source or of all, a page at a time."""

    tool: str = "list_runs"
    items: list[RunItem]
    """The runs of this page."""
    matched: int
    """How many runs answer to the question, on all pages."""
    next_cursor: str | None
    """Pass it as `cursor` for the next page; null on the last."""
    unreadable: list[UnreadableItem]
    """What could not be read, at most 20."""

    def to_markdown(self) -> str:
        """Return the same answer as a short Markdown table."""
        headers = [
            "full_name",
            "run",
            "state",
            "started",
            "epoch",
            "step",
            "seed",
            "group",
            "tags",
            "metrics",
        ]
        rows = [
            [
                item.full_name,
                item.run,
                item.state,
                item.started or "-",
                number(item.current.epoch),
                number(item.current.step),
                item.seed or "-",
                item.group or "-",
                ", ".join(item.tags) or "-",
                str(item.metrics),
            ]
            for item in self.items
        ]
        in_part = [
            markdown.line(f"Read in part: {item.full_name}: {item.lost}")
            for item in self.items
            if item.lost
        ]
        lost = [markdown.line(f"Unreadable: {item.run}: {item.why}") for item in self.unreadable]
        more = [f'Next page: cursor="{self.next_cursor}"'] if self.next_cursor else []
        return markdown.page(self, [markdown.table(headers, rows), *in_part, *lost, *more])

    def to_frame(self) -> "pd.DataFrame":
        """Return the runs of this page, one row each."""
        import pandas as pd

        rows = [
            {**item.model_dump(exclude={"current"}), **item.current.model_dump()}
            for item in self.items
        ]
        return pd.DataFrame(rows)
