import time
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.measure import HALVES, items, ledger

from samestep.claims import check
from samestep.claims.check import LONGEST, MOST_CLAIMS
from samestep.claims.outcome import outcome, unread, untold

if TYPE_CHECKING:
    from samestep.claims.parts import Json

ANSWERS = ledger("vision")
PIECES = [
    "resnet50-cosine/seed0", "resnet50-step/seed0", "test/top1", "beats", "better", "than", "|",
    "\n", "epoch 11", "52.03", "-2.4 points", "because of", "will catch up", "`", '"', "*", "not",
    "converged", "the baseline", "?", ". ", ": ", "- ", "# ", "---|---", "\ue000", "% of", "vs",
]  # fmt: skip
A_PAGE = 3_000  # characters
MOST_OF_A_PAGE = 0.05  # seconds


def test_an_empty_text_claims_nothing() -> None:
    checked = check("", ANSWERS)

    assert (checked.ok, checked.claims) == (True, ())
    assert outcome(checked) == "The text claims nothing of runs."


def test_what_lies_beyond_the_bound_is_not_read_and_is_counted() -> None:
    claim = "resnet50-cosine/seed0 beats resnet50-step/seed0 on val/loss. "
    checked = check(f"{'x ' * 499}.\n" * (LONGEST // 1000) + claim, ANSWERS)

    assert checked.ok
    assert unread(checked) == (
        f"The text has {LONGEST + len(claim)} characters; the first {LONGEST} were read, "
        f"{len(claim)} were not."
    )


def test_half_a_sign_does_not_travel_on() -> None:
    [claim] = check("resnet50-cosine/seed0 \ud800 beats resnet50-step/seed0.", ANSWERS).claims

    assert claim.text == "resnet50-cosine/seed0 \ufffd beats resnet50-step/seed0."


def test_a_sentence_that_is_not_read_to_its_end_is_said() -> None:
    checked = check(f"Fine.\n\nresnet50-step/seed0 {'and on ' * 400}", ANSWERS)

    assert unread(checked) == "Too long to be read to the end of a sentence or row: 1 (line 3)."


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it(pieces: list[str]) -> None:
    checked = check(" ".join(pieces), ANSWERS)

    assert all(claim.text for claim in checked.claims)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(sorted({key for answer in ANSWERS for key in answer})),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_no_answer_of_another_form_breaks_it(content: object) -> None:
    answer = cast("Json", content) if isinstance(content, dict) else {"runs": content}

    assert check("resnet50-cosine/seed0 beats resnet50-step/seed0.", [answer, *ANSWERS]).claims


@pytest.mark.parametrize("piece", ["a ", "epoch ", "1,", "a-", "(", "* ", "| ", "than the ", "by "])
def test_long_runs_of_one_sign_take_no_longer_than_prose(piece: str) -> None:
    text = "resnet50-cosine/seed0 " + piece * (10_000 // len(piece))

    before = time.process_time()
    check(text, ANSWERS)

    assert time.process_time() - before < 2.0


def test_a_page_of_claims_takes_little_time() -> None:
    texts = [item.text for item in items(HALVES["first half"]) if item.ledger == "vision"]
    page = "\n\n".join(texts)[:A_PAGE]
    check(page, ANSWERS)

    taken: list[float] = []
    for _ in range(5):
        before = time.process_time()
        check(page, ANSWERS)
        taken.append(time.process_time() - before)

    assert min(taken) < MOST_OF_A_PAGE


@pytest.mark.parametrize(
    "text",
    [
        "Each student is compared with a baseline that has finished.",
        "The parser is 3x faster than before, at 1.5x the memory.",
        "It says how far a student lags behind.",
        "Better logging: every epoch is written 2 times.",
    ],
)
def test_prose_that_names_no_run_claims_nothing(text: str) -> None:
    assert check(text, ANSWERS).claims == ()


def rows(number: int) -> str:
    """Return a table of so many rows of values, with a column of differences."""
    names = ("resnet50-cosine/seed0", "resnet50-step/seed0")
    told = (f"| {names[at % 2]} | {at % 90} | {at}.{at} | -2.{at} |" for at in range(number))
    return "| run | epoch | test/top1 | delta |\n|---|---|---|---|\n" + "\n".join(told)


def test_a_table_takes_time_by_its_rows_and_not_by_their_square() -> None:
    before = time.process_time()
    check(rows(1000), ANSWERS)

    assert time.process_time() - before < 5.0


def test_of_many_claims_the_worst_are_told_and_the_others_are_counted() -> None:
    true = "At epoch 11 resnet50-cosine/seed0 is 2.4 points below resnet50-step/seed0 on test/top1."
    false = "resnet50-cosine/seed0 beats resnet50-step/seed0 on val/loss."
    checked = check("\n\n".join([*[true] * (MOST_CLAIMS + 20), false]), ANSWERS)

    assert (len(checked.claims), checked.ok) == (MOST_CLAIMS, False)
    assert checked.claims[-1].text == false
    assert outcome(checked).startswith("321 claims: 1 blocked, 320 supported.")
    assert untold(checked) == "300 claims are told one by one; not told: 21 supported."


def test_comments_that_never_end_take_no_longer_than_prose() -> None:
    before = time.process_time()
    check("<!--" * (LONGEST // 4), ANSWERS)

    assert time.process_time() - before < 2.0


@pytest.mark.parametrize("number", ["1e999", "9" * 400])
def test_a_number_beyond_all_numbers_is_no_recorded_value(number: str) -> None:
    checked = check(f"At epoch 11 the test/top1 of resnet50-step/seed0 is {number}.", ANSWERS)

    assert [claim.verdict for claim in checked.claims] == ["blocked"]
