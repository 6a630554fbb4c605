"""The rules over an answer that tests a difference."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from samestep import MemoryRun, Project, forget, remember, significance_test
from samestep.answers import SignificanceAnswer
from samestep.settings import Settings
from samestep.validator import RuleBroken, validate

Changes = Mapping[str, Any]  # Any: what a field of the answer may be changed to
Edit = Callable[[Any, Changes], SignificanceAnswer]  # Any: conftest's function edits any answer


def runs(name: str, level: float) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/seed{seed}",
            [{"epoch": e, "test/top1": level + seed + e} for e in (1, 2, 3, 4)],
            {"depth": 12, "width": 64, "optimizer": "sgd", "lr": level, "seed": seed, "epochs": 4},
            "finished",
        )
        for seed in range(3)
    ]


@pytest.fixture
def declared(tmp_path: Path) -> Iterator[SignificanceAnswer]:
    """Two groups of three seeds that finished, the first clearly worse on a declared metric."""
    remember("rules", [*runs("resnet50-cosine", 70), *runs("resnet50-step", 75)])
    yield significance_test(
        "group:memory:rules#resnet50-cosine/*",
        "group:memory:rules#resnet50-step/*",
        "test/top1",
        project=Project(tmp_path, Settings(downstream=("test/top1",))),
    )
    forget("rules")


@pytest.mark.rule("winner-evidence")
def test_a_winner_with_its_evidence_passes(declared: SignificanceAnswer) -> None:
    assert validate(declared) is declared
    assert declared.verdict.winner == "resnet50-step/*"


@pytest.mark.rule("winner-evidence")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"metrics.0.role": "proxy", "verdict.against.0.role": "proxy"}, "winner on test/top1, a"),
        ({"rows.0.a.n": 1, "rows.0.a.values": []}, "without the evidence"),
        ({"rows.0.better": "a"}, "better is a, which its difference does not say"),
        ({"rows.0.adjusted_p": 0.2}, "significant, and no number says so"),
        ({"rows.0.outcome": "not significant"}, "not significant, and its numbers are"),
        ({"rows.0.adjusted_p": 0.0001}, "adjusted below its own p-value"),
        ({"verdict.against": []}, "a winner in words, and none in the verdict"),
    ],
)
def test_a_judgement_beyond_the_numbers_is_refused(
    declared: SignificanceAnswer, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^winner-evidence: .*{problem}"):
        validate(edit(declared, changes))


@pytest.mark.rule("winner-evidence")
@pytest.mark.parametrize(
    ("reading", "problem"),
    [
        ("At epoch 4 resnet50-cosine/* is significant (n = 3).", "by no test"),
        (
            "At epoch 4 resnet50-cosine/* is significant by Welch's t-test (p = 0.01).",
            "without n",
        ),
        ("resnet50-cosine/* is significant by Welch's t-test (n = 3).", "without its x"),
    ],
)
def test_significant_without_n_test_and_x_is_refused(
    declared: SignificanceAnswer, edit: Edit, reading: str, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^winner-evidence: significant {problem}"):
        validate(edit(declared, {"reading": reading}))


@pytest.mark.rule("same-x")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rows.0.x": None}, "a difference without an x"),
        ({"rows.0.x": 9.0}, "tested at 9, beyond 4"),
        ({"rows.0.a.values.0.x": 2.0}, "stands at 2, its row elsewhere"),
    ],
)
def test_values_at_another_x_are_refused(
    declared: SignificanceAnswer, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^same-x: .*{problem}"):
        validate(edit(declared, changes))


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rows.0.delta": -4.0}, "-4 is not a's mean minus b's"),
        ({"rows.0.a.values.0.value": 60.0}, "is not the mean of its values"),
        ({"rows.0.b.full_name": "resnet50"}, "resnet50 is no side of this answer"),
    ],
)
def test_a_number_that_leads_nowhere_is_refused(
    declared: SignificanceAnswer, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^traceable: .*{problem}"):
        validate(edit(declared, changes))


@pytest.mark.rule("absent-said")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rows.0.a.absent": "not logged"}, "absence and its reason do not go together"),
        ({"rows.0.beside.0.why_not": None}, "says nothing, and nothing says why"),
    ],
)
def test_silence_without_a_reason_is_refused(
    declared: SignificanceAnswer, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^absent-said: .*{problem}"):
        validate(edit(declared, changes))


@pytest.mark.rule("full-names")
def test_a_reading_that_shortens_the_first_side_is_refused(
    declared: SignificanceAnswer, edit: Edit
) -> None:
    with pytest.raises(RuleBroken, match=r"^full-names: the reading does not name resnet50-cosine"):
        validate(edit(declared, {"reading": "The cosine runs are lower."}))


@pytest.mark.rule("single-seed")
def test_single_runs_without_a_word_about_it_are_refused(
    declared: SignificanceAnswer, edit: Edit
) -> None:
    answer = significance_test(
        "memory:rules#resnet50-cosine/seed0", "memory:rules#resnet50-step/seed0", "test/top1"
    )

    assert validate(answer) is answer
    assert declared.answer_id != answer.answer_id
    with pytest.raises(RuleBroken, match=r"^single-seed: resnet50-cosine/seed0, .* no group"):
        validate(edit(answer, {"caveats": []}))
