"""Records the answers that the corpus is held against: `python -m tests.claims.record`."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from samestep import (
    MemoryRun,
    Project,
    compare_configs,
    compare_same_epoch,
    convergence_check,
    fetch_history,
    list_runs,
    rank_runs,
    remember,
    significance_test,
)
from samestep.answers.answer import Answer
from samestep.answers.comparison import CatchUp, Comparison
from samestep.model import State
from samestep.settings import Settings

LEDGERS = Path(__file__).parent / "ledgers"
NOWHERE = Project(Path(__file__).parent)
Ends = Mapping[str, tuple[float, float, float]]
"""Of each metric the value before training, the value it tends to, and the epochs that takes."""


def curve(length: int, ends: Ends, per_epoch: int, wobble: float) -> list[dict[str, float]]:
    """Return one row per epoch of curves that approach their ends."""
    return [
        {"epoch": epoch, "step": epoch * per_epoch}
        | {
            metric: round(last + (first - last) * math.exp(-epoch / pace) + wobble * last, 5)
            for metric, (first, last, pace) in ends.items()
        }
        for epoch in range(1, length + 1)
    ]


def run(
    name: str, rows: Sequence[dict[str, float]], state: State, config: Mapping[str, object]
) -> MemoryRun:
    """Return a run whose every epoch is one row."""
    return MemoryRun(name, rows, state=state, config=config)


def vision() -> list[Answer]:
    """A student at epoch 11 of 100 against a baseline that has finished; two things changed."""
    cosine = {"knn/top1": (5.0, 62.0, 9.0), "test/top1": (2.0, 77.0, 10.0)}
    step = {"knn/top1": (5.0, 61.0, 8.0), "test/top1": (2.0, 76.3, 9.0)}
    loss = {"val/loss": (6.9, 0.9, 7.5)}, {"val/loss": (6.9, 0.94, 7.9)}
    shared = {"seed": 0, "epochs": 100, "lr": 0.1}
    source = remember(
        "vision",
        [
            run(
                "resnet50-cosine/seed0",
                curve(11, cosine | loss[0], 1250, 0.0),
                "running",
                shared | {"augmentation": "randaug", "optimizer": "lamb"},
            ),
            run(
                "resnet50-step/seed0",
                curve(100, step | loss[1], 1250, 0.0),
                "finished",
                shared | {"augmentation": "none", "optimizer": "sgd"},
            ),
        ],
    )
    student, baseline = f"{source}#resnet50-cosine/seed0", f"{source}#resnet50-step/seed0"
    return [
        compare_same_epoch(student, [baseline], downstream=["test/top1"], project=NOWHERE),
        compare_configs([student, baseline], project=NOWHERE),
        convergence_check(baseline, "test/top1", project=NOWHERE),
        convergence_check(student, "knn/top1", project=NOWHERE),
        fetch_history(baseline, ["test/top1", "knn/top1"], where="epoch >= 96", project=NOWHERE),
    ]


def seeds() -> list[Answer]:
    """Five seeds a side, finished and significantly apart; one thing changed."""
    runs: list[MemoryRun] = []
    for name, width, reached in (("wide", 128, 0.912), ("narrow", 64, 0.887)):
        for seed in range(5):
            ends = {
                "test/accuracy": (0.1, reached, 1.0),
                "val/loss": (2.3, 0.42 - width / 1e3, 1.0),
            }
            wobble = (seed - 2) * 0.001
            config = {"seed": seed, "epochs": 20, "width": width}
            runs.append(run(f"{name}/seed{seed}", curve(20, ends, 100, wobble), "finished", config))
    source = remember("seeds", runs)
    wide, narrow = f"group:{source}#wide/*", f"group:{source}#narrow/*"
    return [
        compare_same_epoch(wide, [narrow], downstream=["test/accuracy"], project=NOWHERE),
        compare_configs([f"{source}#wide/seed0", f"{source}#narrow/seed0"], project=NOWHERE),
        convergence_check(f"{source}#wide/seed0", "test/accuracy", project=NOWHERE),
    ]


def language() -> list[Answer]:
    """Three single runs that log losses only, by step; the first is halfway."""
    plan = (
        ("gpt2-muon", 50, 3.28, 9.0),
        ("gpt2-adamw", 100, 3.31, 11.0),
        ("gpt2-soap", 100, 3.27, 8.0),
    )
    runs = [
        run(
            f"{name}/seed1",
            [
                {"step": row["step"], "val/loss": row["val/loss"], "train/loss": row["train/loss"]}
                for row in curve(
                    length,
                    {"val/loss": (9.0, last, pace), "train/loss": (9.0, last - 0.1, pace)},
                    100,
                    0.0,
                )
            ],
            "finished" if length == 100 else "running",
            {"seed": 1, "max_steps": 10_000, "optimizer": name.partition("-")[2]},
        )
        for name, length, last, pace in plan
    ]
    source = remember("language", runs)
    names = [f"{source}#{one.full_name}" for one in runs]
    return [
        on_track(compare_same_epoch(names[0], [*names[1:]], project=NOWHERE)),
        compare_configs(names, project=NOWHERE),
        convergence_check(names[0], "val/loss", project=NOWHERE),
    ]


def sweep() -> list[Answer]:
    """Finished single runs under names that people and trackers give; one logs percent."""
    plan = {
        "exp_042": (0.831, 0.35, 1.0),
        "exp_041": (0.824, 0.37, 1.0),
        "glowing-sun-12 (k2j9x4ab)": (0.853, 0.36, 1.0),
        "baseline-adam-lr1e-3": (0.842, 0.33, 100.0),
    }
    runs = [
        run(
            name,
            curve(
                30,
                {
                    "eval/accuracy": (0.1 * scale, accuracy * scale, 2.0),
                    "eval/f1": (0.05, accuracy - 0.03, 2.0),
                    "train/loss": (2.3, loss, 2.0),
                },
                50,
                0.0,
            ),
            "finished",
            {"epochs": 30, "lr": 0.001, "tuned": name == "exp_042"},
        )
        for name, (accuracy, loss, scale) in plan.items()
    ]
    source = remember("sweep", runs)
    names = [f"{source}#{one.full_name}" for one in runs]
    others: list[str | list[str]] = [*names[1:]]
    answers: list[Answer] = [
        compare_same_epoch(names[0], others, downstream=["eval/accuracy"], project=NOWHERE),
        list_runs(source, project=NOWHERE),
        fetch_history(names[0], ["eval/accuracy"], where="epoch == 10", project=NOWHERE),
    ]
    return answers


def early() -> list[Answer]:
    """A student at epoch 3 that has not logged what the project is for."""
    rows = {"knn/top1": (5.0, 62.0, 9.0), "test/top1": (2.0, 76.3, 9.0)}
    student = [
        {name: value for name, value in row.items() if name != "test/top1"}
        for row in curve(3, rows, 1250, 0.0)
    ]
    source = remember(
        "early",
        [
            run("vit-b16-mae/seed0", student, "running", {"epochs": 100}),
            run("vit-b16-dino/seed0", curve(100, rows, 1250, 0.1), "finished", {"epochs": 100}),
        ],
    )
    names = [f"{source}#vit-b16-mae/seed0", f"{source}#vit-b16-dino/seed0"]
    compared = compare_same_epoch(names[0], [names[1]], downstream=["test/top1"], project=NOWHERE)
    return [compared]


def on_track(answer: Comparison) -> Comparison:
    """Return the comparison with a projection of its own: the first is expected to catch up."""
    entry = CatchUp(
        metric="val/loss",
        baseline="gpt2-soap/seed1",
        outlook="on_track",
        at=8000,
        interval=(7000, 9500),
        method="recorded by hand",
        why="probability 0.72 by 10000, at least 0.6",
        points=(50, 100),
        probability=0.72,
        until=10_000,
        behind_then=(-0.04, 0.01),
    )
    return answer.model_copy(update={"catch_up": [entry]})


def ranking() -> list[Answer]:
    """Three learning rates of three seeds each: the first cannot be told from the second."""
    plan = {"lr3e-4": 0.861, "lr1e-3": 0.874, "lr3e-3": 0.842}
    goal = {"test/accuracy": (0.1, 1.0), "val/loss": (2.3, 1.0)}
    source = remember("ranking", seeded(plan, goal, length=20, count=3))
    candidates: list[str | list[str]] = [f"group:{source}#{name}/*" for name in plan]
    project = for_goal("test/accuracy")
    return [
        rank_runs(candidates, "test/accuracy", project=project),
        rank_runs(candidates[1:], "test/accuracy", project=project),
    ]


def significance() -> list[Answer]:
    """Three ways to fine-tune, five seeds each: one is significantly better, two are alike."""
    plan = {"full-bert": 0.781, "lora-bert": 0.744, "adapter-bert": 0.741}
    goal = {"mnli/accuracy": (0.33, 1.0)}
    source = remember("significance", seeded(plan, goal, length=8, count=5))
    sides = [f"group:{source}#{name}/*" for name in plan]
    project = for_goal("mnli/accuracy")
    return [
        significance_test(side, sides[2], "mnli/accuracy", project=project) for side in sides[:2]
    ]


def translation() -> list[Answer]:
    """Two single runs under names with dates and settings, whose metrics are written as one word."""
    plan = (
        ("marian-base_2024-05-01_run3", 30, 27.4, 2.31, 9.0),
        ("t5.small.lr1e-4", 100, 26.1, 2.38, 8.0),
    )
    runs = [
        run(
            name,
            [
                {metric: value for metric, value in row.items() if metric != "epoch"}
                for row in curve(
                    length,
                    {"eval_bleu": (1.0, bleu, pace), "eval_loss": (7.0, loss, pace)},
                    200,
                    0.0,
                )
            ],
            "finished" if length == 100 else "running",
            {"seed": 7, "max_steps": 20_000, "model": name[:2], "lr": 1e-4 * length},
        )
        for name, length, bleu, loss, pace in plan
    ]
    source = remember("translation", runs)
    student, baseline = (f"{source}#{one.full_name}" for one in runs)
    return [
        compare_same_epoch(student, [baseline], downstream=["eval_bleu"], project=NOWHERE),
        compare_configs([student, baseline], project=NOWHERE),
        convergence_check(student, "eval_loss", project=NOWHERE),
        convergence_check(baseline, "eval_bleu", project=NOWHERE),
    ]


def seeded(
    plan: Mapping[str, float], metrics: Mapping[str, tuple[float, float]], length: int, count: int
) -> list[MemoryRun]:
    """Return seeds of several ways, each of which tends to its own end; a loss to what is left."""
    runs: list[MemoryRun] = []
    for name, reached in plan.items():
        for seed in range(count):
            ends = {
                metric: (first, 1.0 - reached if "loss" in metric else reached, pace)
                for metric, (first, pace) in metrics.items()
            }
            wobble = math.sin(13.7 * len(runs) ** 2) / 150
            rows = curve(length, ends, 100, wobble)
            config = {"seed": seed, "epochs": length, "way": name}
            runs.append(run(f"{name}/seed{seed}", rows, "finished", config))
    return runs


def for_goal(metric: str) -> Project:
    """Return a project whose goal is a metric."""
    return Project(NOWHERE.directory, Settings(downstream=(metric,)))


WORLDS = {
    "vision": vision,
    "seeds": seeds,
    "language": language,
    "sweep": sweep,
    "early": early,
    "translation": translation,
    "ranking": ranking,
    "significance": significance,
}

if __name__ == "__main__":
    LEDGERS.mkdir(exist_ok=True)
    for world, asked in WORLDS.items():
        answers = [answer.model_dump(mode="json") for answer in asked()]
        (LEDGERS / f"{world}.json").write_text(f"{json.dumps(answers, indent=1)}\n")
