"""Ledgers of language models and translators that are trained from scratch."""

from tests.claims.recording.curves import curve, dice, ends, gauss
from tests.claims.recording.world import World, finished, running

from samestep.answers.answer import Answer
from samestep.answers.comparison import CatchUp


def language() -> list[Answer]:
    """Three single runs that log losses only, by step; the first is halfway."""
    plan = (("muon", 50, 3.28, 9.0), ("adamw", 100, 3.31, 11.0), ("soap", 100, 3.27, 8.0))
    runs = [
        (finished if points == 100 else running)(
            f"gpt2-{optimizer}/seed1",
            curve(
                points,
                {"val/loss": (9.0, last, pace), "train/loss": (9.0, last - 0.1, pace)},
                step=100,
            ),
            {"seed": 1, "max_steps": 10_000, "optimizer": optimizer},
        )
        for optimizer, points, last, pace in plan
    ]
    world = World("language", runs)
    compared = world.compared(*world.names)
    return [
        compared.model_copy(update={"catch_up": [LOSS_ON_TRACK]}),
        world.changed(*world.names),
        world.converged(world.names[0], "val/loss"),
    ]


LOSS_ON_TRACK = CatchUp(
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


def translation() -> list[Answer]:
    """Two single runs under names with dates and settings, whose metrics are written as one word."""
    small = ends("eval_bleu eval_loss", (1.0, 27.4, 9.0), (7.0, 2.31, 9.0))
    large = ends("eval_bleu eval_loss", (1.0, 26.1, 8.0), (7.0, 2.38, 8.0))
    shared = {"seed": 7, "max_steps": 20_000}
    marian = shared | {"model": "ma", "lr": 1e-4 * 30}
    runs = [
        running("marian-base_2024-05-01_run3", curve(30, small, step=200), marian),
        finished(
            "t5.small.lr1e-4",
            curve(100, large, step=200),
            shared | {"model": "t5", "lr": 1e-4 * 100},
        ),
    ]
    world = World("translation", runs, "eval_bleu")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(student, "eval_loss"),
        world.converged(baseline, "eval_bleu"),
    ]


def comet() -> list[Answer]:
    """A translator at 2.4 of 10 billion tokens against a finished one; one change."""
    metrics = "wmt22/comet wmt22/chrf dev/nll"
    clean = ends(metrics, (0.41, 0.853, 4.5, 4), (18.0, 60.4, 5.0, 2), (6.2, 1.49, 5.5, 4))
    raw = ends(metrics, (0.41, 0.846, 4.0, 4), (18.0, 59.7, 4.25, 2), (6.2, 1.53, 5.0, 4))
    rows = [curve(12, clean, tokens=200_000_000), curve(50, raw, tokens=200_000_000)]
    shared = {"seed": 11, "max_tokens": 10_000_000_000}
    runs = [
        running("nllb600m-ende-dedup", rows[0], shared | {"dedup": True}),
        finished("nllb600m-ende-raw", rows[1], shared | {"dedup": False}),
    ]
    *higher, loss = metrics.split()
    world = World("comet", runs, higher[0], x="tokens", higher=tuple(higher), lower=(loss,))
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(student, loss),
        world.converged(baseline, higher[0]),
    ]


def pretrain() -> list[Answer]:
    """A state-space model at 3 of 12 billion tokens against a transformer; one change."""
    metrics = "hellaswag/acc_norm val/perplexity train/loss"
    mamba = ends(metrics, (25, 47.2, 16, 2), (90, 13.1, 6.5, 3), (9.5, 2.58, 6, 4))
    llama = ends(metrics, (25, 45.6, 18, 2), (90, 12.8, 6, 3), (9.5, 2.55, 5.5, 4))
    noise = gauss(dice(7), 0.02, 0.01, 0.0015)
    rows = [curve(30, mamba, noise, tokens=10**8), curve(120, llama, noise, tokens=10**8)]
    shared = {"seed": 1234, "max_tokens": 12_000_000_000, "lr": 3e-4}
    runs = [
        running("mamba2-370m@fineweb", rows[0], shared | {"mixer": "mamba2"}),
        finished("llama-370m@fineweb", rows[1], shared | {"mixer": "attention"}),
    ]
    world = World("pretrain", runs, "hellaswag/acc_norm", x="tokens")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(student, "val/perplexity"),
        world.converged(baseline, "hellaswag/acc_norm"),
    ]


def moe() -> list[Answer]:
    """A mixture of experts at 44 of 120 billion tokens against a finished dense model."""
    metrics = "val/loss train/loss hellaswag/acc_norm mmlu/acc"
    losses = (9.8, 2.31, 6.0, 4), (9.9, 2.24, 6.0, 4)
    sparse = ends(metrics, *losses, (25.1, 61.0, 14.0, 4), (24.9, 47.0, 19.0, 4))
    losses = (9.8, 2.42, 6.3, 4), (9.9, 2.37, 6.3, 4)
    dense = ends(metrics, *losses, (25.1, 57.5, 11.0, 4), (24.9, 44.6, 13.0, 4))
    each = 2 * 10**9
    rows = [curve(22, sparse, step=500, tokens=each), curve(60, dense, step=500, tokens=each)]
    shared = {"seed": 11, "max_tokens": 120_000_000_000, "tokenizer": "bpe-50k", "z_loss": 1e-4}
    fast = shared | {"lr": 6e-4, "ffn": "moe", "data_mix": "v3"}
    slow = shared | {"lr": 3e-4, "ffn": "dense", "data_mix": "v2"}
    runs = [
        running("olmix-moe-8x1b/s11", rows[0], fast),
        finished("olmix-dense-3b/s11", rows[1], slow),
    ]
    world = World("moe", runs, "mmlu/acc", x="tokens")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "val/loss"),
        world.converged(student, "mmlu/acc"),
        world.history(baseline, "step >= 28000", "mmlu/acc", "val/loss"),
    ]


LEDGERS = (comet, language, moe, pretrain, translation)
