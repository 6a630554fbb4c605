"""Answers as short Markdown, for hosts that show only text."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

MOST_DIGITS = 1e15  # whole numbers beyond this are shortened like the rest

if TYPE_CHECKING:
    from samestep.answers.answer import Answer, LegendEntry


def number(value: float | None) -> str:
    """Return a number with six significant digits, `-` for none."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    whole = float(value).is_integer() and abs(value) < MOST_DIGITS
    return str(int(value)) if whole else f"{value:.6g}"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; nothing for no rows."""
    if not rows:
        return ""
    lines = [headers, ["-"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def page(answer: "Answer", parts: Sequence[str]) -> str:
    """Return the reading first, then the payload, the runs, the caveats and the id."""
    runs = table(
        ["run", "role", "reference", "state", "epoch", "step", "read"],
        [_legend_row(entry) for entry in answer.runs],
    )
    caveats = "\n".join(f"- {c.severity} ({c.rule}): {c.text}" for c in answer.caveats)
    footer = f"{answer.tool} {answer.answer_id}"
    return "\n\n".join(part for part in (answer.reading, *parts, runs, caveats, footer) if part)


def _legend_row(entry: "LegendEntry") -> list[str]:
    members = ", ".join(member.run for member in entry.members)
    more = f" and {entry.more_members} more" if entry.more_members else ""
    points = f"{entry.read.points} points of {entry.read.how}"
    how = points + ("" if entry.read.complete else " (incomplete)")
    return [
        entry.full_name,
        entry.role,
        f"{members}{more}" if members else entry.run or "-",
        entry.state,
        number(entry.current.epoch),
        number(entry.current.step),
        f"{how}; x from {entry.x_from}" if entry.x_from else how,
    ]


def _cell(text: str) -> str:
    """Keep text that others wrote from breaking the table."""
    return " ".join(text.split()).replace("|", "\\|")
