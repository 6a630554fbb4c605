"""Runs called by less than their full names: what is told instead, and when nothing is."""

from tests.claims.measure import ledger

from samestep.claims import Claim, check


def only(text: str, world: str) -> Claim:
    [claim] = check(text, ledger(world)).claims
    return claim


def test_a_name_that_may_mean_several_runs_is_not_guessed() -> None:
    claim = only("td3-s0 has 0.61 on eval/success_rate at step 1000000.", "panda")

    assert claim.rules == ("full-names",)
    assert claim.rewrite is None
    assert claim.why.count("td3-") > 2


def test_a_sentence_with_full_names_is_offered_only_where_it_is_true() -> None:
    told = "At epoch 11 resnet50-cosine has {} on test/top1."

    assert only(told.format("52.03"), "vision").rewrite == (
        "At epoch 11 resnet50-cosine/seed0 has 52.03 on test/top1."
    )
    assert "57.03" not in (only(told.format("57.03"), "vision").rewrite or "")


def test_without_a_recorded_answer_a_claim_is_unverifiable_and_that_is_said() -> None:
    from samestep.claims.outcome import outcome

    checked = check("tdmpc2/dog-run.csv* beats sac/dog-run.csv* on reward at step 4000.", [])

    assert [claim.verdict for claim in checked.claims] == ["unverifiable"]
    assert outcome(checked).endswith("No answer is recorded to hold them against.")


def test_each_sentence_of_a_paragraph_has_its_own_line() -> None:
    told = "An intro line\nand another.\nThe third begins. At epoch 11 resnet50-cosine/seed0 has\n57 {}"

    [claim] = check(told.format("on test/top1."), ledger("vision")).claims

    assert claim.line == 3


def test_a_row_of_too_many_columns_is_cut_and_that_is_said() -> None:
    row = "| resnet50-cosine/seed0 |" + " 52.0 |" * 3_000
    table = "| run |" + " test/top1 |" * 3_000 + "\n|---|" + "---|" * 3_000 + f"\n{row}"

    assert check(f"At epoch 11:\n\n{table}", ledger("vision")).cut == (5,)
