import math

import numpy as np
import pytest

from samestep.analysis.significance.tasks import (
    Aggregate,
    Scores,
    aggregate,
    improvement,
    interquartile_mean,
    scales_apart,
)

TASKS = ("pong", "breakout", "qbert", "seaquest", "asterix")
MANY = (*TASKS, "freeway", "skiing")
HALVES = (slice(0, 4), slice(4, 8))


def scores(level: float, tasks: tuple[str, ...] = TASKS, runs: int = 4, seed: int = 0) -> Scores:
    rng = np.random.default_rng(seed)
    return {task: [float(one) for one in rng.normal(level, 1, runs)] for task in tasks}


def test_an_interquartile_mean_leaves_out_the_lowest_and_highest_quarter() -> None:
    assert interquartile_mean([-100, 1, 2, 3, 4, 5, 6, 1000]) == 3.5


def test_improvement_is_the_mean_over_tasks() -> None:
    # All runs above on one task; one of four pairs above on the other.
    assert improvement({"a": [3, 4], "b": [1, 4]}, {"a": [1, 2], "b": [2, 5]}) == (1 + 0.25) / 2


def test_everything_is_said_with_its_interval() -> None:
    one, other = scores(3, seed=1), scores(0, seed=2)

    found = aggregate(one, other)

    assert isinstance(found, Aggregate)
    assert (found.tasks, found.runs) == (TASKS, (4, 4))
    assert math.isclose(found.one.value, interquartile_mean([v for of in one.values() for v in of]))
    assert math.isclose(found.improvement.value, improvement(one, other))
    assert math.isclose(found.difference.value, found.one.value - found.other.value)
    for estimate in (found.one, found.other, found.difference, found.improvement):
        assert estimate.interval[0] <= estimate.value <= estimate.interval[1]
    assert found.difference.interval[0] > 0


def test_runs_are_resampled_within_their_task() -> None:
    # Tasks far apart, runs of a task equal: nothing is left to vary.
    flat = {task: [float(10 * at)] * 3 for at, task in enumerate(TASKS)}

    found = aggregate(flat, flat)

    assert isinstance(found, Aggregate)
    assert found.one.interval == (found.one.value, found.one.value)


def test_the_intervals_are_those_of_resampling_task_by_task() -> None:
    one, other = scores(1, seed=1), scores(0, seed=2)
    rng = np.random.default_rng(5)
    means = [
        interquartile_mean([v for of in one.values() for v in rng.choice(of, len(of))])
        for _ in range(2_000)
    ]

    found = aggregate(one, other)

    assert isinstance(found, Aggregate)
    assert np.allclose(found.one.interval, np.quantile(means, [0.025, 0.975]), atol=0.08)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (scores(1, TASKS[:4]), "4 tasks that both sides have, 4 runs in the smallest"),
        (scores(1, runs=2), "5 tasks that both sides have, 2 runs in the smallest"),
        ({**scores(1), "pong": [1.0, math.nan, 2.0]}, "a value is not finite"),
    ],
)
def test_too_little_to_aggregate_is_said(one: Scores, says: str) -> None:
    assert says in str(aggregate(one, scores(0)))


def test_tasks_of_other_scales_are_noticed() -> None:
    assert scales_apart({"pong": [20.0, 21.0], "breakout": [400.0, 380.0]})
    assert not scales_apart({"pong": [20.0, 21.0], "breakout": [40.0, 38.0]})


def test_the_p_value_is_that_of_dividing_the_runs_of_each_task_anew() -> None:
    one, other = scores(0.5, seed=1), scores(0, seed=2)
    rng = np.random.default_rng(8)

    def anew() -> float:
        drawn = [rng.permutation([*one[task], *other[task]]) for task in TASKS]
        ours, theirs = (np.concatenate([of[part] for of in drawn]) for part in HALVES)
        return abs(interquartile_mean(list(ours)) - interquartile_mean(list(theirs)))

    found = aggregate(one, other)

    assert isinstance(found, Aggregate)
    as_far = np.mean([anew() >= abs(found.difference.value) for _ in range(1500)])
    assert abs(found.p_value - as_far) < 0.04


def test_of_three_runs_a_task_an_interval_without_0_may_be_chance() -> None:
    # Equal sides: the bootstrap takes one of seven for different.
    found = [aggregate(scores(0, MANY, 3, at), scores(0, MANY, 3, 900 + at)) for at in range(40)]

    told = [one for one in found if isinstance(one, Aggregate)]
    outside = [
        one for one in told if not one.difference.interval[0] <= 0 <= one.difference.interval[1]
    ]
    assert len(outside) >= 3
    assert sum(one.p_value < 0.05 for one in told) <= 2
