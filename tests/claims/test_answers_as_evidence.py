"""What rankings, tests, lags and outlooks of real answers say bears a claim out, or blocks it."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import Claim, check
from samestep.claims.parts import part_of, rows_of

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"
Judgement = tuple[str, str, tuple[str, ...]]


def only(text: str, world: str) -> Claim:
    [claim] = check(text, ledger(world)).claims
    return claim


def judged(text: str, world: str) -> Judgement:
    claim = only(text, world)
    return claim.kind, claim.verdict, claim.rules


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lr3e-3/* comes last at epoch 20 on test/accuracy.", ("ranking", "supported", ())),
        (
            "lr3e-4/* comes last at epoch 20 on test/accuracy.",
            ("ranking", "blocked", ("traceable",)),
        ),
        ("lr1e-3/* ranks first at epoch 20 on test/accuracy.", ("ranking", "supported", ())),
        (
            "lr1e-3/* is the best of the three on test/accuracy.",
            ("ranking", "blocked", ("winner-evidence",)),
        ),
        ("lr1e-3/* beats lr3e-3/* on test/accuracy.", ("winner", "supported", ())),
    ],
)
def test_a_place_is_that_of_a_recorded_ranking(text: str, told: Judgement) -> None:
    assert judged(text, "ranking") == told


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("is not significant at epoch 8", ()),
        ("is significant at epoch 8", ("winner-evidence",)),
        ("is not significant at epoch 8 (p = 0.50)", ()),
        ("is not significant at epoch 8 (p = 0.30)", ("traceable",)),
        ("is not significant at epoch 8 (p > 0.05)", ()),
        ("is not significant at epoch 8 (n = 5)", ()),
    ],
)
def test_significance_is_what_a_recorded_test_says(text: str, rules: tuple[str, ...]) -> None:
    between = "The difference between lora-bert/* and adapter-bert/* on mnli/accuracy"

    claim = only(f"{between} {text}.", "significance")

    assert (claim.verdict == "blocked", claim.rules) == (bool(rules), rules)
    assert any(evidence.cell.startswith("test of lora-bert/*") for evidence in claim.evidence)


def test_a_significant_difference_is_no_insignificant_one() -> None:
    text = "At epoch 8 full-bert/* and adapter-bert/* do not differ significantly on mnli/accuracy."

    claim = only(text, "significance")

    assert (claim.verdict, claim.rules) == ("blocked", ("traceable",))
    assert claim.rewrite is not None
    assert "significant by Welch's t-test (p = 2.81113e-07" in claim.rewrite


@pytest.mark.parametrize(
    ("text", "world", "rules"),
    [
        ("Over five seeds wide/* has 0.912 on test/accuracy at epoch 20.", "seeds", ()),
        ("Over ten seeds wide/* has 0.912 on test/accuracy at epoch 20.", "seeds", ("traceable",)),
        (
            f"Over three seeds {STUDENT} has 52.0 on test/top1 at epoch 11.",
            "vision",
            ("single-seed",),
        ),
    ],
)
def test_seeds_are_counted_as_recorded(text: str, world: str, rules: tuple[str, ...]) -> None:
    assert only(text, world).rules == rules


@pytest.mark.parametrize(
    ("text", "verdict", "rules"),
    [
        ("At epoch 11 {0} lags {1} by 0.9 epochs on test/top1.", "supported", ()),
        ("At epoch 11 {0} is 0.8 epochs ahead of {1} on val/loss.", "supported", ()),
        ("At epoch 11 {0} lags {1} by 4 epochs on test/top1.", "blocked", ("traceable",)),
        ("At epoch 11 {0} is 0.9 epochs ahead of {1} on test/top1.", "blocked", ("traceable",)),
        ("{0} lags {1} by 0.9 epochs on test/top1.", "blocked", ("same-x",)),
    ],
)
def test_a_lag_is_held_against_the_recorded_one(
    text: str, verdict: str, rules: tuple[str, ...]
) -> None:
    claim = only(text.format(STUDENT, BASELINE), "vision")

    assert (claim.verdict, claim.rules) == (verdict, rules)


@pytest.mark.parametrize(
    ("chance", "until", "verdict"),
    [("35 %", 100, "supported"), ("0.35", 100, "supported"), ("80 %", 100, "blocked")],
)
def test_a_probability_of_catching_up_is_the_recorded_one(
    chance: str, until: int, verdict: str
) -> None:
    text = (
        f"With a probability of {chance} {STUDENT} will catch up with {BASELINE} on test/top1 "
        f"by epoch {until}."
    )

    claim = only(text, "vision")

    assert (claim.kind, claim.verdict) == ("projection", verdict)


def test_a_probability_holds_only_up_to_its_x() -> None:
    text = f"There is a 35 % chance that {STUDENT} catches up with {BASELINE} by epoch 20."

    assert only(text, "vision").rules == ("projection-bounded",)


def test_a_running_run_has_no_final_value() -> None:
    assert only(f"{STUDENT} finished at 52.0 on test/top1.", "vision").rules == (
        "history-not-summary",
    )
    assert only(f"{BASELINE} finished at 76.3 on test/top1.", "vision").verdict == "supported"


def test_a_summary_is_no_history() -> None:
    told = f"In the run summary {BASELINE} has 76.3 on test/top1"

    assert only(f"{told}.", "vision").rules == ("history-not-summary",)
    assert only(f"{told} (epoch 100).", "vision").rules == ("history-not-summary",)


def test_an_estimate_is_not_told_as_logged() -> None:
    [comparison] = [a for a in ledger("early") if a["tool"] == "compare_same_epoch"]
    text = "At epoch 3 vit-b16-dino/seed0 logged 27.4 on knn/top1."
    rows = [
        {**row, "baseline": {**part_of(row, "baseline"), "match": "interpolated"}}
        for row in rows_of(comparison, "proxy")
    ]
    interpolated: dict[str, object] = {**comparison, "proxy": rows}

    assert check(text, [comparison]).claims[0].verdict == "supported"
    assert check(text, [interpolated]).claims[0].rules == ("match-stated",)
