"""A list of runs, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.phrases import number
from samestep_server.terminal.pieces import NOTHING, caveats, table, text

if TYPE_CHECKING:
    from samestep.answers import RunList
    from samestep.answers.listing import RunItem


def listing(answer: "RunList") -> list[RenderableType]:
    """Return the runs as a table, each source above its runs, what could not be read below."""
    headers = ["run", "full name", "state", "started (UTC)", ">epoch", ">step", "seed", ">metrics"]
    rows: list[list[Text]] = []
    source = ""
    for item in answer.items:
        here, _, run_id = item.run.rpartition("#")
        if here != source:
            source = here
            rows.append([text(source, "dim"), *([Text("")] * (len(headers) - 1))])
        rows.append(_listed(item, run_id))
    lost = [
        text(f"read in part: {one.full_name}: {one.lost}", "yellow")
        for one in answer.items
        if one.lost
    ]
    lost += [text(f"unreadable: {one.run}: {one.why}", "yellow") for one in answer.unreadable]
    more = [text(f"more: --cursor {answer.next_cursor}", "dim")] if answer.next_cursor else []
    said = [caveats(answer.caveats)] if answer.caveats else []
    below = [Group(*lost)] if lost else []
    return [text(answer.reading), table(headers, rows), *below, *more, *said]


def _listed(item: "RunItem", run_id: str) -> list[Text]:
    return [
        text(run_id, "bold"),
        text(NOTHING if run_id == item.full_name else item.full_name, "bold"),
        text(item.state),
        text((item.started or NOTHING)[:16].replace("T", " ")),
        text(number(item.current.epoch)),
        text(number(item.current.step)),
        text(item.seed or NOTHING),
        text(str(item.metrics)),
    ]
