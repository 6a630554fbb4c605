"""What differs between runs, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.answers.configs_text import ABSENT, value_text
from samestep.phrases import number
from samestep_server.terminal.pieces import NOTHING, caveats, short, table, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers.answer import LegendEntry
    from samestep.answers.configs import ConfigComparison, Parameter, RecordRow


def configs(answer: "ConfigComparison") -> list[RenderableType]:
    """Return what changed, then a table of each part asked for, the runs numbered above."""
    numbers = [f"[{at}]" for at in range(1, len(answer.runs) + 1)]
    parts: list[RenderableType] = [
        text(answer.reading, "bold"),
        Group(*(_run(number, run) for number, run in zip(numbers, answer.runs, strict=True))),
        *_titled("changed", numbers, _changed(answer)),
    ]
    if answer.changed_left:
        parts.append(text(f"{answer.changed_left} more changes", "dim"))
    parts.extend(text(f"{_alike(group.by)}: {', '.join(group.members)}") for group in answer.groups)
    names = [entry.full_name for entry in answer.runs]
    if answer.parameters is not None:
        rows = [_parameter(row, names) for row in answer.parameters.differing]
        parts.extend(_titled("parameter", numbers, rows))
        parts.append(text(f"{answer.parameters.equal} parameters are the same", "dim"))
    if answer.next_cursor:
        more = f"{answer.parameters_left} more: --cursor {answer.next_cursor}"
        parts.append(text(more, "dim"))
    parts.extend(_titled("lineage", numbers, _records(answer.lineage)))
    parts.extend(_titled("environment", numbers, _records(answer.environment)))
    parts.extend(_titled(_up_to(answer), numbers, _resources(answer)))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _alike(by: list[str]) -> str:
    return f"seeds of one thing, by {', '.join(by)}" if by else "equal in every recorded setting"


def _run(number: str, entry: "LegendEntry") -> Text:
    return Text.assemble((f"{number} ", "dim"), text(entry.full_name), (f"  {entry.state}", "dim"))


def _titled(
    title: str, numbers: "Sequence[str]", rows: "Sequence[Sequence[str]]"
) -> list[RenderableType]:
    if not rows:
        return []
    return [table([title, *numbers], [[text(cell) for cell in row] for row in rows])]


def _changed(answer: "ConfigComparison") -> list[list[str]]:
    return [[one.what, *one.values] for one in answer.changed]


def _parameter(row: "Parameter", names: "Sequence[str]") -> list[str]:
    pairs = zip(names, row.values, strict=True)
    return [
        row.key,
        *(ABSENT if name in row.absent else value_text(value) for name, value in pairs),
    ]


def _records(rows: "Sequence[RecordRow] | None") -> list[list[str]]:
    return [[row.what, *(value or NOTHING for value in row.values)] for row in rows or ()]


def _up_to(answer: "ConfigComparison") -> str:
    found = answer.resources
    if found is None or found.axis is None:
        return "resources"
    return f"resources up to {found.axis} {number(found.value)}"


def _resources(answer: "ConfigComparison") -> list[list[str]]:
    if answer.resources is None:
        return []
    return [
        [f"{row.what}, {row.origin}", *(short(value, 5) for value in row.values)]
        for row in answer.resources.rows
    ]
