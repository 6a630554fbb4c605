"""The parts of an answer's JSON, whatever form they turn out to have."""

from collections.abc import Mapping
from typing import cast

Json = Mapping[str, object]


def part_of(entry: Json, key: str) -> Json:
    """Return an object within an object; an empty one where there is none."""
    part = entry.get(key)
    return cast("Json", part) if isinstance(part, dict) else {}


def rows_of(entry: Json, key: str) -> list[Json]:
    """Return the objects of a list."""
    return [cast("Json", one) for one in list_of(entry, key) if isinstance(one, dict)]


def list_of(entry: Json, key: str) -> list[object]:
    """Return a list; an empty one where there is none."""
    part = entry.get(key)
    return cast("list[object]", part) if isinstance(part, list) else []


def text_of(entry: Json, key: str) -> str:
    """Return a text; an empty one where there is none."""
    part = entry.get(key)
    return part if isinstance(part, str) else ""


def number_of(entry: Json, key: str) -> float | None:
    """Return a finite number."""
    return as_number(entry.get(key))


def as_number(part: object) -> float | None:
    """Return a number; None for anything else."""
    if isinstance(part, bool) or not isinstance(part, int | float):
        return None
    return float(part)


def numbers_in(part: object) -> list[float | None]:
    """Return the numbers of a list, None for what is none; nothing for what is no list."""
    return [as_number(one) for one in cast("list[object]", part)] if isinstance(part, list) else []
