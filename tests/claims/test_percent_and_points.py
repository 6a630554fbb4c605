"""Differences told in percent, in points and as factors, by what the metric is."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import check
from samestep.claims.parts import number_of, part_of, rows_of, text_of

SEEDS = "At epoch 20 wide/* is {} narrow/* on test/accuracy."
BLEU = "At step 6000 marian-base_2024-05-01_run3 is {} t5.small.lr1e-4 on eval_bleu."


@pytest.mark.parametrize(
    ("world", "sentence", "told", "verdict"),
    [
        ("seeds", SEEDS, "2.5 points above", "supported"),
        ("seeds", SEEDS, "2.8 % above", "supported"),
        ("seeds", SEEDS, "0.025 above", "supported"),
        ("seeds", SEEDS, "25 points above", "blocked"),
        ("translation", BLEU, "0.95 above", "supported"),
        ("translation", BLEU, "3.7 % above", "supported"),
        ("translation", BLEU, "95 % above", "blocked"),
        ("translation", BLEU, "95 points above", "blocked"),
        ("translation", BLEU, "26 % above", "blocked"),
    ],
)
def test_percent_are_points_only_of_a_share(
    world: str, sentence: str, told: str, verdict: str
) -> None:
    [claim] = check(sentence.format(told), ledger(world)).claims

    assert claim.verdict == verdict


def test_what_an_answer_itself_says_of_a_difference_is_borne_out() -> None:
    """Its cells are given to eight digits: a difference of them has fewer."""
    for world in ("seeds", "significance", "translation", "vision"):
        for answer in ledger(world):
            if answer["tool"] in {"compare_same_epoch", "significance_test"}:
                assert check(str(answer["reading"]), ledger(world)).ok, answer["reading"]


def test_a_recited_tail_stands_at_its_own_x() -> None:
    curve = next(a for a in ledger("vision") if a["tool"] == "convergence_check")
    values = ", ".join(f"{number_of(point, 'value'):.3f}" for point in rows_of(curve, "tail"))
    name = text_of(rows_of(curve, "runs")[0], "full_name")
    metric = text_of(part_of(curve, "curve"), "metric")
    x = number_of(part_of(curve, "curve"), "current")

    told = f"{name} still improves on {metric} at epoch {x:g}: its last five values are {values}."

    assert check(told, ledger("vision")).ok
    assert not check(told.replace(values[:4], "99.1"), ledger("vision")).ok
