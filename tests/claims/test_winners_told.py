"""A winner in whatever word, at the x it was decided at, and words that name none."""

import pytest
from tests.claims.measure import ledger

from samestep.claims import check

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"


def rules(text: str, world: str = "vision") -> set[str]:
    return {str(rule) for claim in check(text, ledger(world)).claims for rule in claim.rules}


@pytest.mark.parametrize("verb", ["eats", "annihilates", "buries", "outclasses", "smoked"])
def test_any_verb_of_contest_between_two_runs_names_a_winner(verb: str) -> None:
    assert rules(f"{STUDENT} {verb} {BASELINE} on val/loss.") == {"no-proxy-winner"}


@pytest.mark.parametrize("verb", ["uses", "replaces", "resumes", "follows", "shares", "needs"])
def test_a_verb_of_any_other_kind_names_none(verb: str) -> None:
    assert check(f"{STUDENT} {verb} {BASELINE}.", ledger("vision")).claims == ()


def test_a_winner_holds_at_the_x_it_was_decided_at() -> None:
    said = "wide/* beats narrow/* on test/accuracy at epoch {}."

    assert rules(said.format(20), "seeds") == set()
    assert rules(said.format(5), "seeds") == {"winner-evidence"}


def test_better_on_a_metric_needs_more_than_noise_between_the_two() -> None:
    said = "{} has a better eval/success_rate than td3-uniform-s* at step 1000000."

    assert rules(said.format("td3-her-s*"), "panda") == set()
    assert rules(said.format("td3-per-s*"), "panda") == {"winner-evidence"}


def test_the_next_sentence_tells_what_a_winner_rests_on() -> None:
    told = f"{STUDENT} is better than {BASELINE}! Its val/loss is lower at epoch 11."

    assert "no-proxy-winner" in rules(told)


@pytest.mark.parametrize(
    "text",
    [
        f"Where {STUDENT} and its config both set a key, the last value wins.",
        "A lower loss is better, a higher accuracy is better.",
        f"Before we claim that {STUDENT} beats {BASELINE}, we train two more seeds.",
        f"I wrote that {STUDENT} wins; a correction is due.",
        f"The text no longer calls {STUDENT} better than {BASELINE}.",
    ],
)
def test_words_of_winning_that_name_no_winner_are_no_claim(text: str) -> None:
    assert check(text, ledger("vision")).claims == ()


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("Our downstream metric is knn/top1.", True),
        ("Our downstream metric is test/top1.", False),
        (f"Averaged over test/top1 and knn/top1, {STUDENT} has 48.6.", True),
        ("We do not call knn/top1 the downstream metric.", False),
    ],
)
def test_a_proxy_is_not_called_the_goal(text: str, *, blocked: bool) -> None:
    assert ("roles-apart" in rules(text)) is blocked
