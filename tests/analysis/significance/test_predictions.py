import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from samestep.analysis.significance.predictions import (
    discordant,
    is_right_or_wrong,
    mcnemar_test,
    paired_bootstrap_test,
)

if TYPE_CHECKING:
    from samestep.model import Floats


def answers(both: int, first: int, second: int, neither: int) -> "tuple[Floats, Floats]":
    """Return right and wrong of two models, by how many examples each has right."""
    one = [1.0] * (both + first) + [0.0] * (second + neither)
    other = [1.0] * both + [0.0] * first + [1.0] * second + [0.0] * neither
    return np.array(one), np.array(other)


def test_mcnemars_test_is_the_published_result() -> None:
    # Agresti, Categorical Data Analysis: approval of the prime minister, 86 against 150 changed
    # their minds; exact p = 3.716e-05 by R's exact2x2::mcnemar.exact.
    found = mcnemar_test(*answers(794, 150, 86, 570))

    assert (found.statistic, found.n) == (150, (1600, 1600))
    assert f"{found.p_value:.2e}" == f"{stats.binomtest(86, 236).pvalue:.2e}" == "3.72e-05"


def test_mcnemars_p_value_is_that_of_a_fair_coin() -> None:
    # 1 against 7: (1 + 8) / 256 on either side.
    assert math.isclose(mcnemar_test(*answers(20, 7, 1, 4)).p_value or 0.0, 18 / 256)


def test_too_few_examples_told_apart_say_nothing() -> None:
    found = mcnemar_test(*answers(50, 5, 0, 10))

    assert found.p_value is None
    assert "p = 0.0625 at best; it needs 6" in found.why_not


def test_the_models_that_answer_alike_cannot_be_told_apart() -> None:
    assert "p = 1 at best" in mcnemar_test(*answers(50, 0, 0, 10)).why_not


def test_only_zeros_and_ones_are_counted() -> None:
    assert is_right_or_wrong(np.array([0.0, 1.0, 1.0]))
    assert not is_right_or_wrong(np.array([0.0, 0.5]))
    assert discordant(*answers(3, 2, 1, 4)) == (2, 1)


@pytest.mark.parametrize("examples", [400, 6_000])
def test_the_paired_interval_is_that_of_the_differences(examples: int) -> None:
    rng = np.random.default_rng(0)
    easy = rng.normal(0, 3, examples)
    one, other = easy + rng.normal(0.3, 1, examples), easy + rng.normal(0, 1, examples)

    found = paired_bootstrap_test(one, other)

    expected = stats.ttest_rel(one, other).confidence_interval()
    low, high = found.interval or (0.0, 0.0)
    assert math.isclose(low, float(expected.low), abs_tol=0.02)
    assert math.isclose(high, float(expected.high), abs_tol=0.02)


def test_few_examples_are_not_resampled() -> None:
    found = paired_bootstrap_test(np.arange(12.0), np.arange(12.0)[::-1])

    assert found.interval is None
    assert found.why_not == "12 examples; it needs 30"
