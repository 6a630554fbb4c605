"""Scores over segments: one row a family, opened at its largest changes."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.validator import RuleBroken, validate

COSINE = {"cats": 80.0, "dogs": 60.0, "owls": 90.0, "bees": 70.0}
LINEAR = {"cats": 70.0, "dogs": 75.0, "owls": 80.0, "bees": 69.0}


def hold(
    name: str, accuracies: Mapping[str, float], *, average: str | None = "test/acc"
) -> MemoryRun:
    """Return a run whose accuracies rise to these within ten epochs."""
    finals = {f"test/acc/{animal}": value for animal, value in accuracies.items()}
    if average:
        finals[average] = sum(accuracies.values()) / len(accuracies)
    rows = [
        {"epoch": epoch, "step": 10 * epoch, "val/loss": 1 / epoch}
        | {metric: value * epoch / 10 for metric, value in finals.items()}
        for epoch in range(1, 11)
    ]
    return MemoryRun(name, rows, config={"epochs": 10})


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    remember("test", [hold("cosine", COSINE), hold("linear", LINEAR)])
    yield
    forget("test")


def compared(**arguments: list[str]) -> Comparison:
    return compare_same_epoch("memory:test#cosine", ["memory:test#linear"], **arguments)  # pyright: ignore[reportArgumentType] # metrics or downstream


def test_slices_are_one_row_that_opens_with_the_largest_changes_first() -> None:
    answer = compared()

    [family] = answer.slices
    assert {row.metric for row in answer.proxy} == {"test/acc", "val/loss"}
    assert (family.family, family.average, family.baseline) == ("test/acc/*", "test/acc", "linear")
    assert (family.compared, family.better, family.worse, family.mean_delta) == (4, 3, 1, 1.5)
    assert [(one.metric, one.delta) for one in family.regressions] == [("test/acc/dogs", -15.0)]
    assert [(one.metric, one.delta) for one in family.improvements] == [
        ("test/acc/cats", 10.0),
        ("test/acc/owls", 10.0),
        ("test/acc/bees", 1.0),
    ]


def test_every_number_of_a_slice_leads_back() -> None:
    [dogs] = compared().slices[0].regressions

    assert dogs.model_dump() == {
        "metric": "test/acc/dogs",
        "student": 60.0,
        "baseline": 75.0,
        "delta": -15.0,
        "x": 10.0,
        "steps": (100.0, 100.0),
    }


def test_an_average_that_hides_a_regression_of_a_slice_says_so() -> None:
    [caveat] = [one for one in compared().caveats if "does not show" in one.text]

    assert caveat.severity == "warns"
    assert caveat.text == (
        "test/acc does not show what its slices do: of 4, test/acc/dogs moved against cosine, "
        "beyond noise where it is known, compared with linear."
    )


def test_an_average_that_fell_hides_nothing() -> None:
    remember("test", [hold("cosine", LINEAR | {"cats": 50.0}), hold("linear", COSINE)])

    assert not [one for one in compared().caveats if "does not show" in one.text]


def test_without_an_average_none_is_made_up() -> None:
    remember("test", [hold("cosine", COSINE, average=None), hold("linear", LINEAR, average=None)])
    answer = compared()

    assert [row.metric for row in answer.proxy] == ["val/loss"]
    assert answer.slices[0].average is None
    assert any(
        caveat.text.startswith("The mean over test/acc/* does not show")
        for caveat in answer.caveats
    )


def test_a_slice_that_is_asked_for_is_a_plain_row() -> None:
    answer = compared(metrics=["test/acc/.*"])

    assert len(answer.proxy) == 4
    assert answer.slices == []


def test_slices_that_are_declared_keep_their_rows_and_are_judged() -> None:
    answer = compared(downstream=["test/acc/.*"])

    assert len(answer.downstream) == 4
    assert answer.slices == []


def test_the_average_may_be_the_goal_while_its_slices_are_not() -> None:
    answer = compared(downstream=["test/acc"])

    assert [row.metric for row in answer.downstream] == ["test/acc"]
    assert answer.slices[0].average == "test/acc"


def test_slices_one_side_lacks_are_counted() -> None:
    remember(
        "test",
        [
            hold("cosine", {**COSINE, "newts": 1.0}),
            hold("linear", {**LINEAR, "newts": float("nan")}),
        ],
    )
    [family] = compared().slices

    assert (family.compared, family.not_compared) == (4, 1)


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"delta": -1.0}, "is not the student's value minus the baseline's"),
        ({"x": 11.0}, "beyond the x of the comparison"),
    ],
)
def test_a_slice_whose_numbers_do_not_lead_back_is_refused(
    changed: dict[str, float], problem: str
) -> None:
    answer = compared()
    [family] = answer.slices
    wrong = [one.model_copy(update=changed) for one in family.regressions]
    slices = [family.model_copy(update={"regressions": wrong})]

    with pytest.raises(RuleBroken, match=problem):
        validate(answer.model_copy(update={"slices": slices}))


def test_the_tables_hold_what_the_structure_does() -> None:
    text = compared().to_markdown()

    assert "Slices, against linear" in text
    assert "test/acc/dogs -15 (60 to 75 at 10 (step 100))" in text


def test_a_hundred_classes_stay_in_the_budget_of_an_answer() -> None:
    classes = {f"class{at:03}": 50.0 + at % 7 for at in range(100)}
    runs = [
        hold(f"{name}-with-a-long-descriptive-name/seed0", {k: v + at for k, v in classes.items()})
        for at, name in enumerate(("cosine", "linear", "step", "constant"))
    ]
    remember("test", runs)
    student, *others = (f"memory:test#{run.full_name}" for run in runs)
    baselines: list[str | list[str]] = [*others]

    answer = compare_same_epoch(student, baselines)

    assert len(answer.model_dump_json()) < 14_000
    assert len(answer.to_markdown()) < 6_000
    assert [entry.worse for entry in answer.slices] == [100, 100, 100]


def test_a_project_of_slices_alone_shows_them_as_rows_too(tmp_path: Path) -> None:
    rows = [
        {"epoch": epoch, **{f"{task}/acc": epoch / 10 for task in ("arc", "piqa", "mmlu")}}
        for epoch in range(1, 6)
    ]
    remember("test", [MemoryRun("cosine", rows), MemoryRun("linear", rows)])

    answer = compare_same_epoch(
        "memory:test#cosine", ["memory:test#linear"], project=Project(tmp_path)
    )

    assert len(answer.proxy) == 3
    assert [family.family for family in answer.slices] == ["*/acc"]
