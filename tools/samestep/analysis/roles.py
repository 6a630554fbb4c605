"""Which metrics are proxies and which are downstream, and which way is better: with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from samestep.analysis import naming
from samestep.errors import BadArgument, NoSuchMetric
from samestep.model import Direction, Role

SETTINGS = "samestep.toml"
UNDECLARED = "not declared, so a proxy"
LONGEST_MATCH = 0.2  # seconds: a pattern like (a+)+$ would otherwise hold the server for ever
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
        exact = self._named(names)
        if exact is not None:
            return [exact]
        expression = _compiled(self.pattern, self.argument)
        try:
            return [name for name in names if expression.fullmatch(name, timeout=LONGEST_MATCH)]
        except TimeoutError as error:
            takes = f"expressions that match a name within {LONGEST_MATCH:g} seconds"
            raise BadArgument(self.argument, self.pattern, takes) from error

    def stands_for(self, name: str, names: Sequence[str]) -> bool:
        """Return whether it stands for a metric, where these are all that exist."""
        exact = self._named([*names, name])
        return bool(self.picks([name])) if exact is None else exact == name

    def _named(self, names: Sequence[str]) -> str | None:
        """Return the one of these names it is, as a whole or without its direction."""
        whole = self.pattern if self.direction is None else f"{self.pattern}:{self.direction}"
        return next((name for name in (whole, self.pattern) if name in names), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the caller and the settings say about metrics; the caller's entries win."""

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


def character(
    name: str,
    declared: Declared,
    tracker_says: Direction | None,
    names: Sequence[str] = (),
) -> Character:
    """Decide a metric's role and direction: the call, samestep.toml, the tracker, the name.

    Args:
        name: The metric.
        declared: What is declared about metrics.
        tracker_says: The direction that the tracker names.
        names: Every metric there is: an entry that is one of them stands for no other.
    """
    role, role_why = _role(name, declared, names)
    direction, direction_why = _direction(name, declared, tracker_says, names)
    return Character(name, role, role_why, direction, direction_why)


def joined_character(first: Character, second: Character) -> Character:
    """Return what is known of one metric by two names, the first name's word before the second's.

    A role that somebody declared for the second name counts where nobody did for the first.
    """
    by_second = first.role_why == UNDECLARED and second.role_why != UNDECLARED
    role, role_why = (second if by_second else first).role, first.role_why
    way = second if first.direction is None else first
    return Character(
        first.metric,
        role,
        f"{second.role_why} for {second.metric}" if by_second else role_why,
        way.direction,
        way.direction_why,
    )


def pick(wanted: Sequence[Wanted], names: Sequence[str], run: str) -> list[str]:
    """Return every name asked for, in the order asked, each once; refuse an entry without any."""
    picked: dict[str, None] = {}
    for entry in wanted:
        found = entry.picks(names)
        if not found:
            raise NoSuchMetric(entry.pattern, names, run)
        picked.update(dict.fromkeys(found))
    return list(picked)


def _role(name: str, declared: Declared, names: Sequence[str]) -> tuple[Role, str]:
    entries: list[tuple[Role, Wanted]] = [
        *(("downstream", entry) for entry in declared.downstream),
        *(("proxy", entry) for entry in declared.proxy),
    ]
    for role, entry in sorted(entries, key=lambda one: one[1].argument == SETTINGS):
        if entry.stands_for(name, names):
            return role, f"declared in {entry.argument}"
    return "proxy", UNDECLARED


def _direction(
    name: str, declared: Declared, tracker_says: Direction | None, names: Sequence[str]
) -> tuple[Direction | None, str]:
    entries = (*declared.downstream, *declared.proxy, *declared.directions)
    for entry in sorted(entries, key=lambda one: one.argument == SETTINGS):
        if entry.direction is not None and entry.stands_for(name, names):
            return entry.direction, f"declared in {entry.argument}"
    if tracker_says is not None:
        return tracker_says, "tracker"
    by_name = naming.direction_by_name(name)
    return by_name, "name" if by_name else "unknown: nothing declares it and its name does not tell"


def _compiled(pattern: str, argument: str) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise BadArgument(
            argument, pattern, f"metric names or regular expressions ({error})"
        ) from error
