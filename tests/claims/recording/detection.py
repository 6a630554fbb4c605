"""Ledgers of detecting and tracking in images."""

from tests.claims.recording.curves import Noise, curve, dice, ends, gauss, ripple
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def detector() -> list[Answer]:
    """A detector at epoch 18 of 72 against one that has finished; three things changed."""
    metrics = "bbox/mAP50-95 bbox/mAP50 train/loss_box"
    swin = ends(metrics, (3, 46.5, 13, 2), (8, 66.0, 11, 2), (1.9, 0.38, 9, 4))
    resnet = ends(metrics, (3, 40.9, 8, 2), (8, 61.2, 7.5, 2), (1.9, 0.47, 10, 4))
    noise = gauss(dice(4), 0.05, 0.07, 0.0015)
    shared = {"seed": 1, "epochs": 72, "batch_size": 16}
    adamw = shared | {"backbone": "swin_t", "optimizer": "adamw", "lr": 1e-4}
    sgd = shared | {"backbone": "resnet50", "optimizer": "sgd", "lr": 1e-2}
    runs = [
        running("retinanet-swin_t-coco/s1", curve(18, swin, noise, epoch=1, step=1830), adamw),
        finished("retinanet-r50-coco/s1", curve(72, resnet, noise, epoch=1, step=1830), sgd),
    ]
    world = World("detector", runs, "bbox/mAP50-95")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "bbox/mAP50-95"),
        world.converged(student, "bbox/mAP50-95"),
        world.history(baseline, "epoch >= 70", "bbox/mAP50-95", "bbox/mAP50"),
    ]


def detect() -> list[Answer]:
    """Four seeds a side, finished: a moving average of the weights wins."""
    plan = (("ema", 1, 0.542, 0.618, 0.9998), ("plain", -1, 0.523, 0.597, 0.0))
    runs: Runs = []
    for way, sign, precision, loss, decay in plan:
        moves = [sign * by for by in (-0.0021, 0.0012, -0.0006, 0.0015)]
        tended = [((0.02, precision + by, 4.0), (3.1, loss + by, 5.0)) for by in moves]
        rows = [
            curve(40, ends("test/map val/box_loss", *each), _wave(seed), epoch=1, step=925)
            for seed, each in enumerate(tended)
        ]
        config = {"epochs": 40, "imgsz": 640, "lr0": 0.01, "ema_decay": decay}
        runs += seeded(f"yolo-{way}/seed*", config, rows)
    world = World("detect", runs, "test/map")
    return [
        world.compared("yolo-ema/*", "yolo-plain/*"),
        world.changed("yolo-ema/seed0", "yolo-plain/seed0"),
        world.converged("yolo-ema/seed0", "test/map"),
    ]


def _wave(phase: float) -> Noise:
    return ripple(0.001, lambda point, metric: 17.3 * (point + phase) ** 2 + metric)


def mot() -> list[Answer]:
    """A tracker at epoch 14 of 80 against one that has finished; three things changed."""
    metrics = "mot17/HOTA val/mAP50-95 val/id_loss"
    dino = ends(metrics, (11.0, 69.4, 12.0, 2), (0.02, 0.561, 9.0, 4), (5.8, 0.71, 7.0, 4))
    resnet = ends(metrics, (14.0, 63.2, 7.0, 2), (0.03, 0.502, 6.0, 4), (5.8, 0.93, 6.0, 4))
    shared = {"seed": 3, "epochs": 80}
    large = shared | {"backbone": "dinov2-b", "crop": 896, "query_dropout": 0.1}
    small = shared | {"backbone": "resnet50", "crop": 800, "query_dropout": 0.0}
    runs = [
        running("motr-dinov2-b/seed3", curve(14, dino, epoch=1), large),
        finished("motr-r50/seed3", curve(80, resnet, epoch=1), small),
    ]
    world = World("mot", runs, "mot17/HOTA", higher=("mot17/HOTA",))
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(student, "mot17/HOTA"),
        world.converged(baseline, "mot17/HOTA"),
        world.converged(baseline, "val/id_loss"),
        world.history(baseline, "epoch >= 76", "mot17/HOTA", "val/mAP50-95"),
    ]


LEDGERS = (detect, detector, mot)
