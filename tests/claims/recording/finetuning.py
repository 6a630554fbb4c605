"""Ledgers of language models that are tuned to a task."""

import math
from random import Random

from tests.claims.recording.curves import (
    Ends,
    curve,
    dice,
    ends,
    gauss,
    offset,
    ripple,
    steady,
    total,
)
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def finetune() -> list[Answer]:
    """Two pairs of single runs, whose students are not at their ends, and seeds of three ways."""
    goal = "eval/accuracy"
    drawn = dice(3)
    world = World("finetune", [*_mistral_runs(drawn), *_phi_seeds(drawn), *_qwen_runs(drawn)], goal)
    preferred, plain, *_, rewarded, shown = world.names
    return [
        world.compared(preferred, plain),
        world.changed(preferred, plain),
        world.converged(preferred, goal),
        world.converged(plain, "eval/loss"),
        world.compared("phi3-lora-r64/*", "phi3-lora-r8/*"),
        world.changed("phi3-lora-r64/seed0", "phi3-lora-r8/seed0"),
        world.compared("phi3-lora-r64/*", "phi3-qlora-r64/*"),
        world.compared(rewarded, shown),
        world.changed(rewarded, shown),
        world.converged(shown, goal),
        world.history(plain, "step >= 2600", goal, "eval/loss"),
    ]


def _mistral_runs(drawn: Random) -> Runs:
    shared = {"model": "mistral-7b", "max_steps": 3000, "seed": 2, "lr": 1e-5}
    dpo = _tuned((0.31, 0.668), (1.9, 1.02), 8)
    sft = _tuned((0.31, 0.623), (1.9, 1.11), 4.5)
    rows = [
        curve(12, dpo, gauss(drawn, 0.003, 0.001), step=100),
        curve(30, sft, gauss(drawn, 0.002, 0.002 / 3), step=100),
    ]
    return [
        running("mistral-7b-dpo/seed2", rows[0], shared | {"objective": "dpo"}),
        finished("mistral-7b-sft/seed2", rows[1], shared | {"objective": "sft"}),
    ]


def _phi_seeds(drawn: Random) -> Runs:
    runs: Runs = []
    plan = (("lora-r64", 64, 0.587), ("lora-r8", 8, 0.561), ("qlora-r64", 64, 0.584))
    noise = gauss(drawn, 0.0015, 0.0005)
    for way, rank, accuracy in plan:
        tended = _tuned((0.25, accuracy), (1.7, 1.21 - 0.0004 * rank), 3)
        rows = [
            curve(20, tended, total(noise, offset(drawn.gauss(0, 0.004), 0.0)), step=100)
            for _ in range(5)
        ]
        config = {"model": "phi3-mini", "max_steps": 2000, "lora_r": rank, "lora_alpha": 2 * rank}
        stored = {"lr": 2e-4, "quantization": "nf4" if way.startswith("qlora") else "none"}
        runs += seeded(f"phi3-{way}/seed*", config | stored, rows)
    return runs


def _qwen_runs(drawn: Random) -> Runs:
    shared = {"model": "qwen2-7b", "max_steps": 4000, "seed": 0}
    slow = shared | {"objective": "grpo", "lr": 2e-6, "warmup_ratio": 0.1}
    fast = shared | {"objective": "sft", "lr": 1e-5, "warmup_ratio": 0.03}
    noise = gauss(drawn, 0.0008, 0.0008 / 3)
    grpo = curve(20, _tuned((0.40, 0.748), (1.6, 0.95), 10), noise, step=100)
    sft = curve(40, _tuned((0.40, 0.690), (1.6, 0.93), 5), noise, step=100)
    return [running("qwen2-7b-grpo/seed0", grpo, slow), finished("qwen2-7b-sft/seed0", sft, fast)]


def _tuned(accuracy: tuple[float, float], loss: tuple[float, float], pace: float) -> Ends:
    return {"eval/accuracy": (*accuracy, pace, 4), "eval/loss": (*loss, 0.7 * pace, 4)}


def instruct() -> list[Answer]:
    """Four seeds of three mixes of instructions, and a single run against another."""
    goal = "eval/accuracy"
    world = World("instruct", [*_instruct_seeds(), *_instruct_singles()], goal)
    mixes = [f"{mix}-mix/*" for mix in ("tulu", "alpaca", "dolly")]
    quantized, plain = world.names[-2:]
    return [
        world.compared(*mixes[:2]),
        world.changed("tulu-mix/seed0", "alpaca-mix/seed0"),
        world.tested(mixes[1], mixes[2], goal),
        world.ranked(goal, *mixes),
        world.compared(quantized, plain),
        world.changed(quantized, plain),
        world.converged(plain, "eval/loss"),
        world.converged(quantized, goal),
    ]


def _instruct_seeds() -> Runs:
    runs: Runs = []
    plan = (("tulu", 0.648, 0.87), ("alpaca", 0.611, 0.93), ("dolly", 0.6135, 0.95))
    for mix, accuracy, loss in plan:
        tended = ends("eval/accuracy eval/loss", (0.41, accuracy, 0.9), (1.9, loss, 0.9))
        shares = [math.sin(7.1 * (len(runs) + seed + 1) ** 2) / 180 for seed in range(4)]
        rows = [curve(5, tended, steady(share), epoch=1, step=620) for share in shares]
        runs += seeded(f"{mix}-mix/seed*", {"epochs": 5, "lr": 2e-5, "data": mix}, rows)
    return runs


def _instruct_singles() -> Runs:
    metrics = "eval/accuracy eval/loss"
    student = curve(18, ends(metrics, (0.42, 0.655, 8.0), (1.85, 0.88, 6.0)), step=200)
    baseline = curve(30, ends(metrics, (0.42, 0.643, 6.0), (1.85, 0.91, 6.5)), step=200)
    shared = {"seed": 11, "max_steps": 6000, "rank": 16, "data": "tulu"}
    return [
        running("qlora-7b-r16", student, shared | {"quant": "nf4"}),
        finished("lora-7b-r16", baseline, shared | {"quant": "bf16"}),
    ]


def sentiment() -> list[Answer]:
    """Four seeds of three ways: distilling wins, mixup cannot be told from neither."""
    runs: Runs = []
    plan = (
        ("distilled", 0.884, 0.31, "kd", 0.0),
        ("plain", 0.861, 0.36, "none", 0.0),
        ("mixup", 0.8625, 0.33, "none", 0.2),
    )
    for way, score, loss, teacher, mixup in plan:
        tended = ends("test/f1 val/loss", (0.4, score, 1.3, 4), (1.1, loss, 1.2, 4))
        moves = [math.sin(7.1 * (len(runs) + seed + 1) ** 2) * 0.003 for seed in range(4)]
        rows = [curve(15, tended, offset(move, -2 * move), epoch=1) for move in moves]
        config = {"epochs": 15, "lr": 2e-5, "teacher": teacher, "mixup": mixup}
        runs += seeded(f"{way}/seed*", config, rows)
    world = World("sentiment", runs, "test/f1")
    return [
        world.compared("distilled/*", "plain/*", "mixup/*"),
        world.compared("mixup/*", "plain/*"),
        world.tested("distilled/*", "plain/*", "test/f1"),
        world.tested("mixup/*", "plain/*", "test/f1"),
        world.changed("distilled/seed0", "plain/seed0"),
        world.changed("distilled/seed0", "mixup/seed0"),
        world.converged("distilled/seed0", "test/f1"),
    ]


def significance() -> list[Answer]:
    """Three ways to fine-tune, five seeds each: one is significantly better, two are alike."""
    runs: Runs = []
    for way, reached in (("full", 0.781), ("lora", 0.744), ("adapter", 0.741)):
        shares = [math.sin(13.7 * (len(runs) + seed) ** 2) / 150 for seed in range(5)]
        tended = ends("mnli/accuracy", (0.33, reached, 1.0))
        rows = [curve(8, tended, steady(share), epoch=1, step=100) for share in shares]
        runs += seeded(f"{way}-bert/seed*", {"epochs": 8, "way": f"{way}-bert"}, rows)
    world = World("significance", runs, "mnli/accuracy")
    return [
        world.tested("full-bert/*", "adapter-bert/*", "mnli/accuracy"),
        world.tested("lora-bert/*", "adapter-bert/*", "mnli/accuracy"),
    ]


def retrieval() -> list[Answer]:
    """A retriever at step 24000 of 60000 against two that have finished."""
    goal = "beir/ndcg@10"
    world = World("retrieval", _retrieval_runs(), goal)
    mined, batch, distilled = world.names
    return [
        world.compared(mined, batch),
        world.compared(distilled, batch),
        world.changed(mined, batch),
        world.changed(distilled, batch),
        world.converged(mined, goal),
        world.converged(batch, goal),
        world.history(batch, "step >= 57000", goal, "dev/loss"),
    ]


def _retrieval_runs() -> Runs:
    metrics = "beir/ndcg@10 dev/mrr@10 dev/loss"
    mined = ends(metrics, (0.21, 0.478, 11.0, 4), (0.12, 0.391, 8.0, 4), (4.6, 1.08, 6.0, 4))
    batch = ends(metrics, (0.21, 0.462, 8.0, 4), (0.12, 0.372, 8.0, 4), (4.6, 1.31, 6.5, 4))
    distilled = ends(metrics, (0.21, 0.469, 7.5, 4), (0.12, 0.380, 7.5, 4), (4.6, 1.22, 6.5, 4))
    noise = ripple(0.001, lambda point, metric: 2.3 * point * point + 12 - 2 * metric)
    shared = {"seed": 3, "max_steps": 60000, "lr": 2e-5}
    hard = shared | {"negatives": "mined", "temperature": 0.02, "teacher": "none"}
    easy = shared | {"negatives": "in-batch", "temperature": 0.05}
    taught = easy | {"teacher": "cross-encoder"}
    return [
        running("e5-base-hardneg/seed3", curve(24, mined, noise, step=1000), hard),
        finished(
            "e5-base-inbatch/seed3", curve(60, batch, noise, step=1000), easy | {"teacher": "none"}
        ),
        finished("e5-base-distill/seed3", curve(60, distilled, noise, step=1000), taught),
    ]


LEDGERS = (finetune, instruct, retrieval, sentiment, significance)
