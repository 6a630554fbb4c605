"""A sentence that may not stand in an answer may not stand in prose, by the same rule."""

from pathlib import Path

import pytest
from tests.claims.measure import ledger, ledgers

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.claims import check
from samestep.rules import RuleId
from samestep.validator import RuleBroken, validate

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"
FORBIDDEN: list[tuple[RuleId, str]] = [
    ("winner-evidence", f"{STUDENT} beats {BASELINE} on test/top1."),
    ("winner-evidence", f"{STUDENT} is the winner on test/top1 at epoch 11 over {BASELINE}."),
    ("same-x", f"{STUDENT} is 2 below {BASELINE} on test/top1."),
    ("traceable", f"At epoch 11 {STUDENT} has 29.7 on test/top1."),
    ("traceable", f"At epoch 11 {STUDENT} is 2 above {BASELINE} on test/top1."),
    ("tail-shown", f"At epoch 11 {STUDENT} has converged on test/top1."),
    ("one-change", f"At epoch 11 {STUDENT} is 2 below {BASELINE} on test/top1 due to lamb."),
    ("projection-bounded", f"At epoch 11 {STUDENT} will catch up with {BASELINE} on test/top1."),
    ("full-names", f"At epoch 11 {STUDENT} is 2 below step/seed0 on test/top1."),
]


@pytest.fixture
def halfway(tmp_path: Path) -> Comparison:
    """A student at epoch 11 of 100, behind a finished baseline; two things changed."""
    source = remember(
        "same rules",
        [
            _run(STUDENT, 11, 29.0, {"optimizer": "lamb", "augmentation": "randaug"}),
            _run(BASELINE, 100, 31.0, {"optimizer": "sgd", "augmentation": "mixup"}),
        ],
    )
    answer = compare_same_epoch(
        f"{source}#{STUDENT}",
        [f"{source}#{BASELINE}"],
        downstream=["test/top1"],
        project=Project(tmp_path),
    )
    forget("same rules")
    return answer


def _run(name: str, epochs: int, value: float, config: dict[str, object]) -> MemoryRun:
    rows = [{"epoch": epoch, "test/top1": value} for epoch in range(1, epochs + 1)]
    return MemoryRun(name, rows, config={"epochs": 100, **config})


@pytest.mark.parametrize(("rule", "sentence"), FORBIDDEN)
def test_answers_and_prose_keep_the_same_rule(
    rule: RuleId, sentence: str, halfway: Comparison
) -> None:
    with pytest.raises(RuleBroken) as broken:
        validate(halfway.model_copy(update={"reading": sentence}))
    [claim] = check(sentence, [halfway.model_dump(mode="json")]).claims

    assert broken.value.rule == rule
    assert (claim.verdict, rule in claim.rules) == ("blocked", True)


def test_what_an_answer_says_of_itself_is_borne_out(halfway: Comparison) -> None:
    told = f"{halfway.reading} {halfway.verdict.text}"

    checked = check(told, [halfway.model_dump(mode="json")])

    assert checked.ok
    assert any(claim.verdict == "supported" for claim in checked.claims)


@pytest.mark.parametrize("world", ledgers())
def test_no_answer_is_blocked_by_its_own_words(world: str) -> None:
    answers = ledger(world)

    told = [str(answer["reading"]) for answer in answers]
    blocked = [claim for claim in check("\n\n".join(told), answers).claims if claim.rules]

    assert blocked == []


@pytest.mark.parametrize(
    ("noise", "refused", "verdict"),
    [(0.9, "within_noise", "blocked"), (1.1, "behind_so_far", "supported")],
)
def test_answers_and_prose_draw_the_line_of_noise_at_the_same_place(
    noise: float, refused: str, verdict: str, halfway: Comparison
) -> None:
    [row] = halfway.downstream
    answer = halfway.model_copy(update={"downstream": [row.model_copy(update={"noise": noise})]})
    said = f"At epoch 11 {STUDENT} is on par with {BASELINE} on test/top1."

    with pytest.raises(RuleBroken) as broken:
        validate(_judged(answer, refused))
    [claim] = check(said, [answer.model_dump(mode="json")]).claims

    assert "the difference is" in str(broken.value)
    assert claim.verdict == verdict


def _judged(answer: Comparison, kind: str) -> Comparison:
    [entry] = answer.verdict.against
    against = [entry.model_copy(update={"kind": kind})]
    verdict = answer.verdict.model_copy(update={"kind": kind, "against": against})
    return answer.model_copy(update={"verdict": verdict})
