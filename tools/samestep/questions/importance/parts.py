"""Configurations with their values, and what can be learned of their settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from samestep.analysis.importance import (
    DRAWS,
    ENOUGH,
    FEWEST,
    FOLDS,
    LEAST_EXPLAINED,
    SHUFFLES,
    TREES,
    Importance,
    Importances,
    Strength,
    importances,
    is_grid,
    together,
)
from samestep.analysis.importance_columns import Column, Columns, columns
from samestep.answers.importance import MovedTogether, ParameterImportance
from samestep.answers.record import derived
from samestep.phrases import number
from samestep.progress import tell
from samestep.questions.ranking.entrants import Entrant

if TYPE_CHECKING:
    from samestep.model import Floats

DRAWN_WITH = 0  # the same question has the same answer
MOST_VALUES = 8
MOST_PAIRS = 10
LONGEST_VALUE = 40
METHOD = (
    f"Permutation importance: {DRAWS} draws of {FOLDS} folds, a forest of {TREES} trees each, "
    f"every setting shuffled {SHUFFLES} times on the configurations held out."
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the settings of some configurations say about a metric."""

    found: Columns
    values: "Floats"
    """The metric of each configuration."""
    counted: int
    """Runs behind them."""
    importances: Importances | None
    """None where nothing was learned."""
    strength: Strength
    why: str

    @property
    def together(self) -> list[MovedTogether]:
        """Settings that moved together, the closest first."""
        pairs = sorted(together(self.found.varying), key=lambda one: -abs(one[2]))
        return [
            MovedTogether(one=one, other=other, correlation=derived(correlation))
            for one, other, correlation in pairs[:MOST_PAIRS]
        ]

    @property
    def is_grid(self) -> bool:
        """Whether every combination of values was tried."""
        return bool(self.found.varying) and is_grid(self.found.varying)

    @property
    def rows(self) -> list[ParameterImportance]:
        """The settings that vary, the most important first, those without importance as they are."""
        known = {one.key: one for one in self.importances.parameters} if self.importances else {}
        order = {key: at for at, key in enumerate(known)}
        varying = sorted(self.found.varying, key=lambda one: order.get(one.key, len(order)))
        return [_row(one, known.get(one.key), self.values) for one in varying]


def learned(entrants: Sequence[Entrant]) -> Learned:
    """Learn the metric from the settings, one configuration for all runs that share them.

    Raises:
        MissingPackage: scikit-learn is not installed.
    """
    varying = columns([one.party.settings for one in entrants]).varying
    alike: dict[tuple[float, ...], list[Entrant]] = {}
    for at, entrant in enumerate(entrants):
        alike.setdefault(_encoded(varying, at), []).append(entrant)
    configurations = columns([one[0].party.settings for one in alike.values()])
    values = np.array(list(map(_mean, alike.values())), dtype=np.float64)
    counted = sum(len(one.value.points) for one in entrants)
    why = _refused(configurations, values)
    if why:
        return Learned(configurations, values, counted, None, "refused", why)
    got = importances(configurations.varying, values, DRAWN_WITH, _told)
    return Learned(configurations, values, counted, got, got.strength, _strength(got, len(values)))


def _told(done: int, total: int) -> None:
    tell("drawing forests", done, total)


def _mean(alike: Sequence[Entrant]) -> float:
    """Return the mean over all seeds of one configuration."""
    return float(np.mean([value for one in alike for value in one.value.values]))


def _encoded(varying: Sequence[Column], at: int) -> tuple[float, ...]:
    return tuple(value for column in varying for value in column.encoded[at].tolist())


def _refused(found: Columns, values: "Floats") -> str:
    """Return why nothing can be learned; nothing where something can."""
    if not found.varying:
        return "no setting differs between these runs that could be looked at"
    if len(values) < FEWEST:
        return f"{len(values)} configurations are fewer than {FEWEST}: only what differs is listed"
    if float(np.ptp(values)) == 0.0:
        return "the metric is the same in every configuration"
    return ""


def _strength(got: Importances, count: int) -> str:
    explained = number(derived(got.explained))
    if got.strength == "unexplained":
        return (
            f"the settings explain too little of the metric (R^2 {explained} on configurations held "
            f"out, at least {LEAST_EXPLAINED} is needed), so none is given an importance"
        )
    if got.strength == "weak":
        return f"{count} configurations are fewer than {ENOUGH}: another sweep may order them anew"
    return f"{count} configurations, R^2 {explained} on configurations held out"


def _row(column: Column, found: Importance | None, values: "Floats") -> ParameterImportance:
    row = ParameterImportance(
        key=column.key,
        kind=column.kind,
        distinct=len(column.values),
        values=_shown(column),
        importance=None if found is None else derived(found.mean),
        spread=None if found is None else derived(found.spread),
        stands_out=None if found is None else found.stands_out,
        trend=_trend(column, values),
    )
    return row.model_copy(update={"logarithmic": True}) if column.logarithmic else row


def _shown(column: Column) -> list[str]:
    cut = [
        f"{one[:LONGEST_VALUE]}..." if len(one) > LONGEST_VALUE else one for one in column.values
    ]
    if len(cut) <= MOST_VALUES:
        return cut
    return [cut[0], cut[-1]] if column.kind == "number" else cut[:MOST_VALUES]


def _trend(column: Column, values: "Floats") -> float | None:
    if column.kind != "number" or float(np.ptp(values)) == 0.0:
        return None
    return derived(float(stats.spearmanr(column.encoded[:, 0], values).statistic))
