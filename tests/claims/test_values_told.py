"""Numbers told in other ways than as one value at one x."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import check
from samestep.claims.outcome import outcome

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"
Judged = tuple[str, tuple[str, ...]]


def judged(text: str, world: str = "vision") -> Judged:
    [claim] = check(text, ledger(world)).claims
    return claim.verdict, claim.rules


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("rose by 9.4 points between epoch 7 and epoch 11", ("supported", ())),
        ("rose by 19.4 points between epoch 7 and epoch 11", ("blocked", ("traceable",))),
        ("rose by 9.4 points between epoch 1 and epoch 2", ("unverifiable", ())),
        ("rose from 35.8 at epoch 7 to 45.2 at epoch 11", ("supported", ())),
        ("rose from 30.8 at epoch 7 to 45.2 at epoch 11", ("blocked", ("traceable",))),
    ],
)
def test_how_far_one_run_came_is_held_against_both_of_its_values(way: str, told: Judged) -> None:
    assert judged(f"knn/top1 of {STUDENT} {way}.") == told


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("exceeds 50", ("supported", ())),
        ("exceeds 60", ("blocked", ("traceable",))),
        ("is below 55", ("supported", ())),
        ("is below 45", ("blocked", ("traceable",))),
    ],
)
def test_a_limit_is_passed_where_a_recorded_value_lies_beyond_it(limit: str, told: Judged) -> None:
    assert judged(f"At epoch 11 the test/top1 of {STUDENT} {limit}.") == told


@pytest.mark.parametrize(
    ("number", "told"),
    [("0.021", ("supported", ())), ("-0.021", ("blocked", ("traceable",)))],
)
def test_a_formula_has_the_sign_of_its_difference(number: str, told: Judged) -> None:
    text = f"step 5000: val/loss(gpt2-muon/seed1) - val/loss(gpt2-soap/seed1) = {number}"

    assert judged(text, "language") == told


def test_values_of_two_runs_stand_side_by_side_only_at_one_x() -> None:
    text = f"{STUDENT} is at 52.0, {BASELINE} at 76.3 on test/top1."

    assert judged(text) == ("blocked", ("same-x",))


def test_runs_that_differ_in_scale_from_a_third_cannot_be_subtracted() -> None:
    text = "At epoch 30 baseline-adam-lr1e-3 is 1.8 points above exp_041 on eval/accuracy."

    assert judged(text, "sweep") == ("blocked", ("same-definition",))


@pytest.mark.parametrize(
    "text",
    [
        f"2026-05-03 14:02 {STUDENT} was moved to another node.",
        f"The lr of {STUDENT} goes from 0.1 down to 0.0.",
        f"{BASELINE} drops its lr by 10x at epoch 30.",
        f"The mean of {BASELINE} has a 95 % interval of 75.1 to 77.2.",
        "The original paper has 79.3.",
    ],
)
def test_moments_settings_and_intervals_are_no_values(text: str) -> None:
    checked = check(text, ledger("vision"))

    assert outcome(checked) == "The text claims nothing of runs."
