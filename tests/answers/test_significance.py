"""Every fact of significance_test stands in both forms of its answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answers.told import facts

from samestep import MemoryRun, Project, forget, remember, significance_test
from samestep.answers import SignificanceAnswer

FORM = {"contract", "complete", "unit", "severity"}
"""Fields about the form of an answer, or told in words where they matter."""
TASKS = ("pong", "breakout", "qbert", "seaquest", "asterix", "enduro")


def missing(answer: SignificanceAnswer) -> set[str]:
    """Return the facts of the structured answer that its Markdown does not tell."""
    text = " ".join(answer.to_markdown().replace("\\", "").split())
    told = facts(answer.model_dump(mode="json"), FORM)
    return {fact for fact in told if fact.replace("\\", "") not in text}


@pytest.fixture(autouse=True)
def held(tmp_path: Path) -> Iterator[Path]:
    """Hold groups of seeds, agents on several tasks, and files of predictions."""
    remember("groups", [run for name in ("wide", "deep", "thin") for run in seeds(name)])
    remember("tasks", [run for name in ("iqn", "dqn", "rainbow") for run in agent(name)])
    for name, every in (("a.csv", 2), ("b.csv", 3)):
        rows = "".join(f"{at},{at % every % 2},7\n" for at in range(40 + every))
        (tmp_path / name).write_text(f"id,acc,step\n{rows}x,?,7\n")
    yield tmp_path
    forget("groups")
    forget("tasks")


def seeds(name: str) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/seed{seed}",
            [{"epoch": e, "step": 7 * e, "top1": e + seed**2 / len(name)} for e in (1, 2, 4)],
            {"seed": seed, "depth": 3, "lr": len(name)},
        )
        for seed in range(6 if name == "wide" else 5)
    ]


def agent(name: str) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/{task}/{seed}",
            [{"step": 50, "return": 10 * at + len(name) + seed / 7}],
            {"algo": name, "env_id": task, "seed": seed},
        )
        for at, task in enumerate(TASKS)
        for seed in range(3)
    ]


IQN = "group:memory:tasks#iqn/*"
OTHERS = [["group:memory:tasks#dqn/*"], ["group:memory:tasks#rainbow/*"]]
ANSWERS: dict[str, Callable[[], SignificanceAnswer]] = {
    "groups": lambda: significance_test(
        "group:memory:groups#wide/*",
        [["group:memory:groups#deep/*"], ["memory:groups#thin/seed0"]],
        "top1",
    ),
    "single": lambda: significance_test(
        "memory:groups#wide/seed0", "memory:groups#deep/seed1", "top1"
    ),
    "nearest": lambda: significance_test(
        "group:memory:groups#wide/*", "group:memory:groups#deep/*", "top1", test="permutation", at=3
    ),
    "tasks": lambda: significance_test(IQN, OTHERS, "return"),
    "ranks": lambda: significance_test(IQN, OTHERS, "return", test="friedman"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_markdown_tells_every_fact_of_the_structured_answer(kind: str) -> None:
    assert missing(ANSWERS[kind]()) == set()


def test_the_same_of_files_of_predictions(held: Path) -> None:
    answer = significance_test("a.csv", "b.csv", "acc", project=Project(held))

    assert missing(answer) == set()
    assert answer.files[0].complete is False


def test_a_large_answer_stays_within_what_a_host_takes_in() -> None:
    runs = [
        MemoryRun(
            f"{name}/{'a-rather-long-name' * 3}/seed{seed}",
            [{"step": 1, **{f"acc/task{at}": at + seed / 9 + len(name) for at in range(40)}}],
            {"seed": seed, "name": name},
        )
        for name in ("wide", "narrow")
        for seed in range(12)
    ]
    remember("many", runs)
    answer = significance_test("group:memory:many#wide/*", "group:memory:many#narrow/*", "acc/.*")
    forget("many")

    assert len(answer.model_dump_json()) < 25_000
    assert answer.rows_left + len(answer.rows) == 40
    assert answer.compared == 40
    assert answer.values_left > 0


def test_the_frame_has_a_row_per_difference() -> None:
    frame = ANSWERS["groups"]().to_frame()

    assert frame["b.full_name"].tolist() == ["deep/*", "thin/seed0"]
    assert {"a.mean", "b.mean", "delta", "given.p", "outcome"} <= set(frame.columns)
