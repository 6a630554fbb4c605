import math

from scipy import stats

from samestep.analysis.significance.task_ranks import friedman

# Demsar 2006, table 6: ranks of C4.5, with parameter m, with cf, with both, on 14 data sets.
PLAIN = "4 1 4 4 4 1 3 2.5 4 2.5 4 3 4 3"
WITH_M = "3 2 1 1 2 2.5 2 2.5 3 2.5 2.5 2 1 1"
WITH_CF = "2 3 2 3 3 4 4 4 2 2.5 1 4 2 4"
WITH_BOTH = "1 4 3 2 1 2.5 1 1 1 2.5 2.5 1 3 2"
DEMSAR = [[-float(rank) for rank in of.split()] for of in (PLAIN, WITH_M, WITH_CF, WITH_BOTH)]
TIED = 78 / 840  # of t**3 - t over all ties, in N k (k**2 - 1)


def test_ranks_are_those_of_demsars_worked_example() -> None:
    assert [round(rank, 3) for rank in friedman(DEMSAR).ranks] == [3.143, 2.000, 2.893, 1.964]


def test_the_omnibus_test_is_friedmans_in_iman_and_davenports_form() -> None:
    # Demsar's chi-squared is 9.28 without SciPy's correction for ties; his F is 3.69, with 3 and 39
    # degrees of freedom, for that.
    found = friedman(DEMSAR).omnibus
    chi_squared = float(stats.friedmanchisquare(*DEMSAR).statistic)

    assert round(chi_squared * (1 - TIED), 2) == 9.28
    assert round(13 * 9.28 / (14 * 3 - 9.28), 2) == 3.69
    assert math.isclose(found.statistic or 0.0, 13 * chi_squared / (14 * 3 - chi_squared))
    assert math.isclose(found.p_value or 0.0, float(stats.f.sf(found.statistic or 0.0, 3, 39)))
    assert found.how == "F with 3 and 39 degrees of freedom"


def test_each_side_is_compared_with_the_first_by_signed_ranks_and_holm() -> None:
    found = friedman(DEMSAR)
    raw = [float(stats.wilcoxon(DEMSAR[0], other).pvalue) for other in DEMSAR[1:]]

    assert [one.p_value for one in found.against] == raw
    smallest = min(range(3), key=raw.__getitem__)
    assert math.isclose(found.adjusted[smallest] or 0.0, 3 * raw[smallest])


def test_two_sides_or_few_data_sets_say_nothing() -> None:
    assert "2 sides; it needs 3" in friedman(DEMSAR[:2]).omnibus.why_not
    few = friedman([side[:4] for side in DEMSAR])
    assert "4 data sets" in few.omnibus.why_not
    assert few.adjusted == (None, None, None)


def test_sides_that_are_equal_everywhere_say_nothing() -> None:
    assert "equal on every data set" in friedman([[1.0] * 6] * 3).omnibus.why_not
