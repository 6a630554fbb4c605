"""Every mention of a run is its full name, and no two runs share one."""

from collections.abc import Callable, Mapping

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]


@pytest.mark.rule("full-names")
def test_full_names_everywhere_pass(halfway: Comparison, won: Comparison) -> None:
    assert validate(halfway) is halfway
    assert validate(won) is won
    assert "resnet50-cosine/seed0" in halfway.reading
    assert "resnet50-step/seed0, resnet50-step/seed1, resnet50-step/seed2" in won.reading


@pytest.mark.rule("full-names")
@pytest.mark.parametrize(
    "shortened",
    ["resnet50-cosine", "seed0", "cosine/seed0", "resnet50", "resnet50-step", "step/seed0"],
)
def test_a_shortened_name_in_a_sentence_is_refused(
    halfway: Comparison, edit: Edit, shortened: str
) -> None:
    told = f"{halfway.reading} At epoch 11 {shortened} is still training."

    with pytest.raises(RuleBroken, match=rf"^full-names: '{shortened}' stands for a run"):
        validate(edit(halfway, {"reading": told}))


@pytest.mark.rule("full-names")
@pytest.mark.parametrize("path", ["verdict.text", "caveats.0.text"])
def test_a_shortened_name_in_any_sentence_of_ours_is_refused(
    halfway: Comparison, edit: Edit, path: str
) -> None:
    told = "resnet50-cosine/seed0 and resnet50-step/seed0 are single runs."

    with pytest.raises(RuleBroken, match=r"^full-names: 'seed0' stands for a run"):
        validate(edit(halfway, {path: f"{told} At epoch 11 seed0 is training."}))


@pytest.mark.rule("full-names")
@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("At epoch 11 the student is training.", id="no name"),
        pytest.param("At epoch 11 resnet50-cosine/seed01 is training.", id="a longer name"),
    ],
)
def test_an_answer_that_does_not_name_the_student_is_refused(
    halfway: Comparison, edit: Edit, sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=r"^full-names: the reading does not name resnet50-cosine"):
        validate(edit(halfway, {"reading": sentence}))


@pytest.mark.rule("full-names")
@pytest.mark.parametrize("path", ["verdict.winner", "verdict.against.0.baseline"])
def test_a_judgement_on_a_run_nobody_knows_is_refused(
    halfway: Comparison, edit: Edit, path: str
) -> None:
    with pytest.raises(RuleBroken, match=r"^full-names: resnet50-warmup/seed0 is no run of this"):
        validate(edit(halfway, {path: "resnet50-warmup/seed0"}))


@pytest.mark.rule("full-names")
def test_two_runs_of_one_name_are_refused(proxies: Comparison, edit: Edit) -> None:
    paths = ["runs.1.full_name", "proxy.0.baseline.full_name", "verdict.against.0.baseline"]
    twins = edit(proxies, dict.fromkeys(paths, "resnet50-cosine/seed0"))

    with pytest.raises(RuleBroken, match=r"^full-names: resnet50-cosine/seed0 names two runs"):
        validate(twins)


@pytest.mark.rule("full-names")
def test_a_group_is_named_by_its_members_or_its_pattern(won: Comparison, edit: Edit) -> None:
    renamed = {"runs.0.full_name": "cosine", "downstream.0.student.full_name": "cosine"}
    told = {"reading": won.reading.replace("resnet50-cosine/*", "cosine")}
    winner = {"verdict.winner": "cosine", "verdict.text": "cosine is the winner at epoch 20."}

    with pytest.raises(RuleBroken, match=r"^full-names: cosine is not what its group was asked"):
        validate(edit(won, renamed | told | winner))


@pytest.mark.rule("full-names")
def test_groups_of_one_pattern_are_told_apart_by_their_sources(project: Project) -> None:
    rows = [{"step": float(n), "loss": 1.0 / n} for n in range(1, 9)]
    for source in ("runs", "others"):
        remember(source, [MemoryRun(f"wide/seed{seed}", rows, {"seed": seed}) for seed in range(2)])
    remember("student", [MemoryRun("deep/seed0", rows, {"seed": 0})])

    answer = compare_same_epoch(
        "memory:student#deep/seed0",
        ["group:memory:runs#wide/*", "group:memory:others#wide/*"],
        project=project,
    )
    for source in ("others", "student"):
        forget(source)

    names = [entry.full_name for entry in answer.runs]
    assert names == ["deep/seed0", "wide/* (memory:runs)", "wide/* (memory:others)"]


@pytest.mark.parametrize(
    ("student", "baseline"),
    [
        pytest.param("v1. Final", "v2. Best", id="sentences inside"),
        pytest.param("winner", "converged", id="our own words"),
        pytest.param("above", "below", id="words for a difference"),
        pytest.param("epoch", "epoch 11", id="an x"),
        pytest.param("due to warm-up", "best (old), resumed", id="causes and lists"),
        pytest.param("max_epochs/seed0", "max_epochs/seed00", id="a setting and a longer name"),
        pytest.param(r"a|b\c", "(a+)+$", id="a regular expression"),
    ],
)
def test_any_name_may_be_told_of(project: Project, student: str, baseline: str) -> None:
    rows = [{"step": 10.0 * n, "epoch": float(n), "loss": 1.0 / n} for n in range(1, 12)]
    runs = [
        MemoryRun(name, rows, {"seed": 0, "max_epochs": length}, "running")
        for name, length in ((student, 20), (baseline, 30))
    ]
    remember("runs", runs)

    answer = compare_same_epoch(
        f"memory:runs#{student}", [f"memory:runs#{baseline}"], downstream=["loss"], project=project
    )

    assert validate(answer) is answer
    assert student in answer.reading
    assert baseline in answer.reading
