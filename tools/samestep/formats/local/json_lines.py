"""Logs of one JSON object per line with a step or an epoch in each."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from samestep.formats.config_files import DEEPEST, plain, whole_text
from samestep.formats.local import axes
from samestep.formats.local.columns import Columns
from samestep.formats.local.log import Log
from samestep.formats.local.several import RUN_COLUMNS
from samestep.formats.local.text import HEAD, is_text, open_lines, text_of
from samestep.formats.local.values import parsed

LINES_SUFFIXES = (".jsonl", ".ndjson")
SUFFIXES = (*LINES_SUFFIXES, ".json", ".log", ".txt")
LOG_NAME = re.compile(r"(.*log|metrics|scalars|result|progress|history|training_metrics)\..*")
"""Names of logs that are known to be logs while they hold but one line."""
SETTINGS = frozenset({"config", "cfg", "args", "hparams", "hyperparameters", "params"})
"""Keys under which an object holds settings, repeated in every line by some writers."""


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is JSON lines, some of which have a step or an epoch."""
    lower = name.lower()
    if not lower.endswith(SUFFIXES) or not is_text(head):
        return False
    lines = [line for line in text_of(head).splitlines() if line.strip()]
    rows = _objects(lines)
    if not lower.endswith(LINES_SUFFIXES):
        if not rows or _object(lines[0]) is None:
            return False
        if len(lines) == 1 and not LOG_NAME.fullmatch(lower):
            return False
    return any(axes.has_axis(name for name, _ in leaves(row)) for row in rows)


def columns(head: bytes) -> frozenset[str] | None:
    """Return the metrics in the first lines, where they are all the lines there are."""
    if len(head) >= HEAD:
        return None
    values = (leaf for row in _objects(text_of(head).splitlines()) for leaf in leaves(row))
    return frozenset(name for name, value in values if _is_measured(name, value))


def may_hold_several(head: bytes) -> bool:
    """Return whether the first rows have a value that may tell runs apart."""
    return any(key.lower() in RUN_COLUMNS for row in first_rows(head) for key in row)


def read(path: Path) -> Log:
    """Read JSON lines.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    rows = Rows()
    losses = each_row(path, rows.add)
    return rows.log(path.name, losses)


def each_row(path: Path, take: Callable[[Mapping[str, object]], None]) -> list[str]:
    """Hand each object of a file to `take`, and return a sentence for what is none.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    broken = torn = 0
    with open_lines(path) as lines:
        for line in lines:
            row = _object(line)
            if row is not None:
                take(row)
            elif line.strip():
                torn, broken = (torn + 1, broken) if not lines.ended else (torn, broken + 1)
        losses = lines.losses()
    if broken:
        losses.append(f"{broken} lines that are no JSON object were skipped")
    if torn:
        losses.append("the last line is half-written and was dropped")
    return losses


def first_rows(head: bytes) -> list[Mapping[str, object]]:
    """Return the whole objects among the lines a file starts with."""
    return _objects(text_of(head).splitlines()) if is_text(head) else []


class Rows:
    """Parsed rows, collected as columns; settings are told apart from metrics."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._config: dict[str, object] = {}
        self._lists = 0
        self._begun = False

    def begin(self) -> None:
        """Take every row for one that measures, even before one has an axis."""
        self._begun = True

    def add(self, row: Mapping[str, object]) -> None:
        """Add one row; what stands before the first step or epoch describes the run."""
        values = list(leaves(row))
        self._begun = self._begun or axes.has_axis(name for name, _ in values)
        if not self._begun:
            self._config |= _plain(row)
            return
        for key in SETTINGS & row.keys():
            settings = row[key]
            if isinstance(settings, Mapping):
                self._config[key] = _plain(cast("Mapping[str, object]", settings))
        self._lists += sum(isinstance(value, list) for _, value in values)
        self._columns.add((name, parsed(value)) for name, value in values)

    def log(self, how: str, losses: list[str], steps: Sequence[str] = ()) -> Log:
        """Return what was collected; the first of `steps` that was logged places the rows."""
        if self._lists:
            losses = [*losses, f"{self._lists} lists were skipped: a point is one number"]
        return self._columns.log(how, self._config, losses, steps)


def leaves(
    row: Mapping[str, object], prefix: str = "", depth: int = 1
) -> Iterator[tuple[str, object]]:
    """Yield the values of a row, nested names joined by `/`, its settings passed over."""
    for key, value in row.items():
        if not isinstance(value, Mapping):
            yield whole_text(f"{prefix}{key}"), value
        elif depth < DEEPEST and (prefix or key not in SETTINGS):
            nested = cast("Mapping[str, object]", value)
            yield from leaves(nested, f"{prefix}{key}/", depth + 1)


def _objects(lines: Iterable[str]) -> list[Mapping[str, object]]:
    return [row for row in map(_object, lines) if row is not None]


def _object(line: str) -> Mapping[str, object] | None:
    try:
        value = cast("object", json.loads(line)) if line.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return plain(cast("Mapping[object, object]", row))[0]


def _is_measured(name: str, value: object) -> bool:
    return isinstance(parsed(value), float) and not axes.is_axis(name)
