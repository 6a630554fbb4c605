import math

from scipy import stats

from samestep.analysis.significance.folds import nadeau_bengio_test

ONE = [0.71, 0.74, 0.69, 0.75, 0.72, 0.70, 0.73, 0.76, 0.71, 0.74]
OTHER = [0.70, 0.72, 0.70, 0.72, 0.71, 0.69, 0.70, 0.74, 0.72, 0.71]


def test_folds_are_compared_with_a_variance_corrected_for_their_overlap() -> None:
    # Differences of mean 0.014 and variance 0.000226667: t = 0.014 / sqrt((1/10 + 1/9) * variance).
    found = nadeau_bengio_test(ONE, OTHER, 1 / 9)

    assert math.isclose(
        found.statistic or 0.0, 0.014 / math.sqrt(19 / 90 * 0.000226667), rel_tol=1e-5
    )
    assert found.df == 9
    assert math.isclose(found.p_value or 0.0, 2 * stats.t.sf(2.023851, 9), rel_tol=1e-5)


def test_it_is_more_cautious_than_the_paired_t_test_which_it_is_without_overlap() -> None:
    plain = stats.ttest_rel(ONE, OTHER)

    assert math.isclose(nadeau_bengio_test(ONE, OTHER, 0.0).p_value or 0.0, float(plain.pvalue))
    assert (nadeau_bengio_test(ONE, OTHER, 1 / 9).p_value or 0.0) > float(plain.pvalue)


def test_its_interval_is_as_much_wider() -> None:
    low, high = nadeau_bengio_test(ONE, OTHER, 1 / 9).interval or (0.0, 0.0)
    plain = stats.ttest_rel(ONE, OTHER).confidence_interval()

    assert math.isclose(low + high, 0.028, rel_tol=1e-9)
    assert math.isclose((high - low) / float(plain.high - plain.low), math.sqrt(19 / 9))


def test_a_single_fold_says_nothing() -> None:
    assert nadeau_bengio_test([0.7], [0.8], 0.25).why_not == "1 pairs; two are needed"
