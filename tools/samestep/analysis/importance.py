"""How much a metric depends on each setting: permutation importance on configurations held out.

A random forest learns the metric from the settings of some configurations; on the others, each
setting is shuffled, and the loss of R^2 is its importance (Breiman 2001; scikit-learn's
`permutation_importance`). Folds and forests are drawn several times, which gives the spread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import stats

from samestep.analysis.importance_columns import Column
from samestep.errors import MissingPackage

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

FEWEST, ENOUGH = 10, 30  # configurations: refused below, weak below
LEAST_EXPLAINED = 0.2  # R^2 on configurations held out, below which no importance means anything
DRAWS = 5  # of folds and forests
FOLDS = 5
TREES = 30
SHUFFLES = 5
MOST_TOGETHER = 0.7  # rank correlation from which two settings are told to move together

Strength = Literal["refused", "unexplained", "weak", "reported"]


@dataclass(frozen=True, slots=True)
class Importance:
    """One setting's importance."""

    key: str
    mean: float
    """The loss of R^2 when it is shuffled, the mean over draws."""
    spread: float
    """The standard deviation of that over draws."""

    @property
    def stands_out(self) -> bool:
        """Whether it lies above 0 by more than twice its spread over draws."""
        return self.mean > 2.0 * self.spread


@dataclass(frozen=True, slots=True)
class Importances:
    """What was learned."""

    strength: Strength
    explained: float
    """R^2 on configurations held out, the mean over draws."""
    explained_spread: float
    parameters: tuple[Importance, ...]
    """The most important first; empty where too little is explained."""


def importances(
    columns: Sequence[Column], values: "Floats", seed: int, told: Callable[[int, int], None]
) -> Importances:
    """Return how much a metric depends on each setting.

    Args:
        columns: The settings that vary, at least one.
        values: The metric of each configuration, finite: shape (configurations,).
        seed: Of the draws.
        told: Takes how many draws are done, and of how many; it may raise to stop.

    Raises:
        MissingPackage: scikit-learn is not installed.
    """
    learn = _Learner(columns, values)
    draws: list[tuple[float, Floats]] = []
    for draw in range(DRAWS):
        told(draw, DRAWS)
        draws.append(learn.drawn(seed + draw))
    explained = np.array([r2 for r2, _ in draws])
    lost = np.array([of_draw for _, of_draw in draws])
    mean, spread = lost.mean(axis=0), lost.std(axis=0, ddof=1)
    found = [
        Importance(column.key, float(mean[at]), float(spread[at]))
        for at, column in enumerate(columns)
    ]
    enough: Strength = "weak" if len(values) < ENOUGH else "reported"
    says = float(explained.mean()) > LEAST_EXPLAINED
    return Importances(
        enough if says else "unexplained",
        float(explained.mean()),
        float(explained.std(ddof=1)),
        tuple(sorted(found, key=lambda one: -one.mean)) if says else (),
    )


def together(columns: Sequence[Column]) -> list[tuple[str, str, float]]:
    """Return the pairs of numeric settings that move together, with their rank correlation."""
    numbers = [column for column in columns if column.kind == "number"]
    found: list[tuple[str, str, float]] = []
    for at, one in enumerate(numbers):
        for other in numbers[at + 1 :]:
            both = stats.spearmanr(one.encoded[:, 0], other.encoded[:, 0])
            correlation = float(both.statistic)
            if abs(correlation) >= MOST_TOGETHER:
                found.append((one.key, other.key, correlation))
    return found


def is_grid(columns: Sequence[Column]) -> bool:
    """Return whether every combination of the values of all settings was tried."""
    rows = np.concatenate([column.encoded for column in columns], axis=1)
    combinations = 1
    for column in columns:
        combinations *= len(np.unique(column.encoded, axis=0))
    return len(np.unique(rows, axis=0)) == combinations


class _Learner:
    """Learns a metric from settings, with scikit-learn: a package without types."""

    def __init__(self, columns: Sequence[Column], values: "Floats") -> None:
        self._rows = np.concatenate([column.encoded for column in columns], axis=1)
        self._values = values
        ends = np.cumsum([column.encoded.shape[1] for column in columns])
        self._parts = [
            slice(end - c.encoded.shape[1], end) for c, end in zip(columns, ends, strict=True)
        ]
        self._ensemble = _package("sklearn.ensemble")
        self._selection = _package("sklearn.model_selection")

    def drawn(self, seed: int) -> "tuple[float, Floats]":
        """Return R^2 over all configurations held out, and what it loses with each setting."""
        folds = self._selection.KFold(FOLDS, shuffle=True, random_state=seed)
        generator = np.random.default_rng(seed)
        predicted = np.zeros_like(self._values)
        shuffled = np.zeros((len(self._parts), SHUFFLES, len(self._values)))
        for learned, held in folds.split(self._rows):
            forest = self._ensemble.RandomForestRegressor(TREES, random_state=seed)
            forest.fit(self._rows[learned], self._values[learned])
            predicted[held] = forest.predict(self._rows[held])
            shuffled[:, :, held] = self._without(forest, held, generator)
        explained = self._explained(predicted)
        lost = [
            explained - float(np.mean([self._explained(one) for one in of_column]))
            for of_column in shuffled
        ]
        return explained, np.array(lost)

    def _without(
        self,
        forest: Any,  # Any: a forest of scikit-learn
        held: "Integers",
        generator: np.random.Generator,
    ) -> "Floats":
        """Return what is predicted with each setting shuffled: (settings, shuffles, held out)."""
        rows = self._rows[held]
        mixed = [
            self._shuffled(rows, part, generator) for part in self._parts for _ in range(SHUFFLES)
        ]
        found = forest.predict(np.concatenate(mixed))
        return np.asarray(found).reshape(len(self._parts), SHUFFLES, len(rows))

    def _shuffled(self, rows: "Floats", part: slice, generator: np.random.Generator) -> "Floats":
        """Return rows with one setting as the configurations drawn at random have it."""
        mixed = rows.copy()
        mixed[:, part] = self._rows[generator.integers(0, len(self._rows), len(rows)), part]
        return mixed

    def _explained(self, predicted: "Floats") -> float:
        """Return R^2: one minus the part of the variance that is not predicted."""
        left = float(((self._values - predicted) ** 2).sum())
        return 1.0 - left / float(((self._values - self._values.mean()) ** 2).sum())


def _package(name: str) -> Any:  # Any: scikit-learn has no types
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackage("parameter_importance", "scikit-learn", "importance") from error
