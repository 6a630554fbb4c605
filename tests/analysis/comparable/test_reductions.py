from collections.abc import Callable

import numpy as np
import pytest

from samestep.analysis.axis import Curve
from samestep.analysis.comparable import Finding, Party
from samestep.analysis.comparable.reductions import beside, quantity_of, reduction_of

Pair = Callable[..., list[Party]]
Audited = Callable[..., dict[str, Finding]]


def curve(metric: str, points: dict[float, float]) -> Curve:
    x = np.array(list(points), dtype=np.float64)
    return Curve(metric, x, np.array(list(points.values())), x, 0, 0, 0, 0)


LAST = curve("loss", {1: 5.0, 2: 3.0, 3: 2.0})


@pytest.mark.parametrize("name", ["train/loss", "train_loss_epoch", "loss_mean"])
@pytest.mark.parametrize("x", [3.0, 4.0], ids=["together", "right after"])
def test_the_mean_of_a_run_beside_its_last_value_is_another_number(name: str, x: float) -> None:
    found = beside("loss", {"loss": LAST, name: curve(name, {x: 3.25})})

    assert found is not None
    assert (found.metric, found.x, found.value, found.other) == (name, x, 2.0, 3.25)


@pytest.mark.parametrize(
    ("name", "points"),
    [("train/loss", {3.0: 2.0}), ("train/loss", {9.0: 3.0}), ("val/loss", {3.0: 3.0})],
    ids=["equal", "long after", "of other data"],
)
def test_what_is_no_other_reduction_is_not_told(name: str, points: dict[float, float]) -> None:
    assert beside("loss", {"loss": LAST, name: curve(name, points)}) is None


def test_a_name_that_says_how_it_is_reduced_is_told_apart_already() -> None:
    logged = {"reward/mean": curve("", {1: 5.0}), "reward/max": curve("reward/max", {1: 9.0})}

    assert beside("reward/mean", logged) is None


@pytest.mark.parametrize("name", ["reward/max", "reward_min", "best_reward"])
def test_the_highest_or_lowest_of_a_family_is_not_taken_for_the_value(name: str) -> None:
    logged = {"reward": curve("reward", {1: 5.0}), name: curve(name, {1: 9.0})}

    assert beside("reward", logged) is None


def test_a_value_within_the_noise_of_the_one_before_is_no_other_reduction() -> None:
    noisy = curve("loss", {float(n): 2.0 + 0.5 * (n % 2) for n in range(1, 30)})

    assert beside("loss", {"loss": noisy, "train/loss": curve("", {29.5: 2.3})}) is None


def test_names_tell_their_quantity_and_its_reduction() -> None:
    assert quantity_of("train/loss_step") == quantity_of("loss_epoch") == {"loss"}
    assert (reduction_of("train/loss_step"), reduction_of("loss_epoch")) == ("step", "epoch")


def test_settings_that_reduce_differently_warn(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"loss": {"reduction": "mean"}}, {"loss": {"reduction": "sum"}}))

    assert found["metric reduction"].ruling.rule == "same-definition"
    assert "metric reduction" not in audited(pair({"average": "macro"}, {"average": "macro"}))
