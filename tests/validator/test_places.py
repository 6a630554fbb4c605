"""Values stand at the same x, say how they were found, and come from histories."""

from collections.abc import Callable, Mapping

import pytest

from samestep.answers import Comparison
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]


@pytest.mark.rule("same-x")
def test_both_values_at_the_students_epoch_pass(halfway: Comparison) -> None:
    assert validate(halfway) is halfway
    assert [row.student.x for row in halfway.downstream] == [11.0]


@pytest.mark.rule("same-x")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"downstream.0.baseline.x": 100.0},
            "resnet50-step/seed0 stands at 100, the row at 11",
            id="the baseline's last epoch",
        ),
        pytest.param(
            {"downstream.0.baseline.x": 100.0, "downstream.0.delta": None},
            "resnet50-step/seed0 stands at 100, the row at 11",
            id="the baseline's last epoch beside no difference",
        ),
        pytest.param(
            {"downstream.0.student.x": 10.0, "downstream.0.baseline.x": 10.0},
            "stands at 10, the row at 11",
            id="a lag nobody speaks of",
        ),
        pytest.param(
            {
                "runs.0.current.epoch": 12.0,
                "at.student_current": 12.0,
                "proxy.0.student.x": 12.0,
                "proxy.0.baseline.x": 12.0,
            },
            "the student's value lies beyond x 11",
            id="a student's value from beyond the x asked for",
        ),
        pytest.param(
            {"proxy.0.lags_by": -89.0}, "compared at 100, beyond x 11", id="a lag into the future"
        ),
        pytest.param(
            {"proxy.0.baseline_ended": 100.0},
            "compared at 100, beyond x 11",
            id="a baseline that ended later",
        ),
        pytest.param(
            {"at.value": 100.0},
            "compared at 100, beyond the student's current 11",
            id="an x the student has not reached",
        ),
        pytest.param(
            {"at.value": 100.0, "at.student_current": 100.0},
            "current x is 100, the legend says 11",
            id="a student's current x out of thin air",
        ),
        pytest.param(
            {"downstream.0.baseline.x": None}, "a difference without an x", id="no x at all"
        ),
    ],
)
def test_values_at_different_x_are_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^same-x: .*{problem}"):
        validate(edit(halfway, changes))


@pytest.mark.rule("same-x")
def test_a_baselines_last_value_beside_an_absent_student_is_refused(
    uneven: Comparison, edit: Edit
) -> None:
    last = edit(uneven, {"downstream.0.baseline.x": 16.0, "downstream.0.baseline.value": 47.0})

    with pytest.raises(RuleBroken, match=r"^same-x: .*stands at 16, the row at 11"):
        validate(last)


@pytest.mark.rule("same-x")
def test_where_the_baseline_ended_both_values_stand(uneven: Comparison, edit: Edit) -> None:
    [ended] = [at for at, row in enumerate(uneven.proxy) if row.baseline_ended is not None]
    ahead = edit(uneven, {f"proxy.{ended}.student.x": 11.0})

    assert uneven.proxy[ended].baseline_ended == 8.0
    with pytest.raises(RuleBroken, match=r"^same-x: train/loss: .* at 11, the row at 8"):
        validate(ahead)


@pytest.mark.rule("match-stated")
def test_interpolated_nearest_lagging_and_ended_values_pass(uneven: Comparison) -> None:
    found = {row.metric: row.baseline.match for row in uneven.proxy}

    assert validate(uneven) is uneven
    assert found == {
        "val/loss": "interpolated",
        "val/top1": "exact",
        "knn/top1": "nearest",
        "train/loss": "exact",
    }


@pytest.mark.rule("match-stated")
@pytest.mark.parametrize(
    ("metric", "changes", "problem"),
    [
        ("val/top1", {"match": None}, "does not say how it was found"),
        ("val/top1", {"gap": 2.0}, "exact, and yet not logged there"),
        ("val/top1", {"between": (8.0, 12.0)}, "exact, and yet not logged there"),
        ("val/loss", {"between": None}, "interpolated, and not between two points"),
        ("val/loss", {"between": (4.0, 8.0)}, "interpolated, and not between two points"),
        ("val/loss", {"between": (12.0, 8.0)}, "interpolated, and not between two points"),
        ("val/loss", {"between": (11.0, 11.0)}, "interpolated, and not between two points"),
        ("val/loss", {"step": 1100.0}, "interpolated, and not between two points"),
        ("knn/top1", {"gap": None}, "nearest without its true gap"),
        ("knn/top1", {"gap": 3.0}, "nearest without its true gap"),
        ("knn/top1", {"gap": -1.0, "x": 11.0}, "nearest without its true gap"),
        ("knn/top1", {"between": (8.0, 12.0)}, "nearest without its true gap"),
    ],
)
def test_a_value_that_hides_how_it_was_found_is_refused(
    uneven: Comparison, edit: Edit, metric: str, changes: Mapping[str, object], problem: str
) -> None:
    [at] = [at for at, row in enumerate(uneven.proxy) if row.metric == metric]
    paths = {f"proxy.{at}.baseline.{field}": value for field, value in changes.items()}

    with pytest.raises(RuleBroken, match=f"^match-stated: {metric} of .*{problem}"):
        validate(edit(uneven, paths))


@pytest.mark.rule("match-stated")
def test_a_value_beyond_the_end_of_its_run_is_refused(uneven: Comparison, edit: Edit) -> None:
    shorter = edit(uneven, {"runs.1.current.epoch": 10.0})

    with pytest.raises(RuleBroken, match=r"^match-stated: .* at 11, which is at 10"):
        validate(shorter)


@pytest.mark.rule("match-stated")
def test_a_students_value_interpolated_from_its_future_is_refused(
    uneven: Comparison, edit: Edit
) -> None:
    bridged = {"match": "interpolated", "step": None, "between": (10.0, 12.0)}
    changes = {f"proxy.0.student.{field}": value for field, value in bridged.items()}

    with pytest.raises(RuleBroken, match=r"^match-stated: val/loss: .* from beyond x 11"):
        validate(edit(uneven, changes))


@pytest.mark.rule("history-not-summary")
def test_final_values_of_finished_runs_pass_without_a_difference(finals: Comparison) -> None:
    [row] = finals.downstream

    assert validate(finals) is finals
    assert (row.student.match, row.baseline.match, row.delta) == ("final", "final", None)


@pytest.mark.rule("history-not-summary")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"runs.0.state": "running"},
            "beside resnet50-cosine/seed0, which has not finished",
            id="of a running student",
        ),
        pytest.param(
            {"runs.1.state": "unknown"},
            "beside resnet50-step/seed0, which has not finished",
            id="of a baseline that may be running",
        ),
        pytest.param({"downstream.0.delta": 1.5}, "as if it stood in a history", id="subtracted"),
        pytest.param(
            {"downstream.0.better": "student"}, "as if it stood in a history", id="judged"
        ),
        pytest.param({"downstream.0.student.x": 20.0}, "with an x nobody logged", id="at an x"),
    ],
)
def test_a_final_value_as_part_of_a_history_is_refused(
    finals: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^history-not-summary: .*{problem}"):
        validate(edit(finals, changes))


@pytest.mark.rule("history-not-summary")
def test_a_final_value_among_the_proxies_is_refused(finals: Comparison) -> None:
    moved = finals.model_copy(update={"proxy": finals.downstream, "downstream": []})

    with pytest.raises(RuleBroken, match=r"^history-not-summary: benchmark/score"):
        validate(moved)
