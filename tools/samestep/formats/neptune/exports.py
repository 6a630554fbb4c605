"""The parquet files of neptune-exporter: a run's attributes and series, one value a row.

A run is `<project>/<run>_part_<n>.parquet`, written as `.parquet.tmp` and renamed once all parts
are there, part 0 last. Columns beyond those that are read here hold texts, files and histograms.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from samestep.errors import shown_text
from samestep.formats.config_files import whole_text
from samestep.formats.neptune.held import Held, Points, Value
from samestep.formats.neptune.parquet import Columns, NotParquet, ParquetFile
from samestep.formats.neptune.regular import why
from samestep.formats.neptune.rows import by_time
from samestep.progress import tell

PART_NAME = re.compile(
    r"(?:(?P<run>.+)_)?part_(?P<number>\d{1,9})\.parquet(?P<tmp>\.tmp)?", re.ASCII
)
"""A part's name; without a run in it, it may hold several runs."""
SERIES = "float_series"
VALUE_COLUMNS = {
    "int": "int_value",
    "float": "float_value",
    "string": "string_value",
    "bool": "bool_value",
    "datetime": "datetime_value",
    "string_set": "string_set_value",
}
"""The column in which a single value of each type stands."""
_IDS = ("project_id", "run_id")
_KINDS = ("attribute_path", "attribute_type")
_PLACE = ("step", "timestamp", "float_value")
_NEEDED = frozenset((*_IDS, *_KINDS, *_PLACE))


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export, by its name."""

    path: Path
    run: str
    """What stands before `_part_`; "" where the file may hold several runs."""
    number: int
    is_finished: bool


RunKey = tuple[str, str]
"""A project's id, such as `workspace/project`, and a run's id in it."""


def part_of(path: Path) -> Part | None:
    """Return what a file's name says; None for one that is no part of an export."""
    match = PART_NAME.fullmatch(path.name)
    if match is None:
        return None
    return Part(path, match["run"] or "", int(match["number"]), match["tmp"] is None)


def heads_in(part: Part, wanted: Sequence[str]) -> dict[RunKey, dict[str, Value]]:
    """Return the runs that a part holds, each with those of its values that are wanted.

    Raises:
        OSError: The file cannot be read.
        NotParquet: It is no parquet file of the exporter's.
    """
    with closing(_export(part.path)) as file:
        keys: dict[RunKey, None] = {}
        for group in range(file.groups):
            columns = file.lists(group, _IDS, {})
            projects, runs = (map(str, columns[name]) for name in _IDS)
            keys.update(dict.fromkeys(zip(projects, runs, strict=True)))
            if part.run and keys:  # a file named for one run holds no other
                break
        return {run: dict(_values_of(file, run, wanted)) for run in keys}


def read_parts(parts: Sequence[Part], run: RunKey) -> Held:
    """Return what all finished parts of one run hold; what cannot be read is said.

    Raises:
        NotParquet: Not one of them can be read.
    """
    attributes: dict[str, Value] = {}
    columns: list[Columns] = []
    losses = list(_missing(parts))
    finished = [part for part in parts if part.is_finished]
    broken: list[str] = []
    for number, part in enumerate(finished):
        tell(f"parts of {run[1]}", number, len(finished))
        try:
            with closing(_export(part.path)) as file:
                attributes.update(_values_of(file, run))
                columns.extend(_points_of(file, run))
        except (OSError, NotParquet) as error:
            reason = why(error) if isinstance(error, OSError) else str(error)
            broken.append(f"{shown_text(part.path.name)} could not be read: {reason}.")
    if len(broken) == len(finished):
        raise NotParquet(" ".join([*losses, *broken]).rstrip("."))
    return Held(attributes, _series(columns), (*losses, *broken))


def _export(path: Path) -> ParquetFile:
    file = ParquetFile(path)
    missing = sorted(_NEEDED - file.columns)
    if missing:
        raise NotParquet(f"it lacks the columns {', '.join(missing)} of neptune-exporter")
    return file


def _missing(parts: Sequence[Part]) -> Iterator[str]:
    finished = {part.number for part in parts if part.is_finished}
    unfinished = sorted({part.number for part in parts} - finished)
    if unfinished:
        yield f"The export was not finished: {_numbered(unfinished)} named .tmp, as while written."
    absent = sorted(set(range(max(finished, default=0))) - {part.number for part in parts})
    if absent:
        last = ", and it is the last to be put in its place" if 0 in absent else ""
        yield f"The export is not whole: {_numbered(absent)} missing{last}."


def _numbered(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"part {numbers[0]} is"
    return f"{len(numbers)} parts (the first is part {numbers[0]}) are"


def _ids(run: RunKey) -> dict[str, Sequence[str]]:
    return {name: [text] for name, text in zip(_IDS, run, strict=True)}


def _values_of(
    file: ParquetFile, run: RunKey, wanted: Sequence[str] | None = None
) -> Iterator[tuple[str, Value]]:
    """Yield the single values of a run, each with its path, until all that are wanted are found."""
    columns = [*_KINDS, *(name for name in VALUE_COLUMNS.values() if name in file.columns)]
    left = None if wanted is None else set(wanted)
    for group in range(file.groups):
        if left is not None and not left:
            return
        paths = {} if left is None else {_KINDS[0]: list(left)}
        keep = {_KINDS[1]: list(VALUE_COLUMNS), **paths, **_ids(run)}
        for name, value in _values(file.lists(group, columns, keep)):
            yield name, value
            (left or set()).discard(name)


def _points_of(file: ParquetFile, run: RunKey) -> Iterator[Columns]:
    """Yield the points of the run's series, one row group at a time."""
    keep = {_KINDS[1]: [SERIES], **_ids(run)}
    for group in range(file.groups):
        points = file.points(group, _KINDS[0], _PLACE, keep)
        if points is not None:
            yield points


def _values(columns: Mapping[str, list[object]]) -> Iterator[tuple[str, Value]]:
    paths, kinds = (columns.get(name, []) for name in _KINDS)
    for row, (path, kind) in enumerate(zip(paths, kinds, strict=True)):
        column = columns.get(VALUE_COLUMNS.get(str(kind), ""))
        # The exporter writes a row, with no value, for what only other runs of its batch have.
        value = None if column is None else _plain(column[row])
        if value is not None and path is not None:
            yield whole_text(str(path)), value


def _plain(value: object) -> Value | None:
    if isinstance(value, list):
        return tuple(sorted(whole_text(str(one)) for one in cast("list[object]", value)))
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str):
        return whole_text(value)
    return value if isinstance(value, int | float) else None


def _series(columns: Sequence[Columns]) -> dict[str, Points]:
    """Join the points of each series over all row groups."""
    pieces: dict[str, list[Columns]] = {}
    for column in columns:
        for piece in _pieces(column):
            pieces.setdefault(piece.names[0], []).append(piece)
    steps = [np.concatenate([piece.steps for piece in found]) for found in pieces.values()]
    times = [np.concatenate([piece.times for piece in found]) for found in pieces.values()]
    values = [np.concatenate([piece.values for piece in found]) for found in pieces.values()]
    points = map(Points, steps, values, times, by_time(steps, times))
    return dict(zip(pieces, points, strict=True))


def _pieces(column: Columns) -> Iterator[Columns]:
    """Yield the points of each series, in the order of their rows."""
    sorting = np.argsort(column.codes, kind="stable")
    counts = np.bincount(column.codes, minlength=len(column.names))
    for name, rows in zip(column.names, np.split(sorting, np.cumsum(counts)[:-1]), strict=False):
        if len(rows):
            place = column.codes[rows], column.steps[rows], column.times[rows], column.values[rows]
            yield Columns((whole_text(name),), *place)
