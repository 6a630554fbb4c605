"""The rules over an answer that tells what differs between runs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from samestep import MemoryRun, compare_configs, forget, remember
from samestep.answers.configs import ConfigComparison
from samestep.validator import RuleBroken, validate

Changes = Mapping[str, Any]  # Any: what a field of the answer may be changed to
Edit = Callable[[Any, Changes], ConfigComparison]  # Any: conftest's function edits any answer
COMMON = {"depth": 12, "width": 64, "optimizer": "sgd"}


@pytest.fixture
def several() -> Iterator[ConfigComparison]:
    """Runs that differ in two things, one of which a side does not name."""
    yield compared({"lr": 0.1, "dropout": 0.5}, {"lr": 0.2})
    forget("rules")


@pytest.fixture
def single() -> Iterator[ConfigComparison]:
    """Runs that differ in one thing."""
    yield compared({"lr": 0.1}, {"lr": 0.2})
    forget("rules")


def compared(*configs: Mapping[str, object]) -> ConfigComparison:
    rows = [{"step": n, "time": 1.0 * n, "val/loss": 1 / n} for n in (1, 2, 3)]
    names = ("wide/seed0", "deep/seed0")
    runs = [
        MemoryRun(name, rows, {**COMMON, **config})
        for name, config in zip(names, configs, strict=True)
    ]
    source = remember("rules", runs)
    return compare_configs([f"{source}#{name}" for name in names])


@pytest.mark.rule("one-change")
def test_a_single_change_that_is_named_passes(single: ConfigComparison) -> None:
    assert validate(single) is single
    assert single.reading.startswith("One thing differs")


@pytest.mark.rule("one-change")
def test_changes_that_are_listed_without_a_cause_pass(several: ConfigComparison) -> None:
    assert validate(several) is several
    assert any(caveat.rule == "one-change" for caveat in several.caveats)


@pytest.mark.rule("one-change")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"caveats": []}, "2 things changed, and no caveat lists them"),
        ({"reading": "One thing differs between wide/seed0 and deep/seed0: `lr`."}, "names one"),
        (
            {"reading": "Nothing that is recorded of wide/seed0 and deep/seed0 differs."},
            "says none",
        ),
        ({"reading": "wide/seed0 is ahead because of `lr`."}, "'because' names a cause"),
    ],
)
def test_one_of_several_changes_told_as_the_one_is_refused(
    several: ConfigComparison, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^one-change: .*{problem}"):
        validate(edit(several, changes))


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"runs.0.run": "nowhere"}, "wide/seed0 leads to no run"),
        ({"parameters.differing.0.values": [1]}, "lr has 1 values for 2 runs"),
        ({"changed.0.values": ["a", "b", "c"]}, "lr has 3 values for 2 runs"),
        ({"resources.rows.0.values": []}, r"training time .* has 0 values for 2 runs"),
    ],
)
def test_a_value_that_leads_to_no_run_is_refused(
    several: ConfigComparison, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^traceable: .*{problem}"):
        validate(edit(several, changes))


@pytest.mark.rule("absent-said")
def test_an_absent_setting_with_a_value_is_refused(several: ConfigComparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^absent-said: dropout of deep/seed0 is absent, and has"):
        validate(edit(several, {"parameters.differing.1.values": [0.5, 0.0]}))


@pytest.mark.rule("full-names")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"parameters.differing.1.absent": ["deep"]}, "deep is no run of this answer"),
        ({"runs.1.full_name": "wide/seed0"}, "wide/seed0 names two runs"),
    ],
)
def test_a_name_of_no_run_or_of_two_is_refused(
    several: ConfigComparison, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^full-names: {problem}"):
        validate(edit(several, changes))


@pytest.mark.rule("same-x")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"resources.value": None}, "an axis and its x do not go together"),
        ({"resources.value": None, "resources.axis": None}, "the runs share no axis"),
    ],
)
def test_a_cost_without_its_x_is_refused(
    several: ConfigComparison, edit: Edit, changes: Changes, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^same-x: .*{problem}"):
        validate(edit(several, changes))


@pytest.mark.rule("partial-said")
def test_settings_left_out_without_a_cursor_are_refused(
    several: ConfigComparison, edit: Edit
) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: 3 settings are left"):
        validate(edit(several, {"parameters_left": 3}))
