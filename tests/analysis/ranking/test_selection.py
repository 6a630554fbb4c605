"""Seed noise pooled, and means drawn to their mean."""

import numpy as np
import pytest

from samestep.analysis.ranking.selection import borrowed_spread, pooled_spread, shrunken


def test_the_spread_within_groups_is_pooled_by_their_degrees_of_freedom() -> None:
    pooled = pooled_spread([[1.0, 3.0], [10.0, 10.0, 13.0], [5.0]])

    assert pooled is not None
    assert (round(pooled.spread, 9), pooled.groups, pooled.freedom) == (1.632993162, 2, 3)


@pytest.mark.parametrize("groups", [[], [[1.0]], [[1.0], [2.0]]])
def test_single_seeds_pool_to_nothing(groups: list[list[float]]) -> None:
    assert pooled_spread(groups) is None


def test_a_spread_is_borrowed_only_from_two_groups_of_three() -> None:
    assert borrowed_spread([[1.0, 2.0, 3.0], [1.0, 2.0]]) is None
    borrowed = borrowed_spread([[1.0, 2.0, 3.0], [1.0, 2.0], [11.0, 12.0, 13.0]])
    assert borrowed is not None
    assert (borrowed.spread, borrowed.groups) == (1.0, 2)


def test_means_are_drawn_to_their_mean_by_the_part_of_their_variance_that_is_noise() -> None:
    drawn = shrunken([1.0, 2.0, 3.0], [2, 2, 2], spread=1.0)

    assert drawn == [1.5, 2.0, 2.5]


def test_more_seeds_are_drawn_less() -> None:
    drawn = shrunken([1.0, 2.0, 3.0], [2, 2, 8], spread=1.0)

    assert drawn == [1.5, 2.0, 2.875]


def test_differences_that_are_all_noise_vanish() -> None:
    assert shrunken([1.0, 2.0, 3.0], [1, 1, 1], spread=5.0) == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("means", [[1.0, 2.0], [2.0, 2.0, 2.0]])
def test_too_few_or_equal_means_are_not_drawn(means: list[float]) -> None:
    assert shrunken(means, [1] * len(means), spread=1.0) is None


def test_the_first_of_ten_is_too_high_and_its_shrunken_mean_is_not() -> None:
    generator = np.random.default_rng(0)
    truth = generator.normal(0.0, 1.0, (2_000, 10))
    means = truth + generator.normal(0.0, 1.0 / 3**0.5, truth.shape)
    drawn = np.array([shrunken(list(map(float, row)), [3] * 10, 1.0) for row in means])
    first, rows = means.argmax(axis=1), np.arange(len(truth))

    assert float((means - truth)[rows, first].mean()) > 0.3
    assert abs(float((drawn - truth)[rows, first].mean())) < 0.05
