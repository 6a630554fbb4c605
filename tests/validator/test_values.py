"""Values lead to their run, absence has a reason, and seeds are counted."""

from collections.abc import Callable, Mapping

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, remember
from samestep.answers import Comparison
from samestep.answers.comparison import Cell
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]


@pytest.mark.rule("traceable")
def test_numbers_that_lead_to_their_runs_pass(halfway: Comparison, won: Comparison) -> None:
    assert validate(halfway) is halfway
    assert validate(won) is won


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"answer_id": ""}, "an answer without its id"),
        ({"runs.1.run": None}, "resnet50-step/seed0 leads to no run"),
        ({"runs.1.run": "resnet50-step/seed0"}, "resnet50-step/seed0 leads to no run"),
        ({"runs.1.tracker": "wandb"}, "said to come from wandb, and leads to memory:runs#"),
        ({"runs.1.full_name": "resnet50-warmup/seed0"}, "resnet50-step/seed0: not in the legend"),
        ({"proxy.0.student.full_name": "resnet50-step/seed0"}, "where the student should"),
        ({"downstream.0.delta": 2.0}, "2 is not the student's value minus the baseline's"),
        ({"downstream.0.delta": -2.1}, "-2.1 is not the student's value minus the baseline's"),
        ({"downstream.0.baseline.value": 131.0}, "-2 is not the student's value minus"),
    ],
)
def test_numbers_that_lead_nowhere_are_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^traceable: .*{problem}"):
        validate(edit(halfway, changes))


@pytest.mark.rule("traceable")
def test_a_declared_noise_or_effect_beside_nothing_is_refused(
    halfway: Comparison, won: Comparison, edit: Edit
) -> None:
    declared = {"downstream.0.noise_from": "declared in samestep.toml"}
    assert validate(edit(halfway, {**declared, "downstream.0.noise": 0.3}))

    for answer, changes, problem in (
        (halfway, {**declared, "downstream.0.noise": None}, "and no noise"),
        (won, declared, "where both sides have seeds of their own"),
        (halfway, {"downstream.0.minimum_effect": 0.0}, "a smallest difference that matters"),
    ):
        with pytest.raises(RuleBroken, match=f"^traceable: test/top1: .*{problem}"):
            validate(edit(answer, changes))


@pytest.mark.rule("traceable")
def test_a_member_that_leads_to_no_run_is_refused(won: Comparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^traceable: resnet50-cosine/\* leads to no run"):
        validate(edit(won, {"runs.0.members.2.run": "seed2"}))


@pytest.mark.rule("traceable")
def test_a_number_that_does_not_speak_of_its_step_is_refused(
    halfway: Comparison, edit: Edit
) -> None:
    silent = Cell(full_name="resnet50-step/seed0", value=42.0, x=11.0, match="exact")

    with pytest.raises(RuleBroken, match=r"^traceable: .* does not speak of its step"):
        validate(edit(halfway, {"downstream.0.baseline": silent}))


@pytest.mark.rule("traceable")
def test_values_of_rows_that_name_no_step_pass_beside_rows_that_do(project: Project) -> None:
    rows: list[dict[str, float]] = []
    for epoch in range(1, 9):
        rows.append({"step": 100.0 * epoch - 50.0, "epoch": float(epoch), "loss": 1.0 / epoch})
        rows.append({"epoch": float(epoch), "val/top1": 30.0 + epoch})
    runs = [MemoryRun(name, rows, {"seed": 0}) for name in ("wide/seed0", "deep/seed0")]
    student, baseline = [f"{remember('runs', runs)}#{run.full_name}" for run in runs]

    answer = compare_same_epoch(student, [baseline], project=project)

    steps = {row.metric: row.student.step for row in answer.proxy}
    assert steps == {"val/top1": None, "loss": 750.0}


@pytest.mark.rule("traceable")
def test_a_value_at_another_step_than_the_axis_says_is_refused(project: Project) -> None:
    rows = [{"step": float(step), "loss": 1.0 / step} for step in range(1, 9)]
    runs = [MemoryRun(name, rows, {"seed": 0}) for name in ("wide/seed0", "deep/seed0")]
    student, baseline = [f"{remember('runs', runs)}#{run.full_name}" for run in runs]
    answer = compare_same_epoch(student, [baseline], project=project)
    [row] = answer.proxy

    early = row.model_copy(update={"baseline": row.baseline.model_copy(update={"step": 3.0})})
    with pytest.raises(RuleBroken, match=r"^traceable: .* logged at step 8.0, and told as at 3"):
        validate(answer.model_copy(update={"proxy": [early]}))


@pytest.mark.rule("absent-said")
def test_an_absent_value_with_its_reason_passes(uneven: Comparison) -> None:
    [row] = uneven.downstream

    assert validate(uneven) is uneven
    assert (row.student.value, row.student.absent, row.delta) == (None, "not logged", None)


@pytest.mark.rule("absent-said")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {
                "student.value": 0.0,
                "student.match": "exact",
                "student.x": 11.0,
                "student.step": 1.0,
            },
            "absence and its reason do not go together",
        ),
        ({"student.absent": None}, "absence and its reason do not go together"),
        ({"student.absent": ""}, "absence and its reason do not go together"),
        ({"student.x": 11.0}, "absent, and yet found somewhere"),
        ({"student.match": "exact"}, "absent, and yet found somewhere"),
        ({"baseline.not_counted": {"resnet50-step/seed1": ""}}, "no reason"),
    ],
)
def test_a_value_absent_without_a_reason_is_refused(
    uneven: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    paths = {f"downstream.0.{field}": value for field, value in changes.items()}

    with pytest.raises(RuleBroken, match=f"^absent-said: .*{problem}"):
        validate(edit(uneven, paths))


@pytest.mark.rule("absent-said")
def test_a_difference_left_out_without_a_reason_is_refused(halfway: Comparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^absent-said: test/top1: not subtracted"):
        validate(edit(halfway, {"downstream.0.delta": None}))


@pytest.mark.rule("absent-said")
def test_a_metric_left_out_without_a_word_is_refused(halfway: Comparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^absent-said: knn/top1 against .* is left out"):
        validate(edit(halfway, {"proxy": []}))


@pytest.mark.rule("single-seed")
def test_single_runs_that_are_labelled_pass(halfway: Comparison) -> None:
    labels = [caveat.text for caveat in halfway.caveats if caveat.rule == "single-seed"]

    assert validate(halfway) is halfway
    assert len(labels) == 1


@pytest.mark.rule("single-seed")
def test_seeds_with_their_spread_pass(won: Comparison) -> None:
    cells = [won.downstream[0].student, won.downstream[0].baseline]

    assert validate(won) is won
    assert [(cell.n, cell.seeds) for cell in cells] == [(3, ["0", "1", "2"])] * 2


@pytest.mark.rule("single-seed")
def test_single_runs_without_a_label_are_refused(halfway: Comparison) -> None:
    silent = [caveat for caveat in halfway.caveats if caveat.rule != "single-seed"]

    with pytest.raises(RuleBroken, match=r"^single-seed: resnet50-cosine/seed0 is compared as a"):
        validate(halfway.model_copy(update={"caveats": silent}))


@pytest.mark.rule("single-seed")
def test_a_label_on_the_other_run_alone_is_refused(halfway: Comparison, edit: Edit) -> None:
    [at] = [at for at, caveat in enumerate(halfway.caveats) if caveat.rule == "single-seed"]
    label = "resnet50-cosine/seed0 is a single run."

    with pytest.raises(RuleBroken, match=r"^single-seed: resnet50-step/seed0 is compared as a"):
        validate(edit(halfway, {f"caveats.{at}.text": label}))


@pytest.mark.rule("single-seed")
def test_a_group_of_one_is_a_single_run(won: Comparison, edit: Edit) -> None:
    alone = edit(
        won,
        {
            "runs.0.members": won.runs[0].members[:1],
            "downstream.0.student.n": 1,
            "downstream.0.student.seeds": ["0"],
            "downstream.0.student.spread": None,
        },
    )

    with pytest.raises(RuleBroken, match=r"^single-seed: resnet50-cosine/\* is compared as a"):
        validate(alone)


@pytest.mark.rule("single-seed")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"spread": None}, "several seeds without their spread"),
        ({"n": 5}, "3 members, and 5 with 3 seeds count"),
        ({"n": None}, "3 members, and None with 3 seeds count"),
        ({"seeds": ["0"]}, "3 members, and 3 with 1 seeds count"),
        ({"n": 2, "seeds": ["0", "1"]}, "3 members, and 2 with 2 seeds count"),
    ],
)
def test_seeds_that_do_not_add_up_are_refused(
    won: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    paths = {f"downstream.0.baseline.{field}": value for field, value in changes.items()}

    with pytest.raises(RuleBroken, match=f"^single-seed: .*{problem}"):
        validate(edit(won, paths))


@pytest.mark.rule("single-seed")
def test_seeds_of_a_single_run_are_refused(halfway: Comparison, edit: Edit) -> None:
    many = {"n": 5, "spread": 0.1, "seeds": ["0", "1", "2", "3", "4"]}
    paths = {f"downstream.0.student.{field}": value for field, value in many.items()}

    with pytest.raises(RuleBroken, match=r"^single-seed: .* seeds of a single run"):
        validate(edit(halfway, paths))
