"""The settings of many runs as columns of numbers a model can learn from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from samestep.analysis.comparable.topics import ASIDE, topic_of
from samestep.analysis.configs import is_unset
from samestep.analysis.safe_values import Setting

if TYPE_CHECKING:
    from samestep.model import Floats

Kind = Literal["number", "category"]
WIDE_SPAN = (
    100.0  # largest over smallest from which a positive number is looked at by its logarithm
)
MOST_CATEGORIES = 12
ENOUGH_TO_TELL = 10  # configurations from which every text being another one says something
MOST_DISTINCT = 0.9  # part of the configurations from which texts are names of them, not settings


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One setting that varies."""

    key: str
    kind: Kind
    logarithmic: bool
    values: tuple[str, ...]
    """What it is set to, each once, as text: at most a few are shown."""
    encoded: "Floats"
    """Shape (configurations, 1) for a number, (configurations, categories) for texts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The settings that can be looked at, and those that cannot."""

    varying: tuple[Column, ...]
    passed_over: Mapping[str, str]
    """Settings that differ and are not looked at, each with the reason."""


def columns(configs: Sequence[Mapping[str, Setting]]) -> Columns:
    """Return the settings in which configurations differ; those that name a run are passed over.

    A setting left out is one that is off; of two that say the same the first stays.
    """
    keys = dict.fromkeys(key for config in configs for key in config)
    varying: list[Column] = []
    passed: dict[str, str] = {}
    seen: dict[tuple[str, ...], str] = {}
    for key in keys:
        values = [_plain(config.get(key)) for config in configs]
        if len({repr(value) for value in values}) <= 1 or topic_of(key) in ASIDE:
            continue
        why = _useless(values)
        labels = tuple(_ranks(values))
        if not why and labels in seen:
            why = f"varies exactly as {seen[labels]}"
        if why:
            passed[key] = why
        else:
            seen[labels] = key
            varying.append(_column(key, values))
    return Columns(tuple(varying), passed)


def _plain(value: Setting) -> Setting:
    """Return a value as it is; what is off as none."""
    return None if value is not False and is_unset(value) else value


def _useless(values: Sequence[Setting]) -> str:
    """Return why texts tell a model nothing; nothing for settings that it can learn from."""
    if _numeric(values):
        return ""
    distinct = len({repr(value) for value in values})
    if len(values) >= ENOUGH_TO_TELL and distinct > MOST_DISTINCT * len(values):
        return "another text in nearly every configuration, as a name is"
    return f"{distinct} different texts" if distinct > MOST_CATEGORIES else ""


def _numeric(values: Sequence[Setting]) -> bool:
    """Return whether all values are numbers, or off, and at least two differ."""
    known = [value for value in values if value is not None]
    return bool(known) and all(map(_is_number, known))


def _is_number(value: Setting) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _ranks(values: Sequence[Setting]) -> list[str]:
    """Return what settings share that say the same: equal values in the same configurations.

    Numbers share their order too: a forest cannot tell 0.1 and 1 from 1 and 10.
    """
    if _numeric(values):
        order = {value: at for at, value in enumerate(sorted({_size(value) for value in values}))}
        return [str(order[_size(value)]) for value in values]
    first: dict[str, int] = {}
    return [str(first.setdefault(repr(value), len(first))) for value in values]


def _column(key: str, values: Sequence[Setting]) -> Column:
    shown = tuple(dict.fromkeys(_shown(value) for value in _sorted(values)))
    if not _numeric(values):
        names = list(dict.fromkeys(repr(value) for value in values))
        encoded = np.array([[repr(value) == name for name in names] for value in values])
        return Column(key, "category", logarithmic=False, values=shown, encoded=encoded * 1.0)
    numbers = np.array([math.nan if value is None else _size(value) for value in values])
    known = numbers[~np.isnan(numbers)]
    is_wide = bool(known.min() > 0.0 and known.max() >= WIDE_SPAN * known.min())
    placed = np.log10(numbers) if is_wide else numbers
    off = float(np.nanmin(placed)) - 1.0  # a value of its own, beyond the others
    encoded = np.where(np.isnan(placed), off, placed)[:, None]
    return Column(key, "number", logarithmic=is_wide, values=shown, encoded=encoded)


def _size(value: Setting) -> float:
    """Return a number as one; what is off comes before all others."""
    return float(value) if isinstance(value, int | float) else -math.inf


def _sorted(values: Sequence[Setting]) -> list[Setting]:
    return sorted(values, key=_size) if _numeric(values) else list(values)


def _shown(value: Setting) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value)
