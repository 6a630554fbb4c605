import pytest
from tests.claims.measure import ledger

from samestep.claims import Claim, check

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"


def only(text: str, world: str = "vision") -> Claim:
    [claim] = check(text, ledger(world)).claims
    return claim


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{STUDENT} beats {BASELINE} on val/loss.", "winner"),
        (f"At epoch 11 {STUDENT} is 2.4 points below {BASELINE} on test/top1.", "delta"),
        (f"{STUDENT} has converged on knn/top1.", "converged"),
        (f"{BASELINE} is the best of all.", "ranking"),
        (f"At epoch 11 {STUDENT} has 52.0 on test/top1.", "value"),
        (f"{STUDENT} will catch up with {BASELINE}.", "projection"),
        (f"The drop in test/top1 at epoch 11 of {STUDENT} is due to LAMB.", "cause"),
    ],
)
def test_a_claim_has_its_kind(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_a_supported_number_leads_to_its_answer_cell_and_x() -> None:
    [evidence] = only(f"At epoch 11 {STUDENT} has 52.0 on test/top1.").evidence

    assert evidence.cell == f"test/top1 of {STUDENT}"
    assert (evidence.axis, evidence.x, evidence.value) == ("epoch", 11.0, 52.03467)
    assert evidence.answer_id.startswith("cmp-")


def test_a_blocked_claim_is_rewritten_in_the_words_of_the_answer() -> None:
    comparison = next(a for a in ledger("vision") if a["tool"] == "compare_same_epoch")

    claim = only(f"{STUDENT} beats {BASELINE} on test/top1.")

    assert claim.rewrite is not None
    assert claim.rewrite.startswith(str(comparison["reading"]))
    assert "Each side is a single run." in claim.rewrite


def test_a_run_that_no_answer_holds_is_told_with_the_call_that_would_verify_it() -> None:
    claim = only(f"resnet101-adamw/seed2 beats {STUDENT} on test/top1 at epoch 11.")

    assert claim.verdict == "unverifiable"
    assert "compare_same_epoch(student=" in claim.why
    assert '"resnet101-adamw/seed2"' in claim.why


def test_the_newest_answer_decides() -> None:
    comparison = next(a for a in ledger("seeds") if a["tool"] == "compare_same_epoch")
    undecided: dict[str, object] = {**comparison, "verdict": {}}

    text = "wide/* beats narrow/* on test/accuracy."

    assert check(text, [comparison]).ok
    assert not check(text, [undecided]).ok


def test_each_sentence_is_a_claim_of_its_own_with_its_line() -> None:
    text = (
        f"# Report\n\n{STUDENT} beats {BASELINE}.\n\nAt epoch 11 {STUDENT} has 52.0 on test/top1."
    )

    found = check(text, ledger("vision")).claims

    assert [(claim.line, claim.verdict) for claim in found] == [(3, "blocked"), (5, "supported")]


def test_rows_of_a_table_are_judged_one_by_one() -> None:
    table = (
        "| run | epoch | test/top1 |\n|---|---|---|\n"
        f"| {STUDENT} | 11 | 52.03 |\n| {BASELINE} | 11 | 58.41 |\n"
    )

    found = check(table, ledger("vision")).claims

    assert [(claim.line, claim.verdict, claim.rules) for claim in found] == [
        (3, "supported", ()),
        (4, "blocked", ("traceable",)),
    ]
