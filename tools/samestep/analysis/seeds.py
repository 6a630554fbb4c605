"""Which runs are seeds of one thing: equal in everything but the seed and what follows from it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from samestep.analysis.comparable.own_names import DATA, SEED_IN_NAME, without_own
from samestep.analysis.comparable.topics import ASIDE, topic_of
from samestep.analysis.configs import is_unset, typed
from samestep.analysis.redaction import REDACTED
from samestep.analysis.safe_values import Setting
from samestep.model import Lineage, Run, RunHead

FEW = 3  # settings below which a config alone does not tell two things apart
MANY = 10  # equal settings from which names may differ in any way
TURN_IN_NAME = re.compile(
    r"(?<![a-z])(seed|s|rng|rep|repeat|replica|replicate|run|trial|study|try|take|version|v|job)"
    r"[-_ =]*\d+",
    re.IGNORECASE,
)
"""Which of several equal runs it is."""
STAMP = re.compile(r"\d{4}-\d\d-\d\d[-_T ]?[\d:-]*|\d{6,}|(?<![0-9a-z])[0-9a-f]{8,}(?![0-9a-z])")
"""A date, a time or an id."""
VALUE_IN_NAME = re.compile(
    r"(?<![a-z])(?:(?:lr|wd|bs|batch|dropout|depth|width|layers?|heads?|dim|hidden|warmup|beta|gamma"
    r"|alpha|eps|temp|lambda|tau|momentum|decay|size|epochs?|steps|rank|seq|len|patch|clip|coef|k)"
    r"[-_=]?\d[\d.e-]*|[a-z]+=[\w.-]+|[a-z]+[-_]?\d+(?:\.\d+|e-?\d+))",
    re.IGNORECASE,
)
"""What looks like a setting: `lr0.01`, `depth_12`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One run as far as a listing or a read tells what it is a seed of."""

    ref: str
    full_name: str
    seed: str | None
    settings: Mapping[str, Setting]
    records: frozenset[tuple[str, str, str]]
    """The versions of code and data it was made from; empty where none is recorded."""

    @classmethod
    def of_run(cls, run: Run) -> "Candidate":
        """Return a run that was read."""
        settings = typed(run.config)
        seed = run.seed or _seed(settings)
        return cls(str(run.ref), run.full_name, seed, settings, _records(run.lineage))

    @classmethod
    def of_head(cls, head: RunHead) -> "Candidate | None":
        """Return a run of a listing; None where the listing does not say its config."""
        if head.glance is None or not head.glance.config:
            return None
        settings = typed(head.glance.config)
        seed = head.glance.seed or _seed(settings)
        return cls(str(head.ref), head.full_name, seed, settings, frozenset())


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Runs that are equal in everything but the seed."""

    members: tuple[Candidate, ...]
    by: tuple[str, ...]
    """The settings that hold the seed and differ; none where the seed is the same or unknown."""

    @property
    def names(self) -> list[str]:
        """The members' full names."""
        return [member.full_name for member in self.members]


def seed_groups(candidates: Iterable[Candidate]) -> list[SeedGroup]:
    """Return the groups of two or more that runs fall into, in the order of their first members."""
    alike: dict[object, list[list[Candidate]]] = {}
    for candidate in candidates:
        groups = alike.setdefault(_signature(candidate), [])
        joined = next((group for group in groups if _belongs(candidate, group)), None)
        if joined is None:
            groups.append([candidate])
        else:
            joined.append(candidate)
    found = [group for groups in alike.values() for group in groups if len(group) > 1]
    return [SeedGroup(tuple(group), tuple(_seed_keys(group))) for group in found]


def _belongs(candidate: Candidate, group: Sequence[Candidate]) -> bool:
    first = group[0]
    recorded = candidate.records == first.records or not (candidate.records and first.records)
    return recorded and _named_alike(candidate, first)


def _named_alike(one: Candidate, other: Candidate) -> bool:
    """Return whether two names can be those of seeds; the fewer settings, the more they have to be.

    A config that says next to nothing tells no sweep from seeds: then the names must spell the
    seed. A value in the names that differs is a setting nobody logged.
    """
    settings = len(_signature_entries(one))
    known = None not in {one.seed, other.seed} and one.seed != other.seed
    if settings < FEW:
        return known and _without(SEED_IN_NAME, one) == _without(SEED_IN_NAME, other)
    if _without(TURN_IN_NAME, one) == _without(TURN_IN_NAME, other):
        return True
    return settings >= MANY and _values_in(one) == _values_in(other)


def _without(pattern: re.Pattern[str], candidate: Candidate) -> str:
    """Return a name without what tells one seed from another."""
    name = pattern.sub("#", candidate.full_name)
    if pattern is SEED_IN_NAME:
        return name
    if candidate.seed:  # as a part of its own: `resnet50/3`, not `lr0.3`
        name = re.sub(rf"(?<![^/_-]){re.escape(candidate.seed)}(?![^/_-])", "#", name)
    return STAMP.sub("#", name)


def _values_in(candidate: Candidate) -> list[str]:
    name = STAMP.sub("#", TURN_IN_NAME.sub("#", candidate.full_name))
    return sorted(VALUE_IN_NAME.findall(name.lower()))


def _signature(candidate: Candidate) -> object:
    """Return what is equal for seeds of one thing and can be looked up."""
    return frozenset(_signature_entries(candidate))


def _signature_entries(candidate: Candidate) -> list[tuple[str, str]]:
    return [
        (key, repr(_following(key, value, candidate)))
        for key, value in candidate.settings.items()
        if topic_of(key) not in ASIDE and value != REDACTED and not is_unset(value)
    ]


def _following(key: str, value: Setting, candidate: Candidate) -> object:
    """Return a value without what follows from the seed: the run's name, its number, its place."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    seed = None if topic_of(key) in DATA else candidate.seed
    text = without_own(value, candidate.full_name, seed)
    return PurePosixPath(text).name.lower() if "/" in text else text


def _seed(settings: Mapping[str, Setting]) -> str | None:
    """Return the first seed that settings name."""
    values = (value for key, value in settings.items() if topic_of(key) == "seed")
    return next(
        (str(value) for value in values if isinstance(value, int | str) and value != ""), None
    )


def _seed_keys(group: Sequence[Candidate]) -> Iterator[str]:
    """Yield the settings of the seed that are not the same for all."""
    first = group[0].settings
    for key in first:
        values = {repr(member.settings.get(key)) for member in group}
        if topic_of(key) == "seed" and len(values) > 1:
            yield key


def _records(lineage: Sequence[Lineage]) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (one.kind, one.name, one.digest)
        for one in lineage
        if one.kind in {"code", "dataset"} and one.digest is not None
    )
