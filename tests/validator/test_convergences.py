"""Converged stands beside the curve that shows it, and a gain beside its interval."""

from collections.abc import Mapping

import pytest

from samestep import MemoryRun, Project, convergence_check, remember
from samestep.answers import ConvergenceAnswer
from samestep.validator import RuleBroken, validate


@pytest.fixture
def flat(project: Project) -> ConvergenceAnswer:
    """A loss that fell for ten epochs and has stood still for fifty, at its planned end."""
    rows = [
        {"step": 10.0 * n, "epoch": float(n), "val/loss": 1.0 / min(n, 10) + 0.0001 * (n % 3)}
        for n in range(1, 61)
    ]
    source = remember("runs", [MemoryRun("resnet50/seed0", rows, {"seed": 0, "epochs": 60})])
    return convergence_check(f"{source}#resnet50/seed0", "val/loss", last=6, project=project)


@pytest.mark.rule("tail-shown")
def test_a_curve_that_stands_still_passes_with_its_last_epochs(flat: ConvergenceAnswer) -> None:
    assert validate(flat) is flat
    assert (flat.state, [point.x for point in flat.tail]) == (
        "plateaued",
        [55.0, 56.0, 57.0, 58.0, 59.0, 60.0],
    )


@pytest.mark.rule("tail-shown")
def test_converged_beside_four_epochs_is_refused(flat: ConvergenceAnswer) -> None:
    verdict = flat.verdict.model_copy(update={"kind": "converged"})
    short = flat.model_copy(update={"verdict": verdict, "tail": flat.tail[2:]})

    with pytest.raises(RuleBroken, match=r"^tail-shown: converged, with 4 epochs shown"):
        validate(short)


@pytest.mark.rule("tail-shown")
@pytest.mark.parametrize("state", ["improving", "diverging", "too_short", "unsettled", None])
def test_a_verdict_that_the_curve_does_not_carry_is_refused(
    flat: ConvergenceAnswer, state: str | None
) -> None:
    with pytest.raises(RuleBroken, match=rf"^tail-shown: verdict .* of a curve that is {state}"):
        validate(flat.model_copy(update={"state": state}))


@pytest.mark.rule("tail-shown")
def test_a_state_where_nobody_knows_the_direction_is_refused(flat: ConvergenceAnswer) -> None:
    curve = flat.curve.model_copy(update={"direction": None})

    with pytest.raises(RuleBroken, match=r"^tail-shown: a curve that is plateaued, and nobody"):
        validate(flat.model_copy(update={"curve": curve}))


@pytest.mark.rule("traceable")
def test_a_tail_from_another_place_is_refused(flat: ConvergenceAnswer) -> None:
    with pytest.raises(RuleBroken, match=r"^traceable: a tail that ends at 59, and the curve is"):
        validate(flat.model_copy(update={"tail": flat.tail[:-1]}))
    with pytest.raises(RuleBroken, match=r"^traceable: a tail that is out of order"):
        validate(flat.model_copy(update={"tail": flat.tail[::-1]}))


@pytest.mark.rule("full-names")
def test_a_reading_that_does_not_name_the_run_is_refused(flat: ConvergenceAnswer) -> None:
    with pytest.raises(RuleBroken, match=r"^full-names: the reading does not name resnet50/seed0"):
        validate(flat.model_copy(update={"reading": "At epoch 60 it has converged."}))


@pytest.mark.rule("projection-bounded")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"interval": None}, "without an interval or a method"),
        ({"method": ""}, "without an interval or a method"),
        ({"interval": (0.5, 0.6)}, "outside its interval"),
        ({"why": "too short"}, "and its reason do not go together"),
        ({"gain": None}, "and its reason do not go together"),
    ],
)
def test_a_gain_without_its_bounds_is_refused(
    flat: ConvergenceAnswer, changes: Mapping[str, object], problem: str
) -> None:
    told = {"gain": 0.01, "interval": (0.005, 0.02), "why": None, "method": "power law"}
    good = flat.projected_gain[0].model_copy(update=told)
    gain = good.model_copy(update=changes)

    assert validate(flat.model_copy(update={"projected_gain": [good]}))
    with pytest.raises(RuleBroken, match=rf"^projection-bounded: .*{problem}"):
        validate(flat.model_copy(update={"projected_gain": [gain]}))
