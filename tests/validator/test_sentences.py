"""The sentences of an answer say no more than its numbers."""

from collections.abc import Callable, Mapping

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, list_runs, remember
from samestep.answers import Comparison
from samestep.answers.answer import Caveat
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]

AT_11 = "At epoch 11 resnet50-cosine/seed0"
STEP = "resnet50-step/seed0"


def noted(answer: Comparison, sentence: str) -> Comparison:
    """Return the answer with one more caveat."""
    caveat = Caveat(rule="absent-said", severity="notes", text=sentence)
    return answer.model_copy(update={"caveats": [*answer.caveats, caveat]})


def wherever(answer: Comparison, edit: Edit, sentence: str) -> list[Comparison]:
    """Return the answer with a sentence in each place that has sentences."""
    told = [edit(answer, {path: sentence}) for path in ("reading", "verdict.text")]
    return [*told, noted(answer, sentence)]


@pytest.mark.rule("same-x")
def test_a_difference_beside_its_x_passes(halfway: Comparison, edit: Edit) -> None:
    told = edit(halfway, {"reading": f"{AT_11} is 2 below {STEP} on test/top1 (40 against 42)."})

    assert validate(told) is told


@pytest.mark.rule("same-x")
@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        (f"resnet50-cosine/seed0 is 2 below {STEP} on test/top1.", "a difference without its x"),
        (f"{AT_11} runs. It is 2 below {STEP} on test/top1.", "a difference without its x"),
        (
            f"At epoch 100 resnet50-cosine/seed0 is 2 below {STEP} on test/top1.",
            "an x at which nothing stands",
        ),
        (f"{AT_11} trains; {STEP} ended at epoch 100.", "an x at which nothing stands"),
    ],
)
def test_a_sentence_without_the_x_it_speaks_of_is_refused(
    halfway: Comparison, edit: Edit, sentence: str, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^same-x: {problem}"):
        validate(edit(halfway, {"reading": sentence}))


@pytest.mark.rule("same-x")
def test_a_reading_without_its_x_is_refused(halfway: Comparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^same-x: differences told without their x"):
        validate(edit(halfway, {"reading": "resnet50-cosine/seed0 is training."}))


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        (f"{AT_11} is 2.5 below {STEP} on test/top1.", "2.5 in .* stands nowhere in the answer"),
        (f"{AT_11} has 40 on test/top1, {STEP} 71.2.", "71.2 in .* stands nowhere in the answer"),
        (f"{AT_11} is 2 above {STEP} on test/top1.", "above resnet50-step/seed0 in .* otherwise"),
        (f"{AT_11} is ahead of {STEP} on test/top1.", "ahead of resnet50-step/seed0 in .* other"),
        (f"{AT_11} is 2 below {STEP}.", "a difference of no run and metric"),
        (f"{AT_11} is 2 below the rest on test/top1.", "a difference of no run and metric"),
    ],
)
def test_a_sentence_that_its_row_does_not_carry_is_refused(
    halfway: Comparison, edit: Edit, sentence: str, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^traceable: {problem}"):
        validate(edit(halfway, {"reading": sentence}))


@pytest.mark.rule("winner-evidence")
@pytest.mark.parametrize(
    "sentence",
    [
        f"{STEP} is the winner at epoch 11.",
        f"{STEP} wins at epoch 11.",
        f"{STEP} beats resnet50-cosine/seed0 at epoch 11.",
        f"{STEP} outperforms resnet50-cosine/seed0 at epoch 11.",
        f"{STEP} is better than resnet50-cosine/seed0 at epoch 11.",
        f"{STEP} is the best run at epoch 11.",
    ],
)
def test_the_word_for_a_winner_where_there_is_none_is_refused(
    halfway: Comparison, edit: Edit, sentence: str
) -> None:
    for answer in (edit(halfway, {"verdict.text": sentence}), noted(halfway, sentence)):
        with pytest.raises(RuleBroken, match=r"^winner-evidence: .* and no such winner"):
            validate(answer)


@pytest.mark.rule("winner-evidence")
def test_the_wrong_name_beside_the_word_for_a_winner_is_refused(
    won: Comparison, edit: Edit
) -> None:
    loser = won.runs[1].full_name

    with pytest.raises(RuleBroken, match=r"^winner-evidence: 'winner' in .* no such winner"):
        validate(edit(won, {"verdict.text": f"{loser} is the winner at epoch 20."}))


@pytest.mark.rule("winner-evidence")
def test_a_winner_told_with_a_p_value_of_chance_is_refused(won: Comparison, edit: Edit) -> None:
    told = "resnet50-cosine/* is the winner at epoch 20 (Welch's t-test, p = 0.2)."

    with pytest.raises(RuleBroken, match=r"^winner-evidence: p = 0.2 .* is not significant"):
        validate(edit(won, {"verdict.text": told}))


@pytest.mark.rule("winner-evidence")
def test_behind_in_words_alone_is_refused(uneven: Comparison, edit: Edit) -> None:
    told = f"On val/loss at epoch 11 resnet50-cosine/seed0 is behind {STEP}."

    with pytest.raises(RuleBroken, match=r"^winner-evidence: 'behind' in the verdict, and no"):
        validate(edit(uneven, {"verdict.text": told}))


@pytest.mark.rule("tail-shown")
def test_a_run_named_converged_passes(project: Project) -> None:
    remember("runs", [MemoryRun("converged", [{"step": 1.0, "loss": 0.5}])])

    assert [item.full_name for item in list_runs("memory:runs", project=project).items] == [
        "converged"
    ]


@pytest.mark.rule("tail-shown")
def test_converged_without_the_last_epochs_is_refused(halfway: Comparison, edit: Edit) -> None:
    for answer in wherever(halfway, edit, f"{AT_11} runs and {STEP} has converged."):
        with pytest.raises(RuleBroken, match=r"^tail-shown: 'converged' without the last epochs"):
            validate(answer)


@pytest.mark.rule("tail-shown")
def test_converged_in_a_listing_is_refused(project: Project) -> None:
    remember("runs", [MemoryRun("resnet50-step/seed0", [{"step": 1.0, "loss": 0.5}])])
    listing = list_runs("memory:runs", project=project)

    with pytest.raises(RuleBroken, match=r"^tail-shown: 'converged'"):
        validate(listing.model_copy(update={"reading": f"1 runs, of which {STEP} converged."}))


@pytest.mark.rule("one-change")
def test_schedules_that_differ_are_listed_and_no_cause_is_named(project: Project) -> None:
    sides = {"resnet50-cosine/seed0": (20, 30.0), "max_epochs": (30, 32.0)}
    runs = [
        MemoryRun(
            name,
            [{"step": float(n), "epoch": float(n), "test/top1": goal + n} for n in range(1, 12)],
            {"seed": 0, "max_epochs": planned},
            "running",
        )
        for name, (planned, goal) in sides.items()
    ]
    student, baseline = [f"{remember('runs', runs)}#{name}" for name in sides]

    answer = compare_same_epoch(student, [baseline], downstream=["test/top1"], project=project)

    assert ("one-change", "blocks") in [(c.rule, c.severity) for c in answer.caveats]
    assert "one-change" in answer.verdict.blocked_by


@pytest.mark.rule("one-change")
@pytest.mark.parametrize(
    "cause", ["because of its schedule", "due to its schedule", "thanks to warm-up", "caused by it"]
)
def test_a_cause_is_never_named(halfway: Comparison, edit: Edit, cause: str) -> None:
    told = f"{AT_11} is 2 below {STEP} on test/top1 {cause}."
    for answer in wherever(halfway, edit, told):
        with pytest.raises(RuleBroken, match=r"^one-change: .* names a cause"):
            validate(answer)


@pytest.mark.rule("projection-bounded")
@pytest.mark.parametrize(
    "promise", ["will catch up", "is going to overtake it", "is on track to reach it", "will pass"]
)
def test_a_promise_without_a_projection_is_refused(
    finals: Comparison, edit: Edit, promise: str
) -> None:
    with pytest.raises(RuleBroken, match=r"^projection-bounded: a promise without a projection"):
        validate(edit(finals, {"verdict.text": f"resnet50-cosine/seed0 {promise}."}))
