from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.claims.__main__ import NEWEST, rounds_first_met, summed
from tests.claims.measure import HALVES, Item, items, ledger, precision_and_recall, told

from samestep.claims import check
from samestep.rules import RULES

LEAST = 0.95
FEWEST = 200
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def meant_blocked(half: str) -> Sequence[Item]:
    return [item for item in items(HALVES[half]) if item.verdict == "blocked"]


@pytest.mark.parametrize("half", HALVES)
def test_blocked_claims_are_found_by_their_rules_and_others_are_left_alone(half: str) -> None:
    texts = items(HALVES[half])

    precision, recall = precision_and_recall(told(texts))

    assert (precision >= LEAST, recall >= LEAST) == (True, True)
    assert f"({len(texts)}) | {precision:.3f} | {recall:.3f} |" in README


def test_the_readme_tells_how_the_newest_texts_were_judged_as_first_met() -> None:
    texts, meant, said, both, right = summed(rounds_first_met()[-NEWEST:])

    assert f"first met it ({texts}) | {right / said:.2f} | {right / meant:.2f} |" in README
    assert f"rules are named ({texts}) | {both / said:.2f} | {both / meant:.2f} |" in README


def test_the_corpus_is_large_and_names_only_rules_there_are() -> None:
    corpus = [item for name in HALVES.values() for item in items(name)]

    assert len({item.text for item in corpus}) == len(corpus) >= FEWEST
    assert {rule for item in corpus for rule in item.rules} <= {rule.id for rule in RULES}


def test_a_false_claim_comes_with_a_sentence_that_is_true() -> None:
    """What is told instead of a claim is held against the same answers, and borne out."""
    for item in [*meant_blocked("first half"), *meant_blocked("second half")]:
        answers = ledger(item.ledger)
        for claim in check(item.text, answers).claims:
            if claim.rewrite is not None and claim.verdict == "blocked":
                again = check(claim.rewrite, answers)
                assert again.ok, (claim.text, claim.rewrite, again.claims)
