"""Ledgers of recognizing speech."""

import math

from tests.claims.recording.curves import Rows, curve, dice, ends, gauss, offset, ripple
from tests.claims.recording.world import Runs, World, by_hand, finished, running, seeded

from samestep.answers.answer import Answer
from samestep.answers.comparison import CatchUp


def specaugment() -> list[Answer]:
    """Five seeds of three ways by WER: masking wins, more mel bands are within noise."""
    drawn = dice(11)
    noise = gauss(drawn, 0.004, 0.0002)
    runs: Runs = []
    for way, wrong, loss, masks, mels, known in (
        ("specaug", 7.84, 0.262, 10, 80, None),
        ("plain", 8.61, 0.247, 0, 80, None),
        ("mel128", 8.60, 0.245, 0, 128, (0.05, -0.11, 0.02, -0.06, 0.12)),
    ):
        rows: list[Rows] = []
        for seed in range(5):
            by = known[seed] if known else drawn.gauss(0, 0.06)
            ended = (98, wrong + by, 3, 3), (5.2, loss + by / 50, 2.6, 4)
            rows.append(curve(40, ends("test/wer dev/ctc_loss", *ended), noise, step=1000))
        config = {"max_steps": 40000, "time_masks": masks, "n_mels": mels}
        runs += seeded(f"conformer-{way}/run*", config, rows)
    world = World("specaugment", runs, "test/wer")
    return [
        world.compared("conformer-specaug/*", "conformer-plain/*"),
        world.changed("conformer-specaug/run0", "conformer-plain/run0"),
        world.tested("conformer-mel128/*", "conformer-plain/*", "test/wer"),
        world.converged("conformer-specaug/run0", "test/wer"),
        world.history("conformer-plain/run0", "step >= 38000", "test/wer", "dev/ctc_loss"),
    ]


def asr() -> list[Answer]:
    """A distilled recognizer at epoch 24 of 120 against one trained from scratch."""
    world = World("asr", _asr_runs(), "test/wer")
    student, baseline = world.names
    return [
        by_hand(world.compared(student, baseline), CER_ON_TRACK),
        world.changed(student, baseline),
        world.converged(baseline, "test/wer"),
        world.converged(student, "dev/cer"),
        world.history(baseline, "epoch >= 116", "test/wer", "dev/loss"),
    ]


CER_ON_TRACK = CatchUp(
    metric="dev/cer",
    baseline="conformer-m-scratch/seed3",
    outlook="on_track",
    at=60,
    interval=(45, 90),
    method="recorded by hand",
    why="probability 0.71 by 120, at least 0.6",
    points=(24, 120),
    probability=0.71,
    until=120,
    behind_then=(-0.010, 0.004),
)


def _asr_runs() -> Runs:
    metrics = "dev/loss dev/cer test/wer"
    small = ends(metrics, (2.1, 0.31, 6.0), (0.70, 0.028, 7.4), (0.95, 0.083, 6.8))
    medium = ends(metrics, (2.1, 0.335, 6.9), (0.70, 0.034, 6.6), (0.95, 0.079, 6.2))
    early = ripple(0.004, lambda point, metric: 17.3 * (point + 1) ** 2 + metric)
    late = ripple(0.004, lambda point, metric: 17.3 * (point + 5) ** 2 + metric)
    shared = {"seed": 3, "epochs": 120, "batch_size": 256, "lr": 0.0015}
    distilled = shared | {"teacher": "whisper-large", "dropout": 0.1, "specaugment": "ld"}
    scratch = shared | {"teacher": "none", "dropout": 0.15, "specaugment": "lb"}
    return [
        running("conformer-s-distill/seed3", curve(24, small, early, epoch=1, step=480), distilled),
        finished("conformer-m-scratch/seed3", curve(120, medium, late, epoch=1, step=480), scratch),
    ]


def rope() -> list[Answer]:
    """A conformer at step 18000 of 60000 against two that have finished."""
    world = World("rope", _rope_runs(), "dev/wer")
    student, relative, plain = world.names
    return [
        by_hand(world.compared(student, relative, plain), LOSS_ON_TRACK),
        world.changed(student, relative),
        world.changed(student, plain),
        world.converged(student, "dev/loss"),
        world.converged(student, "dev/wer"),
        world.converged(relative, "dev/wer"),
        world.history(relative, "step >= 57000", "dev/wer", "dev/loss"),
    ]


LOSS_ON_TRACK = CatchUp(
    metric="train/loss",
    baseline="conformer-relpos/seed3",
    outlook="on_track",
    at=26_000,
    interval=(21_000, 33_000),
    method="recorded by hand",
    why="probability 0.74 by 36000, at least 0.6",
    points=(18, 60),
    probability=0.74,
    until=36_000,
    behind_then=(-0.0846416, 0.0121),
    naive_not_used=26183.1,
)


def _rope_runs() -> Runs:
    metrics = "dev/wer dev/loss train/loss"
    twice = ends(metrics, (98.0, 7.1, 5.2, 4), (6.4, 0.61, 5.0, 4), (6.6, 0.38, 5.4, 4))
    relative = ends(metrics, (98.0, 7.9, 4.6, 4), (6.4, 0.66, 5.6, 4), (6.6, 0.36, 5.0, 4))
    once = ends(metrics, (98.0, 7.5, 5.6, 4), (6.4, 0.64, 5.3, 4), (6.6, 0.35, 5.2, 4))
    plan = {"seed": 3, "max_steps": 60_000, "vocab": 1024}
    adamw = plan | {"posenc": "rope", "specaug": 1, "optimizer": "adamw", "warmup": 4000}
    long = adamw | {"posenc": "relpos", "warmup": 8000}
    return [
        running(
            "conformer-rope-specaug2/seed3", curve(18, twice, step=1000), adamw | {"specaug": 2}
        ),
        finished("conformer-relpos/seed3", curve(60, relative, step=1000), long),
        finished("conformer-rope-specaug1/seed3", curve(60, once, step=1000), adamw),
    ]


def masking() -> list[Answer]:
    """Five seeds of three ways: masking time wins on WER over no masks; one setting changed."""
    plan = (
        ("timemask", "time", 6.42, 0.612, 0.0),
        ("nomask", "none", 7.15, 0.655, 0.4),
        ("freqmask", "frequency", 7.12, 0.640, 0.9),
    )
    runs: Runs = []
    for way, mask, wrong, loss, phase in plan:
        tended = ends("test/wer dev/loss", (78.0, wrong, 3.0, 3), (4.1, loss, 2.6, 4))
        moves = [0.06 * math.sin(2.3 * seed + phase) for seed in range(5)]
        rows = [curve(40, tended, offset(move, move / 10), epoch=1, step=840) for move in moves]
        config = {"epochs": 40, "mask": mask, "layers": 12}
        runs += seeded(f"conformer-{way}/seed*", config, rows)
    world = World("masking", runs, "test/wer")
    return [
        world.compared("conformer-timemask/*", "conformer-nomask/*"),
        world.compared("conformer-freqmask/*", "conformer-nomask/*"),
        world.changed("conformer-timemask/seed0", "conformer-nomask/seed0"),
        world.converged("conformer-timemask/seed0", "test/wer"),
    ]


def rotary() -> list[Answer]:
    """A student at epoch 18 of 60 against a finished baseline; two things changed."""
    metrics = "val/loss probe/phone_acc test/word_acc"
    rotated = ends(metrics, (5.2, 0.61, 6.0, 4), (12.0, 78.0, 6.0, 4), (3.0, 91.4, 8.0, 4))
    relative = ends(metrics, (5.2, 0.66, 6.4, 4), (12.0, 76.5, 6.5, 4), (3.0, 90.8, 6.5, 4))
    shared = {"seed": 3, "epochs": 60, "batch_size": 64}
    fast = shared | {"positions": "rotary", "lr": 0.002}
    slow = shared | {"positions": "relative", "lr": 0.001}
    runs = [
        running("conformer-rotary/seed3", curve(18, rotated, epoch=1, step=800), fast),
        finished("conformer-relpos/seed3", curve(60, relative, epoch=1, step=800), slow),
    ]
    world = World("rotary", runs, "test/word_acc")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "test/word_acc"),
        world.converged(student, "val/loss"),
        world.history(baseline, "epoch >= 58", "test/word_acc", "probe/phone_acc", "val/loss"),
    ]


LEDGERS = (asr, masking, rope, rotary, specaugment)
