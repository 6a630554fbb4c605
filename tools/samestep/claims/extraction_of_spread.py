"""The spreads and intervals that an answer holds, wherever in it they stand."""

from collections.abc import Iterator, Mapping
from typing import cast

from samestep.claims.parts import Json, number_of, numbers_in, part_of, text_of

SIDES = 2


def spreads_of(answer: Json) -> Iterator[tuple[str, float]]:
    """Yield every spread between seeds, with the run that it is of."""
    for part in _objects(answer):
        name, spread = text_of(part, "full_name"), number_of(part, "spread")
        if name and spread is not None:
            yield name, spread
        noise = number_of(part, "noise")
        for side in ("student", "baseline") if noise is not None else ():
            yield text_of(part_of(part, side), "full_name"), noise or 0.0


def intervals_of(answer: Json) -> Iterator[tuple[float, float]]:
    """Yield every interval, of whatever it is."""
    for part in _objects(answer):
        ends = [end for end in numbers_in(part.get("interval")) if end is not None]
        if len(ends) == SIDES:
            yield ends[0], ends[1]


def _objects(answer: Json) -> Iterator[Json]:
    """Yield an answer and every object in it."""
    waiting: list[object] = [answer]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            found = cast("Json", part)
            yield found
            waiting.extend(found.values())
        elif isinstance(part, list):
            waiting.extend(cast("list[object]", part))
