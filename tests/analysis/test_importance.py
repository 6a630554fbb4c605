"""Permutation importance, held against scikit-learn's own, and the columns it learns from."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from samestep.analysis.importance import DRAWS, importances, is_grid, together
from samestep.analysis.importance_columns import Column, columns
from samestep.errors import MissingPackage

Rows = list[dict[str, Any]]  # Any: whatever a config holds


def silent(done: int, total: int) -> None:
    """Take how far it is, and stop nothing."""


def sweep(count: int) -> tuple[tuple[Column, ...], "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    generator = np.random.default_rng(3)
    settings = generator.uniform(size=(count, 4))
    values = 3.0 * settings[:, 0] + settings[:, 1] + generator.normal(0.0, 0.05, count)
    rows = [{f"s{k}": float(row[k]) for k in range(4)} for row in settings]
    return columns(rows).varying, values


def test_importance_is_what_scikit_learns_own_is_on_held_out_runs() -> None:
    varying, values = sweep(150)
    found = {one.key: one.mean for one in importances(varying, values, 0, silent).parameters}

    rows = np.concatenate([column.encoded for column in varying], axis=1)
    ensemble: Any = import_module("sklearn.ensemble")  # Any: scikit-learn has no types
    inspection: Any = import_module("sklearn.inspection")
    forest = ensemble.RandomForestRegressor(50, random_state=0).fit(rows[:100], values[:100])
    own = inspection.permutation_importance(
        forest, rows[100:], values[100:], n_repeats=10, random_state=0
    )
    for at, column in enumerate(varying):
        assert found[column.key] == pytest.approx(float(own.importances_mean[at]), abs=0.15)


def test_it_can_be_stopped_between_draws() -> None:
    class Stop(Exception):
        pass

    def stopping(done: int, total: int) -> None:
        if (done, total) == (1, DRAWS):
            raise Stop

    with pytest.raises(Stop):
        importances(*sweep(12), 0, stopping)


def test_without_scikit_learn_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(import_module("sys").modules, "sklearn.ensemble", None)

    with pytest.raises(MissingPackage, match=r"pip install 'samestep\[importance\]'"):
        importances(*sweep(12), 0, silent)


@pytest.mark.parametrize(
    ("values", "kind", "logarithmic"),
    [
        ([1, 2, 3], "number", False),
        ([1e-4, 1e-2, 1e-3], "number", True),
        ([0.0, 1e-2, 1e-3], "number", False),
        (["a", "b", "a"], "category", False),
        ([True, False, True], "category", False),
        ([1, "auto", 1], "category", False),
        ([None, 1, 2], "number", False),
    ],
)
def test_a_setting_is_a_number_where_all_its_values_are(
    values: list[Any],
    kind: str,
    logarithmic: bool,  # noqa: FBT001 # a parameter of the test
) -> None:
    [column] = columns([{"s": value} for value in values]).varying

    assert (column.kind, column.logarithmic) == (kind, logarithmic)


def test_what_is_the_same_everywhere_or_names_the_run_is_no_column() -> None:
    rows: Rows = [
        {"same": 1, "seed": n, "name": f"r{n}", "note": f"try {n}", "lr": n, "eta": 2 * n}
        for n in range(20)
    ]
    found = columns(rows)

    assert [column.key for column in found.varying] == ["lr"]
    assert found.passed_over == {
        "note": "another text in nearly every configuration, as a name is",
        "eta": "varies exactly as lr",
    }


def test_many_texts_are_passed_over_and_few_are_not() -> None:
    rows: Rows = [{"few": f"v{n % 3}", "many": f"v{n % 15}"} for n in range(30)]

    found = columns(rows)
    assert [column.key for column in found.varying] == ["few"]
    assert found.passed_over == {"many": "15 different texts"}


def test_a_full_grid_is_known_as_one() -> None:
    grid: Rows = [{"lr": lr, "opt": opt} for lr in (1, 2, 3) for opt in ("a", "b")]

    assert is_grid(columns(grid).varying)
    assert not is_grid(columns(grid[:-1]).varying)


def test_settings_that_rise_and_fall_together_are_told() -> None:
    rows: Rows = [{"lr": n, "batch": -n + 3 * (n == 5), "other": n % 2} for n in range(9)]

    [(one, other, correlation)] = together(columns(rows).varying)
    assert (one, other) == ("lr", "batch")
    assert correlation < -0.9
