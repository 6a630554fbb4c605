"""Fronts worked by hand, and what holds for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.analysis.ranking.pareto import dominance, front, knee, membership

NONE = np.zeros(2)
GOOD = np.array([[1.0, 9.0], [3.0, 8.0], [8.0, 3.0], [9.0, 1.0], [2.0, 2.0]])
points = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12).map(
    lambda rows: np.array(rows, dtype=np.float64)
)


def test_the_front_is_who_nobody_dominates() -> None:
    assert front(GOOD, NONE).tolist() == [True, True, True, True, False]
    assert dominance(GOOD, NONE)[4].tolist() == [False, True, True, False, False]


def test_a_lead_within_epsilon_dominates_nobody() -> None:
    good = np.array([[1.0, 1.0], [1.4, 1.0]])

    assert front(good, np.array([0.5, 0.5])).tolist() == [True, True]
    assert front(good, NONE).tolist() == [False, True]


@pytest.mark.parametrize(
    ("good", "at"),
    [
        (GOOD[:4], 1),
        ([[0.0, 1.0], [0.9, 0.9], [1.0, 0.0]], 1),
        ([[0.0, 1.0], [0.4, 0.4], [1.0, 0.0]], None),
        ([[0.0, 1.0], [1.0, 0.0]], None),
        ([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]], None),
    ],
)
def test_the_knee_lies_farthest_beyond_the_chord(good: list[list[float]], at: int | None) -> None:
    assert knee(np.array(good)) == at


@given(points, st.floats(0, 2))
def test_some_candidate_is_always_on_the_front(good: np.ndarray, least: float) -> None:
    assert front(good, np.full(2, least)).any()


@given(points, st.floats(0, 2))
def test_no_two_dominate_each_other_and_dominance_carries_on(
    good: np.ndarray, least: float
) -> None:
    by = dominance(good, np.full(2, least))

    assert not np.logical_and(by, by.T).any()
    assert not np.logical_and((by.astype(int) @ by.astype(int)) > 0, ~by).any()


def test_membership_is_certain_where_seeds_agree_and_shared_where_they_do_not() -> None:
    apart = [np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[0.0, 0.0], [0.0, 0.0]])]
    mixed = [np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([[1.0, 1.0], [1.0, 1.0]])]

    assert membership(apart, NONE, seed=0).tolist() == [1.0, 0.0]
    often = membership(mixed, NONE, seed=0)
    assert np.all(np.abs(often - 0.75) < 0.08)
    assert membership(mixed, NONE, seed=0).tolist() == often.tolist()
