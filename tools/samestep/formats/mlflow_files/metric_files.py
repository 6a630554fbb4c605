"""A store's metric files: a line for every point, `timestamp value step`."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import BinaryIO

import numpy as np

from samestep.errors import MOST_NAMED
from samestep.formats.mlflow_records import Points

CHUNK = 1 << 20  # bytes
LONGEST_LINE = 1 << 16  # bytes
WITHOUT_STEP = 2  # columns of a line by a client before MLflow 1.0
COLUMNS = 3  # and two more where the metric names a data set, whose name may have spaces
CUT_SHORT = 4  # columns no client writes: a line cut off, or two of them run together
TOO_LONG = b"too long "


@dataclass(slots=True)
class Columns:
    """The points of one file, and what is no point in it."""

    timestamps: "array[float]" = field(default_factory=lambda: array("d"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    steps: "array[float]" = field(default_factory=lambda: array("d"))
    skipped: int = 0
    is_torn: bool = False
    is_unended: bool = False
    """Whether the last line is whole but for its end, so that its last number may be cut."""

    def points(self) -> Points:
        """Return the points in the order of their times, then of writing."""
        timestamps = np.array(self.timestamps, dtype=np.float64)
        order = np.argsort(timestamps, kind="stable")
        steps = np.array(self.steps, dtype=np.float64)[order]
        return Points(steps, np.array(self.values, dtype=np.float64)[order], timestamps[order])


@dataclass(slots=True)
class MetricFiles:
    """The metric files of a run as they are read, and what was lost of them."""

    points: dict[str, Points] = field(default_factory=dict[str, Points])
    _torn: list[str] = field(default_factory=list[str])
    _unended: list[str] = field(default_factory=list[str])
    _empty: list[str] = field(default_factory=list[str])
    _skipped: dict[str, int] = field(default_factory=dict[str, int])
    _closed: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, metric: str, path: Path) -> None:
        """Read one file."""
        try:
            with path.open("rb") as file:
                columns = read_columns(file)
        except OSError as error:
            self._closed[metric] = str(error.strerror or error)
            return
        if columns.skipped:
            self._skipped[metric] = columns.skipped
        if columns.is_torn:
            self._torn.append(metric)
        if columns.is_unended:
            self._unended.append(metric)
        if len(columns.values):
            self.points[metric] = columns.points()
        elif not columns.skipped and not columns.is_torn:
            self._empty.append(metric)

    def losses(self) -> tuple[str, ...]:
        """Return one sentence for each kind of loss."""
        skipped = sum(self._skipped.values())
        lines = "line that is no point was" if skipped == 1 else "lines that are no points were"
        said = {
            f"The last line was cut off and was dropped in {_names(self._torn)}.": self._torn,
            f"The last line has no end, and its step may be cut, in {_names(self._unended)}.": (
                self._unended
            ),
            f"{skipped} {lines} skipped in {_names(list(self._skipped))}.": self._skipped,
            f"No point is logged in {_names(self._empty)}.": self._empty,
        }
        closed = (f"{metric} could not be read: {why}." for metric, why in self._closed.items())
        return (*(sentence for sentence, metrics in said.items() if metrics), *closed)


def read_columns(file: BinaryIO) -> Columns:
    """Read the lines of a metric file; what is no point is counted and never raised."""
    columns = Columns()
    for line, is_ended in _lines(file):
        fields = line.split()
        if not fields:
            continue
        is_whole = is_ended or len(fields) >= COLUMNS
        if is_whole and _add(columns, fields):
            columns.is_unended = not is_ended and len(fields) == COLUMNS
        elif is_ended:
            columns.skipped += 1
        else:
            columns.is_torn = True
    return columns


def _add(columns: Columns, fields: list[bytes]) -> bool:
    """Add a point; return False where the line is none."""
    if len(fields) < WITHOUT_STEP or len(fields) == CUT_SHORT:
        return False
    try:
        timestamp, value = float(fields[0]), float(fields[1])
        step = float(fields[2]) if len(fields) >= COLUMNS else 0.0
    except ValueError:
        return False
    if not isfinite(timestamp) or not isfinite(step):
        return False
    columns.timestamps.append(timestamp)
    columns.values.append(value)
    columns.steps.append(step)
    return True


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield every line and whether it ended; what is too long becomes a line that is no point."""
    rest = b""
    while chunk := file.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line if len(line) <= LONGEST_LINE else TOO_LONG, True
        if len(rest) > LONGEST_LINE:
            rest = TOO_LONG
    if rest:
        yield rest, False


def _names(metrics: list[str]) -> str:
    more = len(metrics) - MOST_NAMED
    return ", ".join(metrics[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
