"""Metrics that are one score over the segments of its data: a family of slices."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from samestep.analysis.naming import (
    EVALUATED,
    GOALS,
    WEAK_COURSE,
    direction_by_name,
    is_bookkeeping,
    is_evaluation,
    telling_word,
    words,
)

FEWEST = 3  # names that differ in one part make a family
AVERAGES = frozenset("all average avg macro mean micro overall total weighted".split())
SPLITS = EVALUATED | GOALS | {"train", "training"}
REST = frozenset("max min median best last ema raw".split()) | WEAK_COURSE
"""Words for how a value was gathered: they tell no segment."""
PARTS = re.compile(r"[^/.:@|]+")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Family:
    """One score over segments."""

    name: str
    """The names with `*` for the segment: `test/acc/*`."""
    slices: tuple[str, ...]
    """The metrics of the segments."""
    average: str | None
    """The metric that is their average, where one is logged."""


def families(names: Sequence[str]) -> list[Family]:
    """Return the families among metrics, the largest first; a metric belongs to one at most."""
    patterns: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        for pattern in _patterns(name):
            patterns.setdefault(pattern, []).append(name)
    found: list[Family] = []
    taken: set[str] = set()
    for pattern, members in sorted(patterns.items(), key=lambda item: -len(item[1])):
        left = [name for name in members if name not in taken]
        if len(left) >= FEWEST:
            found.append(Family(pattern, tuple(left), _average(pattern, names)))
            taken.update(left)
    return found


def _patterns(name: str) -> Iterator[str]:
    """Yield the name with each part that may be a segment left open."""
    if direction_by_name(name) is None or is_bookkeeping(name):
        return
    for part in PARTS.finditer(name):
        rest = f"{name[: part.start()]}{ANY}{name[part.end() :]}"
        if _is_segment(part[0]) and _is_score(rest):
            yield rest
    tail = re.fullmatch(r"(.*[^/.:@|])[-_]([^/.:@|_-]+)", name)
    if tail and _is_segment(tail[2]) and _is_score(tail[1]) and telling_word(name) != "loss":
        yield f"{name[: tail.start(2)]}{ANY}"


def _is_score(rest: str) -> bool:
    """Return whether a name tells a score; losses in training are terms of a sum, not segments."""
    if telling_word(rest) == "loss" and not is_evaluation(rest):
        return False
    return direction_by_name(rest) is not None


def _is_segment(part: str) -> bool:
    told = words(part)
    if not told or told[0] in SPLITS:  # `hendrycksTest-law` is a segment, `test_law` may be a split
        return False
    return telling_word(part) is None and (REST | AVERAGES).isdisjoint(told)


def _average(pattern: str, names: Sequence[str]) -> str | None:
    """Return the metric that says it is the average: the name without its segment, or with a word."""
    before, _, after = pattern.partition(ANY)
    bare = f"{before[:-1]}{after}" if before else after[1:]
    named = (f"{before}{word}{after}" for word in sorted(AVERAGES))
    return next((name for name in (bare, *named) if name in names), None)
