"""Tables of gaps, of winners and of one run, lists under a line, and the x they stand at."""

from tests.claims.measure import ledger

from samestep.claims import Checked, check

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"


def held(text: str) -> Checked:
    return check(text, ledger("vision"))


def verdicts(text: str) -> set[str]:
    return {claim.verdict for claim in held(text).claims}


def rules(text: str) -> set[str]:
    return {str(rule) for claim in held(text).claims for rule in claim.rules}


def test_a_column_of_winners_names_winners() -> None:
    table = (
        f"| metric | {STUDENT} | {BASELINE} | winner |\n|---|---|---|---|\n"
        f"| val/loss | 2.28 | 2.42 | {STUDENT} |"
    )

    assert rules(f"At epoch 11:\n\n{table}") == {"no-proxy-winner"}


def test_rows_of_metrics_below_a_run_are_that_run_s() -> None:
    table = "| metric | value |\n|---|---|\n| test/top1 | {} |"

    assert verdicts(f"{STUDENT} at epoch 11:\n\n{table.format(52.03)}") == {"supported"}
    assert rules(f"{STUDENT} at epoch 11:\n\n{table.format(57.03)}") == {"traceable"}


def test_the_final_value_of_a_running_run_is_none() -> None:
    table = "| metric | final value |\n|---|---|\n| test/top1 | 52.03 |"

    assert rules(f"{STUDENT} (epoch 11):\n\n{table}") == {"history-not-summary"}


def test_a_table_of_gaps_holds_differences_from_the_run_above_it() -> None:
    table = f"| baseline | test/top1 |\n|---|---|\n| {BASELINE} | {{}} |"
    above = f"Gap of {STUDENT} at epoch 11:"

    assert verdicts(f"{above}\n\n{table.format('-2.38')}") == {"supported"}
    assert rules(f"{above}\n\n{table.format('-3.38')}") == {"traceable"}


def test_a_metric_of_a_column_that_nobody_recorded_is_unverifiable() -> None:
    table = f"| run | test/calibration_error |\n|---|---|\n| {STUDENT} | 0.04 |"

    assert [claim.verdict for claim in held(f"At epoch 11:\n\n{table}").claims] == ["unverifiable"]


def test_items_stand_at_the_x_of_the_line_above_them() -> None:
    items = f"- test/top1: {STUDENT} 2.38 below {BASELINE}"

    assert verdicts(f"Where they are at epoch 11.\n{items}") == {"supported"}
    assert verdicts(f"- both runs read at epoch 11\n{items}") == {"supported"}
    assert rules(f"Where they are.\n{items}") == {"same-x"}


def test_what_is_said_below_a_table_stands_at_its_x() -> None:
    table = f"| run | test/top1 |\n|---|---|\n| {STUDENT} | 52.03 |\n| {BASELINE} | 54.41 |"

    assert verdicts(f"Both at epoch 11:\n\n{table}\n\n{STUDENT} is 2.38 below on test/top1.") == {
        "supported"
    }
