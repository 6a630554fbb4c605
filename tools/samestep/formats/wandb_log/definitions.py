"""What a run says about its metrics with `define_metric`: the x-axis, and which way is better."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from samestep.formats.wandb_log.items import decoded
from samestep.formats.wire import LENGTH, VARINT, fields, key
from samestep.model import Direction

_NAME: Final = key(1, LENGTH)
_GLOB: Final = key(2, LENGTH)
_STEP_METRIC: Final = key(4, LENGTH)
_SUMMARY: Final = key(7, LENGTH)
_GOAL: Final = key(8, VARINT)
_CONTROL: Final = key(9, LENGTH)
_OVERWRITE: Final = key(1, VARINT)
_AGGREGATES: Final = {key(1, VARINT): "min", key(2, VARINT): "max"}
_GOALS: Final[dict[int, Direction]] = {1: "lower", 2: "higher"}
_BY_AGGREGATE: Final[dict[frozenset[str], Direction]] = {
    frozenset(["min"]): "lower",
    frozenset(["max"]): "higher",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """What was said of one metric, or of all that match a pattern."""

    name: str
    is_pattern: bool = False
    step_metric: str | None = None
    """The metric that is its x-axis."""
    aggregates: frozenset[str] = frozenset()
    """Which of `min` and `max` its summary is to keep."""
    goal: Direction | None = None
    """Which way is better, as W&B let a run say it until 0.30."""

    def fits(self, name: str) -> bool:
        """Return whether it was said of a metric; W&B's patterns have a `*` at their end only."""
        if self.is_pattern:
            return name.startswith(self.name.removesuffix("*"))
        return name == self.name

    @property
    def direction(self) -> Direction | None:
        """Which way is better: the goal, else the one end that the summary is to keep."""
        return self.goal or _BY_AGGREGATE.get(self.aggregates)


def definition(message: bytes) -> tuple[Definition, bool]:
    """Return one definition, and whether it replaces what was said before.

    Raises:
        Malformed: The bytes are no definition.
    """
    said, overwrites = Definition(""), False
    for tag, chunk, number in fields(message):
        if tag in {_NAME, _GLOB} and chunk:
            said = replace(said, name=decoded(chunk), is_pattern=tag == _GLOB)
        elif tag == _STEP_METRIC:
            said = replace(said, step_metric=decoded(chunk) or None)
        elif tag == _SUMMARY:
            kept = {_AGGREGATES[one] for one, _, on in fields(chunk) if on and one in _AGGREGATES}
            said = replace(said, aggregates=frozenset(kept))
        elif tag == _GOAL:
            said = replace(said, goal=_GOALS.get(number))
        elif tag == _CONTROL:
            overwrites = any(one == _OVERWRITE and on for one, _, on in fields(chunk))
    return said, overwrites


def joined(earlier: Definition | None, later: Definition, *, overwrites: bool) -> Definition:
    """Return what holds after a metric was defined again: the later word where there is one."""
    if earlier is None or overwrites:
        return later
    return replace(
        earlier,
        step_metric=later.step_metric or earlier.step_metric,
        aggregates=later.aggregates or earlier.aggregates,
        goal=later.goal or earlier.goal,
    )


def of_metric(name: str, definitions: Iterable[Definition]) -> Definition | None:
    """Return what was said of a metric: by its name, else by the last pattern that fits it."""
    fitting = [one for one in definitions if one.fits(name)]
    named = [one for one in fitting if not one.is_pattern]
    return next(iter([*named, *reversed(fitting)]), None)
