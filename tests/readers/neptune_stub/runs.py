"""Runs as a Neptune server keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Kept = str | int | float | bool | datetime | set[str]
START = 1_700_000_000_000
"""When every run began, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a series."""

    step: float
    value: float
    millis: int
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class StubRun:
    """One run on the stub."""

    id: str
    """What Neptune calls its custom run id."""
    attributes: Mapping[str, Kept] = field(default_factory=dict[str, Kept])
    series: Mapping[str, Sequence[Point]] = field(default_factory=dict[str, Sequence[Point]])


def logged(*values: float, pace: int = 1) -> list[Point]:
    """Return a point a second, at every `pace`-th step from 0."""
    return [
        Point(float(number * pace), value, START + 1000 * number * pace)
        for number, value in enumerate(values)
    ]
