"""The spreads and intervals that an answer holds, wherever in it they stand."""

from collections.abc import Iterator
from typing import cast

from samestep.claims.parts import Json, number_of, numbers_in, part_of, text_of

SIDES = 2
HOLDING = (dict, list)


def objects_of(answer: Json) -> list[Json]:
    """Return an answer and every object in it."""
    found: list[Json] = []
    waiting: list[object] = [answer]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found.append(cast("Json", part))
            inner = list(cast("Json", part).values())
        else:
            inner = cast("list[object]", part)
        waiting.extend(cast("object", one) for one in inner if isinstance(one, HOLDING))
    return found


def spreads_of(objects: list[Json]) -> Iterator[tuple[str, float]]:
    """Yield every spread between seeds, and every noise, with the run that it is of."""
    for part in objects:
        name, spread = text_of(part, "full_name"), number_of(part, "spread")
        if name and spread is not None:
            yield name, spread
        noise = number_of(part, "noise")
        for side in ("student", "baseline") if noise is not None else ():
            yield text_of(part_of(part, side), "full_name"), noise or 0.0


def intervals_of(objects: list[Json]) -> Iterator[tuple[float, float]]:
    """Yield every interval, of whatever it is."""
    for part in objects:
        ends = [end for end in numbers_in(part.get("interval")) if end is not None]
        if len(ends) == SIDES:
            yield ends[0], ends[1]
