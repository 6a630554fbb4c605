"""The columns that a condition over runs may speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samestep.analysis.configs import flat
from samestep.expressions import matching, parse
from samestep.model import Glance, RunHead

CONFIG = "config."
Column = NDArray[np.float64] | NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Held:
    """For which runs a condition holds."""

    holds: tuple[bool, ...]
    undecided: int
    """Runs that lack a fact the condition asks for; they do not match."""
    notes: tuple[str, ...]


def run_columns(runs: Sequence[tuple[RunHead, Glance]]) -> dict[str, Column]:
    """Return one column per fact: full_name, state, config.X, metric.X (newest value) and so on."""
    rows = [_facts(head, glance) for head, glance in runs]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return {
        name: _column(_numbers_if_all(values) if name.startswith(CONFIG) else values)
        for name, values in columns.items()
    }


def holding(where: str, columns: Mapping[str, Column]) -> Held:
    """Return for which runs the condition holds; a run without the fact does not match.

    Raises:
        BadExpression: The text is no condition over these columns.
    """
    found = matching(parse(where, columns.keys(), "where", gives="truth"), columns)
    return Held(tuple(bool(holds) for holds in found.values), found.missing, found.notes)


def _facts(head: RunHead, glance: Glance) -> dict[str, object]:
    return {
        "full_name": head.full_name,
        "state": glance.state,
        "started": head.started.isoformat() if head.started else None,
        "seed": _number_if_one(glance.seed),
        "group": glance.group,
        "tags": ",".join(glance.tags),
        "current.epoch": glance.epoch,
        "current.step": glance.step,
        **{f"{CONFIG}{key}": value for key, value in flat(glance.config).items()},
        **{f"metric.{name}": value for name, value in glance.newest.items()},
    }


def _number_if_one(text: str | None) -> float | str | None:
    """Return a seed as the number it is written as, so that `seed == 0` can be asked."""
    return float(text) if text is not None and text.lstrip("-").isdecimal() else text


def _numbers_if_all(values: Sequence[object]) -> Sequence[object]:
    """Return settings as numbers where every run's is written as one: MLflow keeps texts only."""
    numbers: list[object] = []
    for value in values:
        try:
            numbers.append(float(value) if isinstance(value, str) else value)
        except ValueError:
            return values
    return numbers


def _column(values: Sequence[object]) -> Column:
    """Return numbers as a column of numbers, anything else as it is."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    column = np.empty(len(values), dtype=np.object_)
    column[:] = [v if v is None or isinstance(v, int | float | str) else str(v) for v in values]
    return column
