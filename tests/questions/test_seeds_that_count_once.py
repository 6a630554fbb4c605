"""One run in two trackers, and one seed in two runs, make no seeds and no winner."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter  # pyright: ignore[reportMissingTypeStubs] # it ships none

from samestep import MemoryRun, Project, forget, rank_runs, remember, significance_test
from samestep.answers import SignificanceAnswer
from samestep.settings import Settings

LEVELS = {"good": 0.9, "bad": 0.8}
SEEDS = (0, 1, 2)


@pytest.fixture
def twice(tmp_path: Path) -> Project:
    """Log every run as a CSV file and as an event file, which rounds to single precision."""
    for name, level in LEVELS.items():
        for seed in SEEDS:
            values = [level - 1 / (3 * epoch) + seed / 97 for epoch in range(1, 6)]
            logged(tmp_path, f"{name}/seed{seed}", values)
    return Project(tmp_path, Settings(downstream=("test/acc",), finished=("*",)))


def logged(directory: Path, name: str, values: Sequence[float]) -> None:
    table = directory / "runs" / name / "metrics.csv"
    table.parent.mkdir(parents=True)
    rows = [(10 * at, value) for at, value in enumerate(values, 1)]
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([("step", "test/acc"), *rows])
    with SummaryWriter(str(directory / "tb" / name)) as writer:  # pyright: ignore[reportUnknownVariableType]
        for step, value in rows:
            writer.add_scalar("test/acc", value, step)  # pyright: ignore[reportUnknownMemberType]


def test_runs_in_two_trackers_are_as_many_seeds_as_in_one(twice: Project) -> None:
    both = significance_test("group:good/*", "group:bad/*", "test/acc", project=twice)
    one = significance_test(
        "group:files:runs#good/*", "group:files:runs#bad/*", "test/acc", project=twice
    )

    assert [(row.a.n, row.b.n) for row in both.rows] == [(3, 3)]
    assert both.rows[0].given.p == pytest.approx(one.rows[0].given.p, rel=1e-3)
    assert len(both.rows[0].a.not_counted or {}) == 3


def test_one_run_in_two_trackers_is_a_single_seed(twice: Project) -> None:
    sides = [
        [f"files:runs#{name}/seed0", f"tensorboard:tb#{name}/seed0"] for name in ("good", "bad")
    ]

    tested = significance_test(sides[0], sides[1], "test/acc", project=twice)
    ranked = rank_runs(list(sides), "test/acc", project=twice)

    assert (tested.rows[0].a.n, tested.rows[0].outcome) == (1, "cannot tell")
    assert "single-seed" in tested.verdict.blocked_by
    assert tested.verdict.winner is None
    assert ranked.verdict.winner is None


def test_a_ranking_counts_no_seed_twice(twice: Project) -> None:
    answer = rank_runs(["group:good/*", "group:bad/*"], "test/acc", project=twice)

    assert [(row.full_name, row.n) for row in answer.ranked] == [("good/*", 3), ("bad/*", 3)]


def asked(*names: str) -> SignificanceAnswer:
    """Compare runs of two trials of each seed, and forget them."""
    runs = [
        MemoryRun(
            f"{name}/seed{seed}-take{trial}",
            [{"step": s, "acc": 0.5 + at / 9 + seed / 50 + trial / 90 + s} for s in (1, 2, 3)],
            {"seed": seed},
            "finished",
        )
        for at, name in enumerate(names)
        for seed in SEEDS
        for trial in range(2)
    ]
    remember("trials", runs)
    settings = Settings(downstream=("acc:higher",))
    sides = [f"group:memory:trials#{name}/*" for name in names]
    answer = significance_test(sides[0], sides[1], "acc", project=Project(Path(), settings))
    forget("trials")
    return answer


def test_runs_of_one_recorded_seed_count_once_and_are_named() -> None:
    [row] = asked("wide", "deep").rows

    assert (row.a.n, row.b.n, row.given.n) == (3, 3, (3, 3))
    assert (row.a.not_counted or {})["wide/seed0-take1"] == (
        "of seed 0 as wide/seed0-take0 is: a seed counts once"
    )


def test_sides_whose_names_spell_different_tasks_are_not_compared() -> None:
    answer = asked("sac/walker-run", "tdmpc/cheetah-run")

    assert (answer.verdict.kind, answer.verdict.winner) == ("not_comparable", None)
    assert answer.rows[0].delta is None
    [told] = [one.text for one in answer.caveats if one.severity == "blocks"]
    assert told == (
        "By the names of their runs sac/walker-run/* is of walker-run, tdmpc/cheetah-run/* of "
        "cheetah-run: values of different tasks are not compared."
    )


def test_sides_of_one_task_are_compared() -> None:
    assert asked("sac/walker-run", "tdmpc/walker-run").verdict.kind != "not_comparable"


def test_a_ranking_over_different_tasks_names_no_winner() -> None:
    names = ("sac/walker-run", "tdmpc/cheetah-run")
    runs = [
        MemoryRun(f"{name}/{seed}", [{"step": 9, "acc": at + seed / 50}], {"seed": seed})
        for at, name in enumerate(names)
        for seed in SEEDS
    ]
    remember("tasks", runs)
    answer = rank_runs([f"group:memory:tasks#{name}/*" for name in names], "acc:higher")
    forget("tasks")

    told = "By the names of their runs candidates are of different tasks:"
    assert any(one.severity == "blocks" and one.text.startswith(told) for one in answer.caveats)
    assert answer.verdict.winner is None
