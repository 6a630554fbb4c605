from dataclasses import replace

import pytest

from samestep.analysis.choose import Chosen, common_axis, own_axis, shared_axes
from samestep.errors import NoSuchAxis
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

Row = dict[str, float]


def run(full_name: str, rows: list[Row]) -> Run:
    source = remember(f"choose-{full_name}", [MemoryRun(full_name, rows)])
    found = MemoryReader(Source.parse(source)).read(full_name)
    forget(f"choose-{full_name}")
    return found


def logged(full_name: str, epochs: int, *columns: str, first: int = 1) -> Run:
    """Return a run of 100 steps and 51,200 tokens an epoch that logs these columns."""
    rows: list[Row] = [
        {"epoch": e, "step": 100.0 * e, "tokens": 51200.0 * e, "loss": 1.0 / e}
        for e in range(first, first + epochs)
    ]
    return run(full_name, [{name: row[name] for name in (*columns, "loss")} for row in rows])


def chosen(student: Run, *baselines: Run, asked: str = "auto") -> str:
    return common_axis(asked, [student], baselines).name


def counting_log_calls(run: Run) -> Run:
    """Return the run with steps that only count its log calls."""
    history = replace(run.history, row_counter="W&B's row counter `_step`")
    return replace(run, history=history)


EVERYTHING = ("epoch", "step", "tokens")


def test_epochs_come_first_when_the_student_has_completed_two() -> None:
    assert chosen(logged("student", 2, *EVERYTHING), logged("baseline", 9, *EVERYTHING)) == "epoch"


def test_tokens_come_before_epochs_when_the_student_has_completed_fewer() -> None:
    student = run("student", [{"epoch": 1.5, "step": 150.0, "tokens": 9.0, "loss": 1.0}])
    baseline = run("baseline", [{"epoch": 0.5 * e, "step": e, "tokens": e} for e in range(1, 20)])

    assert chosen(student, baseline) == "tokens"


def test_epochs_come_before_steps_however_few() -> None:
    student = run("student", [{"epoch": 1.5, "step": 150.0, "loss": 1.0}])
    baseline = run("baseline", [{"epoch": 0.5 * e, "step": 50.0 * e} for e in range(1, 20)])

    assert chosen(student, baseline) == "epoch"


def test_an_axis_is_taken_only_where_every_run_has_it() -> None:
    student = logged("student", 5, *EVERYTHING)

    assert chosen(student, logged("baseline", 9, "step", "tokens")) == "tokens"
    assert chosen(student, logged("one", 9, *EVERYTHING), logged("other", 9, "step")) == "step"


def test_an_axis_on_which_the_sides_never_meet_is_passed_over() -> None:
    student = logged("student", 3, "epoch", "step")
    later = run("baseline", [{"epoch": e, "step": 10.0 * e, "loss": 1.0} for e in range(7, 30)])

    assert chosen(student, later) == "step"


def test_an_axis_that_is_passed_over_is_named() -> None:
    student = logged("student", 3, "epoch", "step")
    later = run("baseline", [{"epoch": e, "step": 10.0 * e, "loss": 1.0} for e in range(7, 30)])
    apart = "on epoch student and baseline logged nothing over a common stretch"

    assert common_axis("auto", [student], [later]).passed_over == apart
    never = common_axis("auto", [student], [logged("baseline", 3, "epoch", first=7)])
    assert (never.name, never.passed_over) == ("epoch", apart)


def test_the_least_advanced_student_decides_whether_two_epochs_are_completed() -> None:
    ahead = logged("seed0", 9, *EVERYTHING)
    behind = run("seed1", [{"epoch": 0.5, "step": 50.0, "tokens": 9.0}])
    found = common_axis("auto", [ahead, behind], [logged("baseline", 9, *EVERYTHING)])

    assert found.name == "tokens"


def test_every_run_is_placed_on_the_axis_by_its_reference() -> None:
    student, baseline = logged("student", 3, "epoch"), logged("baseline", 9, "epoch")
    found = common_axis("auto", [student], [baseline])

    assert isinstance(found, Chosen)
    assert {ref: axis.newest for ref, axis in found.axes.items()} == {
        "memory:choose-student#student": 3,
        "memory:choose-baseline#baseline": 9,
    }


def test_an_axis_asked_for_is_taken_whatever_comes_first() -> None:
    student, baseline = logged("student", 5, *EVERYTHING), logged("baseline", 9, *EVERYTHING)

    assert chosen(student, baseline, asked="step") == "step"


def test_an_axis_that_a_run_lacks_is_refused_with_those_that_exist() -> None:
    student, baseline = logged("student", 5, *EVERYTHING), logged("baseline", 9, "step", "tokens")
    with pytest.raises(NoSuchAxis) as refused:
        common_axis("epoch", [student], [baseline])

    assert str(refused.value) == (
        "No x-axis 'epoch' for baseline: no epoch is logged and the steps of an epoch are not "
        "known. Axes of all runs asked for: 'tokens', 'step'; x=\"auto\" picks one."
    )


def test_runs_without_a_common_axis_are_refused_with_every_reason() -> None:
    student, baseline = logged("student", 5, "step"), logged("baseline", 5, "epoch")
    with pytest.raises(NoSuchAxis) as refused:
        common_axis("auto", [student], [baseline])

    assert str(refused.value) == (
        "No x-axis 'auto' for these runs: "
        "epoch: student: no epoch is logged and the steps of an epoch are not known; "
        "step: baseline: no step is logged. The runs asked for share no axis at all."
    )


def test_steps_that_are_all_0_leave_nothing_to_choose() -> None:
    student = run("student", [{"step": 0.0, "loss": 1.0}, {"step": 0.0, "loss": 0.5}])

    with pytest.raises(NoSuchAxis, match='x="order" counts points instead'):
        common_axis("auto", [student], [student])
    assert chosen(student, student, asked="order") == "order"


def test_a_run_alone_has_the_first_axis_it_has() -> None:
    assert own_axis("auto", logged("student", 5, *EVERYTHING)).name == "epoch"
    assert own_axis("auto", logged("student", 5, "step")).name == "step"


def test_axes_that_are_shared_are_named_the_usual_ones_first() -> None:
    runs = [logged("student", 5, *EVERYTHING), logged("baseline", 9, *EVERYTHING)]

    assert shared_axes(runs) == ["epoch", "tokens", "step"]


def test_a_counter_of_log_calls_is_not_lined_up_with_steps() -> None:
    student = counting_log_calls(logged("student", 3, "step"))
    baseline = logged("baseline", 3, "step")

    with pytest.raises(NoSuchAxis, match="the steps of student only count log calls"):
        chosen(student, baseline)
    assert chosen(student, baseline, asked="step") == "step"
    assert chosen(student, counting_log_calls(baseline)) == "step"
