"""Answers as short Markdown, for hosts that show only text."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from samestep.phrases import number

MARKUP = re.compile(r"<(?=[A-Za-z/!?])|(?<=\])\(")  # tags, comments, links, images

if TYPE_CHECKING:
    from samestep.answers.answer import Answer, LegendEntry


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; nothing for no rows."""
    body = list(rows)
    if not body:
        return ""
    head, *rest = (f"| {' | '.join(map(_cell, line))} |" for line in (headers, *body))
    return "\n".join([head, f"|{'-|' * len(headers)}", *rest])


def page(answer: "Answer", parts: Sequence[str]) -> str:
    """Return the reading first, then the payload, the runs, the caveats and the id."""
    x_from = {entry.x_from for entry in answer.runs}
    runs = "\n".join(_legend_line(entry, same_x=len(x_from) == 1) for entry in answer.runs)
    axis = line(f"x of every run from {x_from.pop()}.") if len(x_from) == 1 and all(x_from) else ""
    caveats = "\n".join(f"- {c.severity} ({c.rule}): {line(c.text)}" for c in answer.caveats)
    footer = f"{answer.tool} {answer.answer_id}"
    return "\n\n".join(
        part for part in (line(answer.reading), *parts, axis, runs, caveats, footer) if part
    )


def line(text: str) -> str:
    """Return a text in one line, without signs or markup that a terminal or a host would act on."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in " ".join(text.split()))
    return MARKUP.sub(lambda found: f"\\{found[0]}", shown)


def _legend_line(entry: "LegendEntry", *, same_x: bool) -> str:
    """Return a run or group in one line; a reference that ends with the name stands for both."""
    ref = entry.run or ""
    name = ref if ref.endswith(f"#{entry.full_name}") else f"{entry.full_name} = {ref or 'runs'}"
    members = ", ".join(f"{member.run} ({member.state})" for member in entry.members)
    more = f" and {entry.more_members} more" if entry.more_members else ""
    facts = {"seed": entry.seed, "epoch": entry.current.epoch, "step": entry.current.step}
    known = [
        f"{name} {v if isinstance(v, str) else number(v)}"
        for name, v in facts.items()
        if v is not None
    ]
    read = f"{entry.read.points} points of {entry.read.how}"
    told = [
        f"- {entry.role} {name}",
        *([f"members {members}{more}"] if members else []),
        entry.state,
        *known,
        read if entry.read.complete else f"{read}, incomplete",
        *([f"x from {entry.x_from}"] if entry.x_from and not same_x else []),
    ]
    return line("; ".join(told))


def _cell(text: str) -> str:
    """Keep text that others wrote from breaking the table."""
    return re.sub(r"(\\*)\|", r"\1\1\|", line(text))
