"""What is told of a curve's course: gains still projected, slopes, gaps at several x, estimates."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import Claim, check

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"


def only(text: str, world: str = "vision") -> Claim:
    [claim] = check(text, ledger(world)).claims
    return claim


@pytest.mark.parametrize(("gain", "verdict"), [("13.8", "supported"), ("23.8", "blocked")])
def test_a_further_gain_is_the_projected_one(gain: str, verdict: str) -> None:
    said = f"A further gain of {gain} points in knn/top1 is projected for {STUDENT} by epoch 22."

    assert (only(said).kind, only(said).verdict) == ("projection", verdict)


def test_a_gain_is_no_catching_up() -> None:
    said = f"By epoch 22 {STUDENT} is projected to gain {{}} on knn/top1."

    assert only(said.format("13.8")).verdict == "supported"
    assert only(said.format("23.8")).rules == ("projection-bounded",)


def test_a_slope_that_no_answer_tells_is_unverifiable() -> None:
    said = f"knn/top1 of {STUDENT} is still improving at epoch 11, by {{}} points per epoch."

    assert only(said.format("2.34")).verdict == "supported"
    assert only(said.format("9.99")).verdict == "unverifiable"


@pytest.mark.parametrize(
    ("early", "late", "rules"),
    [
        ("0.0905", "0.0531", ()),
        ("0.0905", "0.0731", ("traceable",)),
        ("0.0705", "0.0531", ("traceable",)),
    ],
)
def test_each_gap_stands_at_its_own_x(early: str, late: str, rules: tuple[str, ...]) -> None:
    gap = "The gap in test/dice between polyp-swin-unet/seed3 and polyp-unet-r34/seed3"

    claim = only(f"{gap} was {early} at epoch 10 and is {late} at epoch 18.", "polyp")

    assert (claim.verdict == "blocked", claim.rules) == (bool(rules), rules)


def test_a_second_value_of_a_run_is_judged_at_its_own_x() -> None:
    told = f"{BASELINE} has 54.41 on test/top1 at epoch 11 and {{}} at epoch 100."

    assert only(told.format("76.3")).rules == ()
    assert only(told.format("99.9")).rules == ("traceable",)


def test_a_number_that_is_another_recorded_quantity_is_not_called_untraceable() -> None:
    apart = "lora-bert/* and adapter-bert/* on mnli/accuracy at epoch 8"

    assert only(f"The 0.0011 between {apart} is not significant.", "significance").rules == ()
    assert only(f"The 0.0511 between {apart} is not significant.", "significance").rules


@pytest.mark.parametrize(
    "aside",
    [
        "It uses CUDA 12.1.",
        "The loader takes 22 % of the time.",
        "See Sec. 4.2.",
        "Step (2) is next.",
    ],
)
def test_numbers_of_other_things_are_left_alone(aside: str) -> None:
    told = f"{STUDENT} has 52.03 on test/top1 at epoch 11."

    assert [c.verdict for c in check(f"{told} {aside}", ledger("vision")).claims] == ["supported"]


@pytest.mark.parametrize("x", ["step 13750", "step 13.75k", "13,750 training steps"])
def test_an_x_is_read_however_it_is_written(x: str) -> None:
    assert only(f"At {x} {STUDENT} has 52.03 on test/top1.").verdict == "supported"
