"""What a sentence says beside a true number keeps it from being supported."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import check

TRUE = "At epoch 20 wide/* is 0.025 above narrow/* on test/accuracy"
VALUE = "At epoch 20 wide/* has 0.912"


def verdict(text: str, world: str = "seeds") -> str:
    [claim] = check(text, ledger(world)).claims
    return claim.verdict


def test_the_number_alone_is_supported() -> None:
    assert (verdict(f"{TRUE}."), verdict(f"{VALUE} on test/accuracy.")) == ("supported",) * 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{VALUE} ± 0.001 on test/accuracy.", "supported"),
        (f"{VALUE} ± 0.2 on test/accuracy.", "blocked"),
        (f"{VALUE} (std 0.2) on test/accuracy.", "blocked"),
        ("| run | test/accuracy at epoch 20 |\n|---|---|\n| wide/* | 0.912 ± 0.2 |", "blocked"),
    ],
)
def test_a_spread_is_held_against_the_recorded_one(text: str, told: str) -> None:
    assert verdict(text) == told


@pytest.mark.parametrize("interval", ["95 % CI [0.4, 0.6]", "[0.4, 0.6]", "95 % CI 0.4 to 0.6"])
def test_an_interval_nobody_recorded_is_never_supported(interval: str) -> None:
    assert verdict(f"{TRUE}, {interval}.") in {"blocked", "unverifiable"}


def test_an_interval_is_held_against_the_recorded_ones() -> None:
    text = "full-bert/* is at 0.779, 95 % CI [{}], on mnli/accuracy at epoch 8."

    assert verdict(text.format("0.774, 0.784"), "significance") == "supported"
    assert verdict(text.format("0.770, 0.784"), "significance") == "blocked"


def test_a_ratio_has_its_sides_the_right_way_round() -> None:
    text = "At epoch 20 {} is 1.03x {} on test/accuracy."

    assert verdict(text.format("wide/*", "narrow/*")) == "supported"
    assert verdict(text.format("narrow/*", "wide/*")) == "blocked"


@pytest.mark.parametrize(
    "text",
    [
        "Every seed of wide/* has more than 0.90 on test/accuracy at epoch 20.",
        f"{TRUE}. The 0.025 lead at epoch 20 holds at every epoch.",
        f"{VALUE} on test/accuracy; narrow/* needs 60 epochs for that.",
        "narrow/* needs 60 epochs for that.",
        "Results: wide/* 0.912, narrow/* 0.887.",
    ],
)
def test_what_is_not_judged_is_not_supported(text: str) -> None:
    assert check(text, ledger("seeds")).claims[-1].verdict == "unverifiable"


def test_a_call_that_takes_one_run_is_proposed_with_one_of_the_group() -> None:
    [recorded] = check("wide/* has converged on val/loss.", ledger("seeds")).claims
    [unknown] = check("new/* has converged on val/loss.", ledger("seeds")).claims

    assert 'wide/seed0", metric="val/loss")' in recorded.why
    assert 'run="<a run of new/*>"' in unknown.why
