import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from samestep.analysis.jumps import last_jump
from samestep.analysis.project import Projection, project
from samestep.analysis.unitless import Prefix

Floats = NDArray[np.float64]

EPOCHS = np.arange(1.0, 41.0)
BEFORE_THE_DROP = 2.0 + 3.0 * np.exp(-EPOCHS[:24] / 6.0)
AFTER_THE_DROP = 1.2 + 0.1 * np.exp(-np.arange(16.0) / 3.0)
DROPPED = np.concatenate([BEFORE_THE_DROP, AFTER_THE_DROP])


def noisy(values: Floats, deviation: float, seed: int = 0) -> Floats:
    return values + np.random.default_rng(seed).normal(0.0, deviation, len(values))


def jump_of(values: Floats) -> int | None:
    x = np.arange(1.0, len(values) + 1.0)
    return last_jump(Prefix(x / x[-1], (values - values.min()) / np.ptp(values)))


def projected(values: Floats, target: float) -> Projection:
    said = project(np.arange(1.0, len(values) + 1.0), values, target, "lower")
    assert isinstance(said, Projection), said
    return said


def test_a_drop_of_the_learning_rate_is_a_jump() -> None:
    assert jump_of(noisy(DROPPED, 0.01)) == 24


def test_a_restart_that_loses_what_was_learned_is_a_jump() -> None:
    restarted = np.concatenate([BEFORE_THE_DROP, BEFORE_THE_DROP[:10] + 1.5])

    assert jump_of(noisy(restarted, 0.01)) == 24


def test_the_newest_of_two_jumps_counts() -> None:
    dropped_twice = np.concatenate([DROPPED, np.full(8, 0.7)])

    assert jump_of(noisy(dropped_twice, 0.01)) == 40


def test_steep_descents_and_noise_are_no_jumps() -> None:
    flat = [jump_of(noisy(np.full(40, 2.0), 0.1, seed)) for seed in range(20)]

    assert jump_of(2.0 + 3.0 * EPOCHS**-0.5) is None
    assert jump_of(2.0 + 3.0 * np.exp(-EPOCHS / 5.0)) is None
    assert sum(jump is not None for jump in flat) <= 1


def test_two_points_after_a_jump_are_too_few_to_call_it_lasting() -> None:
    assert jump_of(DROPPED[:26]) is None
    assert jump_of(DROPPED[:27]) == 24


def test_a_curve_is_carried_on_from_its_newest_jump() -> None:
    said = projected(noisy(DROPPED, 0.01), 60.0)

    assert abs(said.level - 1.2) < 0.02
    assert 1.15 < said.value < 1.22  # not on along the drop from 2.0 to 1.2


def test_a_few_points_after_a_jump_are_carried_on_at_their_level() -> None:
    said = projected(DROPPED[:28], 40.0)

    assert round(said.value, 3) == round(float(np.mean(DROPPED[25:28])), 3)


def test_intervals_after_a_jump_hold_what_came() -> None:
    said = [projected(noisy(DROPPED[:now], 0.01), 40.0) for now in range(25, 36)]
    held = [one.interval(90)[0] <= DROPPED[39] <= one.interval(90)[1] for one in said]

    assert sum(held) >= 10


@settings(max_examples=50, deadline=None)
@given(values=st.lists(st.integers(0, 50), min_size=2, max_size=48))
def test_whatever_was_logged_a_jump_leaves_points_on_both_sides(values: list[int]) -> None:
    logged = np.array(values, dtype=np.float64)
    jump = None if np.ptp(logged) == 0.0 else jump_of(logged)

    assert jump is None or 3 <= jump <= len(values) - 3
