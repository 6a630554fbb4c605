"""The values of samestep.toml, each held against what its setting takes."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from samestep.errors import BadReference, shown
from samestep.settings.patterns import problem_of

if TYPE_CHECKING:
    from samestep.model import Source

LISTS = (
    "metrics.downstream",
    "metrics.proxy",
    "metrics.higher_is_better",
    "metrics.lower_is_better",
    "runs.seed_keys",
    "runs.finished",
)
NO_PATTERNS = ("runs.seed_keys", "runs.finished")
"""Lists whose entries are no regular expressions: keys, and names with `*`."""
PAIRS = "metrics.pairs"
NUMBERS = ("metrics.noise", "metrics.minimum_effect")
SOURCES = "sources"
DEADLINE = "sources.deadline"
KNOWN = (*LISTS[:4], PAIRS, *NUMBERS, *LISTS[4:], "sources.<name>", DEADLINE)
TABLES = ("metrics", "runs", SOURCES)


class Problem(Exception):
    """What is wrong with the file, as a clause; `Settings.read` names the file."""


@dataclass(frozen=True, slots=True)
class Values:
    """Every value of the file by its setting's full name, checked."""

    lists: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    numbers: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    pairs: dict[str, str] = field(default_factory=dict[str, str])
    sources: "dict[str, Source]" = field(default_factory=dict[str, "Source"])
    deadline: float | None = None


def read_values(document: Mapping[str, object]) -> Values:
    """Return the document's values.

    Raises:
        Problem: It holds an unknown setting, or a value its setting does not take.
    """
    for table, entries in document.items():
        if table not in TABLES or not isinstance(entries, dict):
            raise Problem(f"unknown setting {_first(table, entries)!r}")
    settings = {
        f"{table}.{key}": value
        for table in (name for name in TABLES if name != SOURCES)
        for key, value in _table(table, document.get(table, {})).items()
    }
    named = _table(SOURCES, document.get(SOURCES, {}))
    lists = {name: _texts(name, value) for name, value in settings.items() if _is_list(name)}
    for name in set(lists) - set(NO_PATTERNS):
        _refuse_no_pattern(name, lists[name])
    _refuse_both_ways(lists)
    return Values(
        lists=lists,
        numbers={name: _numbers(name, settings[name]) for name in NUMBERS if name in settings},
        pairs=_pairs(settings.get(PAIRS, {})),
        sources={name: _source(name, text) for name, text in named.items() if name != "deadline"},
        deadline=_deadline(named["deadline"]) if "deadline" in named else None,
    )


def _first(table: str, entries: object) -> str:
    """Return the full name of an unknown table's first setting, or of the value itself."""
    inside = cast("dict[str, object]", entries) if isinstance(entries, dict) else {}
    return ".".join([table, *list(inside)[:1]])


def _is_list(setting: str) -> bool:
    if setting not in {*LISTS, PAIRS, *NUMBERS}:
        raise Problem(f"unknown setting {setting!r}")
    return setting in LISTS


def _texts(setting: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Problem(f"{setting} = {shown(value)} is not a list of names or patterns")
    entries = cast("list[object]", value)
    strays = [entry for entry in entries if not isinstance(entry, str)]
    if strays:
        raise Problem(f"{setting} holds {shown(strays[0])}, which is not text")
    return tuple(map(str, entries))


def _refuse_no_pattern(setting: str, entries: Iterable[str]) -> None:
    """Refuse an entry that no metric can be found by, before anything is asked."""
    for entry in entries:
        problem = problem_of(entry)
        if problem is not None:
            raise Problem(
                f"{setting} holds {shown(entry)}, which is no regular expression ({problem}); in "
                "the name of a metric, signs such as ( and [ are written with a backslash before them"
            )


def _refuse_both_ways(lists: Mapping[str, tuple[str, ...]]) -> None:
    higher, lower = (lists.get(f"metrics.{way}_is_better", ()) for way in ("higher", "lower"))
    both = sorted(set(higher) & set(lower))
    if both:
        raise Problem(
            f"metrics.higher_is_better and metrics.lower_is_better both hold {shown(both[0])}"
        )


def _table(setting: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Problem(f"{setting} = {shown(value)} is not a table, written [{setting}]")
    return cast("dict[str, object]", value)


def _numbers(setting: str, value: object) -> dict[str, float]:
    found: dict[str, float] = {}
    _refuse_no_pattern(setting, _table(setting, value))
    for pattern, entry in _table(setting, value).items():
        number = _finite(entry)
        if number is None or number < 0.0:
            what = _entry(setting, pattern, entry)
            raise Problem(f"{what} is not a finite number of 0 or more{_unquoted(entry)}")
        found[pattern] = number
    return found


def _pairs(value: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, other in _table(PAIRS, value).items():
        what = _entry(PAIRS, name, other)
        if not isinstance(other, str):
            raise Problem(f"{what} is not the name of a metric{_unquoted(other)}")
        if other == name:
            raise Problem(f"{what} pairs a metric with itself; a pair is of two names")
        found[name] = other
    return found


def _source(name: str, text: object) -> "Source":
    what = _entry(SOURCES, name, text)
    takes = "a source such as 'mlflow:http://127.0.0.1:5000' or 'tensorboard:runs'"
    if not isinstance(text, str):
        raise Problem(f"{what} is not {takes}")
    from samestep.model import Source  # only projects that name sources pay for it

    try:
        return Source.parse(text)
    except BadReference as refusal:
        raise Problem(f"{what} is not {takes}") from refusal


def _deadline(value: object) -> float:
    seconds = _finite(value)
    if seconds is None or seconds <= 0.0:
        raise Problem(f"{DEADLINE} = {shown(value)} is not a number of seconds above 0")
    return seconds


def _finite(value: object) -> float | None:
    """Return a finite number; None for anything else, true and false included."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # a whole number beyond the largest float
        return None


def _entry(setting: str, name: str, value: object) -> str:
    return f'{setting}."{name}" = {shown(value)}'


def _unquoted(value: object) -> str:
    return "; a name with dots stands in quotes" if isinstance(value, dict) else ""
