"""The facts of an answer, which both of its forms have to tell."""

from collections.abc import Callable, Collection, Iterator
from typing import cast

from samestep.phrases import number


def facts(
    part: object, but: Collection[str], shown: "Callable[[object], str] | None" = None
) -> Iterator[str]:
    """Yield every value of an answer as its Markdown writes it.

    Args:
        part: The answer, or a part of it, as JSON holds it.
        but: Fields about the form of the answer, or told in words where they matter.
        shown: How its Markdown writes a value; without it as a number or a text.
    """
    if isinstance(part, dict):
        for key, value in cast("dict[str, object]", part).items():
            if key not in but:
                yield from facts(value, but, shown)
    elif isinstance(part, list):
        for value in cast("list[object]", part):
            yield from facts(value, but, shown)
    elif not (isinstance(part, bool) or part is None or part == ""):
        yield " ".join((shown or plain)(part).split())


def plain(value: object) -> str:
    """Return a value as most tables write it."""
    return number(value) if isinstance(value, int | float) else str(value)
