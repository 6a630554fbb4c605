"""JSON documents of results: final values and settings, or a table of rows or columns."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from samestep.formats.config_files import plain, read_document
from samestep.formats.local import axes, json_lines
from samestep.formats.local.log import Log
from samestep.formats.local.text import is_text, not_readable, text_of
from samestep.formats.local.values import parsed
from samestep.model import Final

LARGEST_DOCUMENT = 256_000_000  # bytes
AXIS_KEY = re.compile(
    '"(' + "|".join(map(re.escape, (*axes.STEP_NAMES, *axes.EPOCH_NAMES))) + r')"\s*:',
    re.IGNORECASE,
)
ROWS = re.compile(r"\s*\[\s*\{[^{}]*\}")
"""A list whose first entry is a flat object."""
ROWS_SUFFIXES = (".json", ".jsonl", ".ndjson")
NUMBER = re.compile(r"[:,\[]\s*-?(\d|nan|inf)", re.IGNORECASE)
SCORES = frozenset({"metrics", "results", "scores", "final", "summary"})
"""Keys under which a document about a run holds final values."""
CHECKPOINT = re.compile(r"(?:^|/)checkpoint-(\d+)/?$|(?:step|iter)[-_=]?(\d+)", re.IGNORECASE)
"""A directory `checkpoint-N`, or a step named as one; files `checkpoint-N.pth` count epochs."""

Table = list[Mapping[str, object]]


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file holds results, or a table in a file about the run."""
    text = text_of(head).lstrip()
    if not is_results_name(name) or not is_text(head) or json_lines.looks_like(name, head):
        return False
    try:
        document = cast("object", json.loads(text))
    except (ValueError, RecursionError):  # cut where the head ends
        opens = AXIS_KEY if is_about_run(name) or text.startswith("[") else NUMBER
        return text.startswith(("{", "[")) and opens.search(text) is not None
    if table_of(document) is not None:
        return True
    return isinstance(document, dict) and not is_about_run(name) and bool(NUMBER.search(text))


def looks_like_rows(name: str, head: bytes) -> bool:
    """Return whether a JSON file of any name is a list of rows with a step or an epoch."""
    if not name.lower().endswith(ROWS_SUFFIXES) or not is_text(head):
        return False
    first_object = ROWS.match(text_of(head))
    return first_object is not None and AXIS_KEY.search(first_object[0]) is not None


def is_results_name(name: str) -> bool:
    """Return whether a file name says that the file holds results, or is about the run."""
    stem, _, suffix = name.lower().rpartition(".")
    return suffix == "json" and ("results" in stem or "meta" in stem)


def is_about_run(name: str) -> bool:
    """Return whether a file name says that the file is about the run more than its results."""
    return "results" not in name.lower()


def read(path: Path) -> Log:
    """Read a document of results.

    Raises:
        NotReadable: It is too large, broken, or holds nothing but a single value.
    """
    document, _ = read_document(path, LARGEST_DOCUMENT)
    table = table_of(document)
    if isinstance(document, Mapping):
        rest = cast("Mapping[str, object]", document)
        if table is not None:
            rest = {key: value for key, value in rest.items() if not isinstance(value, list)}
        return _log(path.name, rest, table)
    if table is None:
        raise not_readable(path, "it holds neither named values nor rows of them")
    return _log(path.name, {}, table)


def table_of(document: object) -> Table | None:
    """Return the rows of a list of objects with an axis, or of an object of equally long lists."""
    if isinstance(document, list):
        rows = cast("list[object]", document)
        objects = [cast("Mapping[str, object]", row) for row in rows if isinstance(row, dict)]
        placed = any(axes.has_axis(row) for row in objects)
        return objects if placed and len(objects) == len(rows) else None
    if not isinstance(document, dict):
        return None
    named = cast("dict[str, object]", document)
    lists = {
        key: cast("list[object]", value) for key, value in named.items() if isinstance(value, list)
    }
    lengths = {len(values) for values in lists.values()}
    measures = any(
        isinstance(parsed(value), float) for values in lists.values() for value in values
    )
    all_lists = len(lists) == len(named)
    if len(lengths) != 1 or not measures or not (all_lists or axes.has_axis(lists)):
        return None
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _log(name: str, document: Mapping[str, object], table: Table | None) -> Log:
    rows = json_lines.Rows()
    rows.begin()
    for row in table or ():
        rows.add(row)
    log = rows.log(name, [])
    settings, losses = plain(
        {key: value for key, value in document.items() if not _measures(name, key, value)}
    )
    finals, skipped = _finals(name, document)
    if skipped:
        losses = (*losses, f"{skipped} lists were skipped: a final value is one number")
    return replace(
        log, config={**settings, **log.config}, finals=finals, losses=(*log.losses, *losses)
    )


def _measures(name: str, key: str, value: object) -> bool:
    """Return whether an entry of a document holds final values rather than settings."""
    if isinstance(value, Mapping):
        return key.lower() in SCORES or not (is_about_run(name) or key in json_lines.SETTINGS)
    if is_about_run(name) or isinstance(value, bool):
        return False
    return isinstance(value, float | int | list)


def _finals(name: str, document: Mapping[str, object]) -> tuple[dict[str, Final], int]:
    """Return the numbers of a document under their flat names, and how many lists it holds."""
    measured = {key: value for key, value in document.items() if _measures(name, key, value)}
    step_name = axes.step_name(measured)
    step = _step(document)
    values = list(json_lines.leaves(measured))
    cells = [(key, parsed(value)) for key, value in values]
    finals = {
        key: Final(cell, f"{name}: {key}", step)
        for key, cell in cells
        if isinstance(cell, float) and key != step_name
    }
    return finals, sum(isinstance(value, list) for _, value in values)


def _step(document: Mapping[str, object]) -> float | None:
    """Return the step a document of results belongs to, where it names one."""
    name = axes.step_name(document)
    step = parsed(document[name]) if name is not None else None
    if isinstance(step, float):
        return step
    for key, value in document.items():
        if isinstance(value, str) and ("checkpoint" in key.lower() or "ckpt" in key.lower()):
            found = CHECKPOINT.search(value)
            if found:
                return float(found[1] or found[2])
    return None
