"""The sides of an audit, their settings read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from samestep.analysis.comparable.finding import Fact
from samestep.analysis.comparable.shown import contrasted
from samestep.analysis.comparable.topic_patterns import Topic
from samestep.analysis.comparable.topics import WRAPPERS, name_of, topic_of
from samestep.analysis.configs import is_unset, same, typed
from samestep.analysis.key_words import words_of
from samestep.analysis.redaction import REDACTED
from samestep.analysis.safe_values import Setting
from samestep.model import Run

CONFIG = "config"


class Missing(Enum):
    """The value of a setting that a config does not name."""

    MISSING = "not set"


MISSING = Missing.MISSING
Value = Setting | Missing


@dataclass(frozen=True, slots=True)
class Party:
    """One side: a run, or several taken as the seeds of one thing."""

    name: str
    """The full name it goes by in the answer."""
    runs: tuple[Run, ...]
    settings: Mapping[str, Setting]
    """The settings all its runs share, typed, by dotted key without what its tracker wraps it in."""
    varying: frozenset[str]
    """The settings in which its runs differ."""
    written: Mapping[str, str]
    """Each key as the config has it: Neptune keeps `lr` as `parameters.lr`."""

    @classmethod
    def of(cls, name: str, runs: Sequence[Run]) -> "Party":
        """Read the settings of a side's runs."""
        typed_settings = [typed(run.config) for run in runs]
        first, *others = configs = [_unwrapped(settings) for settings in typed_settings]
        written = {bare(key): key for settings in typed_settings for key in reversed(settings)}
        shared = {
            key: value
            for key, value in first.items()
            if all(key in other and same(other[key], value) for other in others)
        }
        named = {key for config in configs for key in config}
        return cls(name, tuple(runs), shared, frozenset(named - shared.keys()), written)

    def value(self, key: str) -> Value:
        """Return the value of a setting, or that it has none."""
        return self.settings.get(key, MISSING)


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting in which parties are not the same."""

    key: str
    values: tuple[Value, ...]
    """The value of each party, in their order."""

    @property
    def topic(self) -> Topic:
        """What the setting is about; `env` may hold variables rather than a game."""
        if name_of(self.key) in {"env", "environ", "environment"} and _holds_variables(self.values):
            return "where and when"
        return topic_of(self.key)

    @property
    def named_by_all(self) -> bool:
        """Whether every party's config names it."""
        return MISSING not in self.values

    def fact(self, parties: Sequence[Party]) -> Fact:
        """Return it as a fact, with what each side has."""
        names = [party.name for party in parties]
        shown = contrasted([value.value if value is MISSING else value for value in self.values])
        return Fact(self.written(parties), CONFIG, dict(zip(names, shown, strict=True)))

    def written(self, parties: Sequence[Party]) -> str:
        """Return its key as the configs have it, where all have it alike."""
        spelled = {party.written[self.key] for party in parties if self.key in party.written}
        return spelled.pop() if len(spelled) == 1 else self.key


def bare(key: str) -> str:
    """Return a key without the tables that hold a whole config: `parameters.lr` is `lr`."""
    parts = key.split(".")
    while len(parts) > 1 and parts[0].lower() in WRAPPERS:
        parts = parts[1:]
    return ".".join(parts)


def differing(parties: Sequence[Party]) -> list[Difference]:
    """Return the settings in which parties differ, in the order they were written.

    A setting left out is no other than one that is off.
    """
    return [one for one in _all(parties) if not _alike(one.key, _said(one, parties))]


def listed(parties: Sequence[Party]) -> tuple[list[Difference], int]:
    """Return every setting that is not written the same in all, and how many others there are."""
    everything = _all(parties)
    apart = [one for one in everything if not _identical(one.values)]
    return apart, len(everything) - len(apart)


def _all(parties: Sequence[Party]) -> list[Difference]:
    """Return the settings of all parties; what varies inside a side is that side's own trouble."""
    varying = {key for party in parties for key in party.varying}
    keys = dict.fromkeys(key for party in parties for key in party.settings if key not in varying)
    return [Difference(key, tuple(party.value(key) for party in parties)) for key in keys]


def _unwrapped(settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return settings under their bare keys; of two with one name the first written stays."""
    found: dict[str, Setting] = {}
    for key, value in settings.items():
        found.setdefault(bare(key), value)
    return found


def _said(difference: Difference, parties: Sequence[Party]) -> list[Value]:
    """Return the values of the parties that have a config; one without any says nothing."""
    pairs = zip(parties, difference.values, strict=True)
    return [value for party, value in pairs if party.settings or party.varying]


def of_topics(differences: Sequence[Difference], *topics: Topic) -> list[Difference]:
    """Return the differences about some topics."""
    return [one for one in differences if one.topic in topics]


def _holds_variables(values: Sequence[Value]) -> bool:
    """Return whether any value is a list as of `NAME=value`, or of tables with names and values."""
    items = [item for value in values if isinstance(value, list) for item in value]
    return any(isinstance(item, dict) or "=" in str(item) for item in items)


def _alike(key: str, values: Sequence[Value]) -> bool:
    """Return whether values are equal, one that is off and one left out included."""
    if MISSING in values or REDACTED in values:
        return all(value is MISSING or _is_off(key, value) for value in values)
    return _identical(values)


def _is_off(key: str, value: Setting) -> bool:
    """Return whether a value says nothing of the training: not used, a warm-up of 0, a secret."""
    no_warmup = value == 0 and "warmup" in words_of(key)
    return no_warmup or value == REDACTED or is_unset(value)


def _identical(values: Sequence[Value]) -> bool:
    """Return whether values are equal; one that is null and one left out are not."""
    first, *others = values
    if first is MISSING:
        return all(other is MISSING for other in others)
    return all(other is not MISSING and same(first, other) for other in others)
