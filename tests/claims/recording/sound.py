"""Ledgers of sounds other than speech recognized: tags, keywords and birds."""

import math

from tests.claims.recording.curves import curve, ends, ripple, steady
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def audio() -> list[Answer]:
    """Classifiers of sounds: four seeds of three ways, and a single run at epoch 9 of 40."""
    goal = "esc50/accuracy"
    mixed = ends(f"{goal} val/loss", (0.05, 0.925, 3.6, 4), (3.9, 0.25, 2.6, 4))
    config = {"seed": 1, "epochs": 40, "model": "ast", "augment": "mixup"}
    early = running("ast-mixup/seed1", curve(9, mixed, steady(0.0005), step=50, epoch=1), config)
    world = World("audio", [*_audio_seeds(), early], goal)
    return [
        world.compared("ast-specaug/*", "ast-plain/*"),
        world.tested("cnn14/*", "ast-plain/*", goal),
        world.compared("ast-mixup/seed1", "ast-plain/seed1"),
        world.changed("ast-specaug/seed1", "ast-plain/seed1"),
        world.changed("ast-mixup/seed1", "ast-plain/seed1"),
        world.converged("ast-specaug/seed1", goal),
        world.converged("ast-mixup/seed1", "val/loss"),
    ]


def _audio_seeds() -> Runs:
    runs: Runs = []
    plan = (
        ("ast-specaug", "ast", "specaug", 0.934, 0.24),
        ("ast-plain", "ast", "none", 0.911, 0.31),
        ("cnn14", "cnn14", "none", 0.9125, 0.33),
    )
    for way, model, augment, accuracy, loss in plan:
        tended = ends("esc50/accuracy val/loss", (0.05, accuracy, 3.0, 4), (3.9, loss, 3.0, 4))
        shares = [math.sin(5.1 * (len(runs) + seed) ** 2 + 1) / 250 for seed in range(4)]
        rows = [curve(40, tended, steady(share), step=50, epoch=1) for share in shares]
        config = {"epochs": 40, "model": model, "augment": augment}
        runs += seeded(f"{way}/seed*", config, rows, first=1)
    return runs


def keyword() -> list[Answer]:
    """Four seeds a side that spot keywords, within noise on the goal; two settings changed."""
    metrics = "gsc12/acc gsc12/frr_at_1fa val/ce"
    runs: Runs = []
    plan = (
        ("bcresnet8-specaug", 1.0, 5.0, (0.9712, 0.0361, 0.118), {"specaug": True, "width": 8}),
        ("dscnn-l", -1.2, 4.0, (0.9704, 0.0389, 0.104), {"specaug": False, "width": 276}),
    )
    for way, sign, pace, reached, own in plan:
        begun = zip((0.08, 0.9, 2.5), reached, strict=True)
        tended = ends(metrics, *((first, last, pace, 4) for first, last in begun))
        shares = [sign * share for share in (0.0021, -0.0017, -0.0009, 0.0013)]
        rows = [curve(40, tended, steady(share), epoch=1) for share in shares]
        runs += seeded(f"{way}/seed*", {"epochs": 40} | own, rows)
    accuracy, *lower = metrics.split()
    world = World("keyword", runs, accuracy, higher=(accuracy,), lower=tuple(lower))
    return [
        world.compared("bcresnet8-specaug/*", "dscnn-l/*"),
        world.tested("bcresnet8-specaug/*", "dscnn-l/*", accuracy),
        world.changed("bcresnet8-specaug/seed0", "dscnn-l/seed0"),
        world.converged("dscnn-l/seed0", accuracy),
    ]


def birds() -> list[Answer]:
    """A distilled student at epoch 18 of 60 against a finished baseline; two things changed."""
    metrics = "val/loss knn/acc test/mAP"
    distilled = ends(metrics, (5.2, 1.12, 6.0), (4.0, 71.0, 8.0), (1.0, 63.5, 11.0))
    scratch = ends(metrics, (5.2, 1.21, 6.5), (4.0, 68.5, 8.5), (1.0, 62.0, 9.0))
    early = ripple(0.002, lambda point, _metric: 2.3 * point + 1)
    late = ripple(0.002, lambda point, _metric: 2.3 * point + 2)
    shared = {"seed": 3, "epochs": 60, "batch_size": 256}
    short = shared | {"loss": "kd", "crop_seconds": 5}
    long = shared | {"loss": "bce", "crop_seconds": 10}
    runs = [
        running("perch-distill-v2/seed3", curve(18, distilled, early, epoch=1, step=840), short),
        finished("effnet-scratch-base/seed3", curve(60, scratch, late, epoch=1, step=840), long),
    ]
    world = World("birds", runs, "test/mAP")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "test/mAP"),
        world.converged(baseline, "val/loss"),
        world.converged(student, "test/mAP"),
        world.history(baseline, "epoch >= 58", "test/mAP", "val/loss", "knn/acc"),
    ]


LEDGERS = (audio, birds, keyword)
