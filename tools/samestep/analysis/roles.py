"""Which metrics are proxies and which are downstream, and which way is better: with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis import naming
from samestep.errors import BadArgument, NoSuchMetric
from samestep.model import Direction, Role

DIRECTIONS: dict[str, Direction] = {"higher": "higher", "lower": "lower"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One entry of a metrics argument: a name or pattern, with or without a direction."""

    pattern: str
    direction: Direction | None
    argument: str

    @classmethod
    def parse(cls, text: str, argument: str) -> "Wanted":
        """Read `eval/loss` or `eval/loss:lower`."""
        pattern, colon, direction = text.rpartition(":")
        if colon and direction in DIRECTIONS:
            return cls(pattern, DIRECTIONS[direction], argument)
        return cls(text, None, argument)

    def picks(self, names: Sequence[str]) -> list[str]:
        """Return the names it stands for: the exact name, else every whole match of the pattern."""
        if self.pattern in names:
            return [self.pattern]
        expression = _compiled(self.pattern, self.argument)
        return [name for name in names if expression.fullmatch(name)]


@dataclass(frozen=True, slots=True)
class Declared:
    """What the caller and the settings say about metrics; earlier entries win."""

    downstream: tuple[Wanted, ...] = ()
    proxy: tuple[Wanted, ...] = ()
    directions: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Character:
    """One metric's role and direction, each with its reason."""

    metric: str
    role: Role
    role_why: str
    direction: Direction | None
    direction_why: str


def character(name: str, declared: Declared, tracker_says: Direction | None) -> Character:
    """Decide a metric's role and direction: the call, samestep.toml, the tracker, the name."""
    role, role_why = _role(name, declared)
    direction, direction_why = _direction(name, declared, tracker_says)
    return Character(name, role, role_why, direction, direction_why)


def pick(wanted: Sequence[Wanted], names: Sequence[str], run: str) -> list[str]:
    """Return every name asked for, in the order asked, each once; refuse an entry without any."""
    picked: dict[str, None] = {}
    for entry in wanted:
        found = entry.picks(names)
        if not found:
            raise NoSuchMetric(entry.pattern, names, run)
        picked.update(dict.fromkeys(found))
    return list(picked)


def _role(name: str, declared: Declared) -> tuple[Role, str]:
    for entry in declared.downstream:
        if entry.picks([name]):
            return "downstream", f"declared in {entry.argument}"
    for entry in declared.proxy:
        if entry.picks([name]):
            return "proxy", f"declared in {entry.argument}"
    return "proxy", "not declared, so a proxy"


def _direction(
    name: str, declared: Declared, tracker_says: Direction | None
) -> tuple[Direction | None, str]:
    for entry in (*declared.downstream, *declared.proxy, *declared.directions):
        if entry.direction is not None and entry.picks([name]):
            return entry.direction, f"declared in {entry.argument}"
    if tracker_says is not None:
        return tracker_says, "tracker"
    by_name = naming.direction_by_name(name)
    return by_name, "name" if by_name else "unknown: nothing declares it and its name does not tell"


def _compiled(pattern: str, argument: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise BadArgument(
            argument, pattern, f"metric names or regular expressions ({error})"
        ) from error
