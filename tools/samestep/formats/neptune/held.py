"""What Neptune keeps of one run in any of its forms: single values, and series of numbers."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.neptune.rows import as_written

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

Value = str | int | float | bool | datetime | tuple[str, ...]
"""A single value; a set of strings is a sorted tuple."""

CUSTOM_RUN_ID = "sys/custom_run_id"
NAME = "sys/name"
CREATED = "sys/creation_time"
PARENT = "sys/forking/parent"
PARENT_STEP = "sys/forking/step"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """One series, in the order its points are kept; all arrays have the shape (points,)."""

    steps: "Floats"
    values: "Floats"
    times: "Floats"
    """Seconds since 1970; NaN where the form names no time."""
    rows: "Integers"
    """The number of the log call of each point; equal numbers share step and time."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Everything one form keeps of a run."""

    attributes: Mapping[str, Value]
    """Single values by their path, with `/` between its parts."""
    series: Mapping[str, Points]
    losses: tuple[str, ...] = ()
    unstepped: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many points of a series were logged without a step: they are numbered, in order."""
    artifacts: Mapping[str, str] = field(default_factory=dict[str, str])
    """The hash of each tracked artifact, by its path."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


class _Series:
    """One series while it is being read."""

    def __init__(self) -> None:
        self.steps = array("d")
        self.values = array("d")
        self.times = array("d")
        self.order = array("q")
        """The place of each point among all points of the run."""
        self.unstepped = 0


class Log:
    """A run's operations, applied one by one in the order in which they were written."""

    def __init__(self) -> None:
        self.attributes: dict[str, Value] = {}
        self.artifacts: dict[str, str] = {}
        self.cleared: Counter[str] = Counter()
        """How many points of a series the run itself deleted."""
        self._series: dict[str, _Series] = {}
        self._points = 0

    def append(self, path: str, step: float | None, value: float, time: float) -> None:
        """Add a point to a series; one without a step gets the number after the one before it."""
        series = self._series.get(path)
        if series is None:
            series = self._series[path] = _Series()
        if step is None:
            # As Neptune's server would have done.
            step = series.steps[-1] + 1.0 if series.steps else 0.0
            series.unstepped += 1
        series.steps.append(step)
        series.values.append(value)
        series.times.append(time)
        series.order.append(self._points)
        self._points += 1

    def add(self, path: str, strings: Iterable[str]) -> None:
        """Add strings to a set."""
        self.attributes[path] = tuple(sorted({*self._set(path), *strings}))

    def remove(self, path: str, strings: Iterable[str]) -> None:
        """Take strings out of a set."""
        self.attributes[path] = tuple(sorted({*self._set(path)} - {*strings}))

    def clear(self, path: str) -> None:
        """Delete the points of a series."""
        series = self._series.pop(path, None)
        if series is not None:
            self.cleared[path] += len(series.values)

    def delete(self, path: str) -> None:
        """Delete whatever is kept under a path."""
        self.attributes.pop(path, None)
        self.artifacts.pop(path, None)
        self.clear(path)

    def held(self, losses: Iterable[str], environment: Mapping[str, str] | None = None) -> Held:
        """Return what the operations have made, with what was lost on the way."""
        unstepped = {path: found.unstepped for path, found in self._series.items()}
        deleted = [
            f"{points_of(count, path)} had been deleted by the run itself."
            for path, count in self.cleared.items()
        ]
        return Held(
            self.attributes,
            self._columns(),
            (*losses, *deleted),
            {path: count for path, count in unstepped.items() if count},
            self.artifacts,
            environment or {},
        )

    def _columns(self) -> dict[str, Points]:
        kept = self._series.values()
        steps = [np.array(series.steps, np.float64) for series in kept]
        values = [np.array(series.values, np.float64) for series in kept]
        times = [np.array(series.times, np.float64) for series in kept]
        rows = as_written(steps, times, [np.array(series.order, np.int64) for series in kept])
        columns = map(Points, steps, values, times, rows)
        return dict(zip(self._series, columns, strict=True))

    def _set(self, path: str) -> tuple[str, ...]:
        kept = self.attributes.get(path, ())
        return kept if isinstance(kept, tuple) else ()


def points_of(count: int, series: str) -> str:
    """Return a number of points of a series in words."""
    return f"{count} {'point' if count == 1 else 'points'} of {series}"


MOST_NAMED = 3


def some(names: list[str]) -> str:
    """Return the first names of many, and the number of the others."""
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def moment(seconds: float) -> datetime | None:
    """Return a time since 1970 as a moment; None for one outside the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
