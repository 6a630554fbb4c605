"""What differs between runs, as short Markdown tables."""

import json
from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers.configs import ConfigComparison, Parameter, RecordRow

ABSENT = "absent"


def to_markdown(answer: "ConfigComparison") -> str:
    """Return what changed first, then a table for each part asked for."""
    names = [entry.full_name for entry in answer.runs]
    parts = [
        _titled("Changed", ["what", "from", *names], _changed(answer)),
        *([f"{answer.changed_left} more changes."] if answer.changed_left else []),
        *(_seeds(members.members, members.by) for members in answer.groups),
        *_parameters(answer, names),
        *_records("Lineage", answer.lineage, names),
        *_records("Environment", answer.environment, names),
        *_resources(answer, names),
    ]
    return markdown.page(answer, [part for part in parts if part])


def _changed(answer: "ConfigComparison") -> list[list[str]]:
    return [[one.what, one.origin, *one.values] for one in answer.changed]


def _seeds(members: "Sequence[str]", by: "Sequence[str]") -> str:
    how = f"everything but the seed ({', '.join(by)})" if by else "every recorded setting"
    return line(f"Equal in {how}: {', '.join(members)}.")


def _parameters(answer: "ConfigComparison", names: "Sequence[str]") -> list[str]:
    if answer.parameters is None:
        return []
    rows = [_parameter(row, names) for row in answer.parameters.differing]
    more = (
        [f'{answer.parameters_left} more settings: cursor="{answer.next_cursor}"']
        if answer.next_cursor
        else []
    )
    equal = f"{answer.parameters.equal} settings are the same in every run."
    return [_titled("Parameters", ["setting", *names], rows), *more, equal]


def _parameter(row: "Parameter", names: "Sequence[str]") -> list[str]:
    shown = [
        ABSENT if name in row.absent else value_text(value)
        for name, value in zip(names, row.values, strict=True)
    ]
    return [row.key, *shown]


def value_text(value: object) -> str:
    """Return a setting's value as JSON writes it, texts as they are and numbers as everywhere."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def _records(title: str, rows: "Sequence[RecordRow] | None", names: "Sequence[str]") -> list[str]:
    if rows is None:
        return []
    body = [
        [row.what, row.origin, *(value or "-" for value in row.values), "yes" if row.same else "no"]
        for row in rows
    ]
    empty = f"{title}: nothing is recorded."
    return [_titled(title, ["what", "from", *names, "same"], body) if body else empty]


def _resources(answer: "ConfigComparison", names: "Sequence[str]") -> list[str]:
    found = answer.resources
    if found is None:
        return []
    rows = [
        [row.what, row.origin, row.how, *(number(value) for value in row.values)]
        for row in found.rows
    ]
    if not rows:
        return ["Resources: none is logged."]
    at = "" if found.axis is None else f" up to {found.axis} {number(found.value)} ({found.unit})"
    return [_titled(f"Resources{at}", ["what", "from", "how", *names], rows)]


def _titled(title: str, headers: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> str:
    table = markdown.table(headers, rows)
    return f"{line(title)}:\n\n{table}" if table else ""
