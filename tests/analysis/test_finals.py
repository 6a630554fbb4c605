from dataclasses import replace

import pytest

from samestep.analysis.axis import RunAxis, run_axis
from samestep.analysis.finals import with_finals
from samestep.model import Final, Purge, Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

EPOCHS = [{"epoch": e, "step": 100.0 * e, "val/loss": 1.0 / e} for e in range(1, 6)]
AT_300 = Final(0.71, "results.json: test/top1", step=300)


def run(**finals: Final) -> Run:
    named = {name.replace("_", "/"): final for name, final in finals.items()}
    held = MemoryRun("vit-small/seed0", EPOCHS, finals=named)
    found = MemoryReader(Source.parse(remember("finals", [held]))).read(held.full_name)
    forget("finals")
    return found


def points(of: Run, metric: str, axis: str) -> list[tuple[float, float]]:
    found = run_axis(of.history, axis)
    assert isinstance(found, RunAxis)
    curve = found.curves[metric]
    return list(zip(curve.x.tolist(), curve.values.tolist(), strict=True))


@pytest.mark.parametrize(("axis", "x"), [("step", 300), ("epoch", 3)])
def test_a_final_value_stands_at_the_step_of_its_checkpoint(axis: str, x: float) -> None:
    assert points(with_finals(run(test_top1=AT_300)), "test/top1", axis) == [(x, 0.71)]


def test_a_final_value_without_a_step_is_no_history() -> None:
    bare = run(test_top1=Final(0.71, "results.json: test/top1"))

    assert with_finals(bare) is bare


def test_a_metric_with_a_history_keeps_it() -> None:
    logged = run(val_loss=Final(9.0, "results.json: val/loss", step=300))

    assert points(with_finals(logged), "val/loss", "step")[2] == (300, 1 / 3)


def test_final_values_do_not_become_each_others_rows() -> None:
    both = with_finals(run(test_top1=AT_300, test_top5=replace(AT_300, value=0.9, step=500)))

    assert points(both, "test/top1", "epoch") == [(3, 0.71)]
    assert points(both, "test/top5", "epoch") == [(5, 0.9)]


def test_a_restart_that_the_writer_declared_voids_no_final_value() -> None:
    found = with_finals(run(test_top1=AT_300))
    purged = replace(found, history=replace(found.history, purges=(Purge(row=4, step=200),)))

    assert points(purged, "test/top1", "step") == [(300, 0.71)]
    assert points(purged, "val/loss", "step") == [(100, 1), (500, 0.2)]


def test_the_run_itself_is_left_as_it_was() -> None:
    found = run(test_top1=AT_300)
    with_finals(found)

    assert list(found.history.metrics) == ["epoch", "val/loss"]
