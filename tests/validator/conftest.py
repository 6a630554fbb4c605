"""Good answers about runs in memory, and a way to break one in a single place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.model import Final, State

Rows = list[dict[str, float]]
Edit = Callable[[Comparison, Mapping[str, object]], Comparison]

STUDENT = "resnet50-cosine/seed0"
BASELINE = "resnet50-step/seed0"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project; the runs held in memory are forgotten after the test."""
    yield Project(tmp_path)
    forget("runs")


@pytest.fixture
def edit() -> Edit:
    """A function that returns an answer with other values at the given paths."""

    def edited(answer: Comparison, changes: Mapping[str, object]) -> Comparison:
        for path, value in changes.items():
            answer = cast("Comparison", _replaced(answer, path.split("."), value))
        return answer

    return edited


@pytest.fixture
def halfway(project: Project) -> Comparison:
    """A student at epoch 11 of 100 against a baseline that has finished."""
    student = _epochs(11, {"test/top1": 29.0, "knn/top1": 20.0})
    baseline = _epochs(100, {"test/top1": 31.0, "knn/top1": 21.0})
    runs = [
        _run(STUDENT, student, "running", {"seed": 0, "epochs": 100}),
        _run(BASELINE, baseline, "finished", {"seed": 0, "epochs": 100}),
    ]
    return _compared(project, runs, ["test/top1"])


@pytest.fixture
def proxies(project: Project) -> Comparison:
    """The same on one metric that nobody declared."""
    runs = [
        _run(STUDENT, _epochs(11, {"knn/top1": 20.0}), "running"),
        _run(BASELINE, _epochs(100, {"knn/top1": 21.0}), "finished"),
    ]
    return _compared(project, runs, None)


@pytest.fixture
def won(project: Project) -> Comparison:
    """Two groups of three seeds that finished at the same epoch, the student's clearly better."""
    goals = {"resnet50-cosine": 32.0, "resnet50-step": 31.0}
    runs = [
        _run(f"{name}/seed{seed}", _epochs(20, {"test/top1": goal + seed / 10.0}), "finished")
        for name, goal in goals.items()
        for seed in range(3)
    ]
    remember("runs", runs)
    return compare_same_epoch(
        "group:memory:runs#resnet50-cosine/*",
        [[f"memory:runs#resnet50-step/seed{seed}" for seed in range(3)]],
        downstream=["test/top1"],
        project=project,
    )


@pytest.fixture
def uneven(project: Project) -> Comparison:
    """A baseline that logs less often than the student, stopped, or logs something else."""
    student = _epochs(11, {"val/loss": 9.0, "knn/top1": 19.0, "train/loss": 4.0})
    student[8]["val/top1"] = 30.0
    columns = {"val/loss": 8.0, "knn/top1": 20.0, "train/loss": 3.0, "test/top1": 31.0}
    baseline = _epochs(16, columns | {"val/top1": 22.0})
    logged = {"val/loss": {4, 8, 12, 16}, "knn/top1": {2, 6, 10}, "train/loss": set(range(9))}
    for metric, epochs in logged.items():
        for row in baseline:
            if row["epoch"] not in epochs:
                del row[metric]
    runs = [_run(STUDENT, student, "running"), _run(BASELINE, baseline, "finished")]
    return _compared(project, runs, ["test/top1"])


@pytest.fixture
def finals(project: Project) -> Comparison:
    """Two finished runs with a test score each, measured once and at no step."""
    runs = [
        _run(STUDENT, _epochs(20, {"val/top1": 30.0}), "finished", score=61.5),
        _run(BASELINE, _epochs(20, {"val/top1": 31.0}), "finished", score=60.0),
    ]
    return _compared(project, runs, ["benchmark/score"])


@pytest.fixture
def scales(project: Project) -> Comparison:
    """One accuracy in percent and as a fraction."""
    fractions = [{**row, "test/top1": row["test/top1"] / 100.0} for row in _epochs(20)]
    runs = [_run(STUDENT, _epochs(11), "running"), _run(BASELINE, fractions, "finished")]
    return _compared(project, runs, ["test/top1"])


def _compared(
    project: Project, runs: Sequence[MemoryRun], downstream: list[str] | None
) -> Comparison:
    remember("runs", runs)
    student, *baselines = [f"memory:runs#{run.full_name}" for run in runs]
    return compare_same_epoch(student, list(baselines), downstream=downstream, project=project)


def _epochs(count: int, metrics: Mapping[str, float] = {"test/top1": 30.0}) -> Rows:
    """Return one row per epoch, in which every metric grows by one from its given start."""
    return [
        {
            "step": 100.0 * epoch,
            "epoch": float(epoch),
            **{metric: start + epoch for metric, start in metrics.items()},
        }
        for epoch in range(1, count + 1)
    ]


def _run(
    name: str,
    rows: Rows,
    state: State,
    config: Mapping[str, object] | None = None,
    score: float | None = None,
) -> MemoryRun:
    finals = {} if score is None else {"benchmark/score": Final(score, "results.json")}
    return MemoryRun(name, rows, config or {"seed": name[-1]}, state, finals=finals)


def _replaced(part: object, path: Sequence[str], value: object) -> object:
    if not path:
        return value
    first, *rest = path
    if isinstance(part, BaseModel):
        return part.model_copy(update={first: _replaced(getattr(part, first), rest, value)})
    items = list(cast("Sequence[object]", part))
    items[int(first)] = _replaced(items[int(first)], rest, value)
    return tuple(items) if isinstance(part, tuple) else items
