"""Ledgers of what is told of every pixel."""

import math

from tests.claims.recording.curves import Noise, curve, ends, steady
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def terrain() -> list[Answer]:
    """Segmenters of terrain: one at epoch 24 of 80, two that have finished, seeds of two ways."""
    score = "test/boundary_f1"
    world = World("terrain", [*_terrain_singles(), *_terrain_seeds()], score)
    crane, plain, elastic = world.names[:3]
    return [
        world.compared(crane, plain, elastic),
        world.changed(crane, plain),
        world.changed(plain, elastic),
        world.compared(elastic, plain),
        world.converged(plain, "val/mIoU"),
        world.converged(crane, "val/mIoU"),
        world.converged(elastic, "val/dice_loss"),
        world.compared("segformer-b2/*", "deeplab-r50/*"),
        world.tested("segformer-b2/*", "deeplab-r50/*", score),
        world.changed("segformer-b2/s0", "deeplab-r50/s0"),
        world.history(plain, "epoch >= 76", "val/mIoU", score),
    ]


def _terrain_singles() -> Runs:
    metrics = "val/mIoU val/dice_loss test/boundary_f1"
    crane = ends(metrics, (0.03, 0.742, 14.0), (0.81, 0.171, 10.0), (0.02, 0.688, 13.0))
    plain = ends(metrics, (0.03, 0.731, 9.0), (0.81, 0.183, 8.0), (0.02, 0.671, 9.0))
    elastic = ends(metrics, (0.03, 0.709, 6.0), (0.81, 0.204, 5.5), (0.02, 0.652, 6.0))
    shared = {"seed": 3, "epochs": 80, "crop": 512, "lr": 0.0006}
    mit = shared | {"encoder": "mit-b2", "loss": "dice+focal"}
    resnet = shared | {"encoder": "resnet34", "loss": "dice"}
    return [
        running("amusing-crane-883", curve(24, crane, epoch=1, step=310), mit),
        finished("exp/2024-05/unet-r34", curve(80, plain, epoch=1, step=310), resnet),
        finished("unet_aug_v2", curve(80, elastic, epoch=1, step=310), resnet | {"elastic": True}),
    ]


def _terrain_seeds() -> Runs:
    metrics = "test/boundary_f1 val/dice_loss"
    wide = ends(metrics, (0.02, 0.774 - 0.05, 5.0), (0.81, 0.148, 5.0))
    narrow = ends(metrics, (0.02, 0.751 - 0.05, 5.0), (0.81, 0.166, 5.0))
    shares = (-0.0021, 0.0004, 0.0016, -0.0007)
    better = [curve(40, wide, steady(share), epoch=1, step=310) for share in shares]
    worse = [curve(40, narrow, steady(-share), epoch=1, step=310) for share in shares]
    shared = {"epochs": 40, "crop": 512}
    return [
        *seeded("segformer-b2/s*", shared | {"encoder": "mit-b2"}, better),
        *seeded("deeplab-r50/s*", shared | {"encoder": "r50"}, worse),
    ]


def polyp() -> list[Answer]:
    """A segmenter of polyps at epoch 18 of 60 against two that have finished."""
    world = World("polyp", _polyp_runs(), "test/dice")
    student, unet, plus = world.names
    return [
        world.compared(student, unet),
        world.compared(student, unet, at=10),
        world.compared(unet, plus),
        world.changed(student, unet),
        world.changed(unet, plus),
        world.converged(unet, "test/dice"),
        world.converged(student, "val/loss"),
        world.converged(student, "test/dice"),
        world.history(unet, "epoch >= 57", "test/dice", "val/loss"),
    ]


def _polyp_runs() -> Runs:
    metrics = "val/loss val/boundary_f1 test/dice"
    swin = ends(metrics, (1.1, 0.19, 7, 4), (0.12, 0.72, 8, 4), (0.2, 0.885, 10, 4))
    unet = ends(metrics, (1.1, 0.215, 7.6, 4), (0.12, 0.73, 8.2, 4), (0.25, 0.872, 7, 4))
    plus = ends(metrics, (1.1, 0.205, 7.7, 4), (0.12, 0.745, 8.4, 4), (0.25, 0.879, 7.2, 4))
    rows = [
        curve(points, each, _fading(phase), epoch=1, step=340)
        for phase, (points, each) in enumerate(((18, swin), (60, unet), (60, plus)))
    ]
    shared = {"seed": 3, "epochs": 60, "batch_size": 16, "image_size": 352}
    focal = {"encoder": "swin-t", "decoder": "unet", "lr": 3e-4, "loss": "dice+focal"}
    entropy = shared | {"encoder": "resnet34", "lr": 1e-3, "loss": "dice+bce"}
    return [
        running("polyp-swin-unet/seed3", rows[0], shared | focal),
        finished("polyp-unet-r34/seed3", rows[1], entropy | {"decoder": "unet"}),
        finished("polyp-unetpp-r34/seed3", rows[2], entropy | {"decoder": "unetpp"}),
    ]


def _fading(phase: float) -> Noise:
    """Return a wave that fades; that of the loss, the first metric, as if it ended at 0.25."""

    def noise(point: int, metric: int, last: float) -> float:
        angle = 2.3 * point + 1.7 * metric + phase + point * point * 0.31
        size = last if metric else 0.25
        return 0.006 * size * math.sin(angle) * math.exp(-point / 12) * 1.2

    return noise


def landcover() -> list[Answer]:
    """A student at epoch 24 of 80 against a finished baseline; two settings changed."""
    metrics = "val/loss linear/acc test/miou"
    swin = ends(metrics, (3.1, 0.62, 8.0, 4), (11.0, 74.0, 10.0, 4), (3.0, 71.0, 16.0, 4))
    resnet = ends(metrics, (3.1, 0.71, 9.0, 4), (11.0, 72.0, 11.0, 4), (3.0, 68.5, 9.0, 4))
    shared = {"seed": 3, "epochs": 80, "batch_size": 64}
    dice = shared | {"encoder": "swin", "criterion": "dice"}
    entropy = shared | {"encoder": "r101", "criterion": "ce"}
    runs = [
        running("swin-unet-dice/seed3", curve(24, swin, epoch=1, step=500), dice),
        finished("deeplab-r101-ce/seed3", curve(80, resnet, epoch=1, step=500), entropy),
    ]
    world = World("landcover", runs, "test/miou")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "test/miou"),
        world.converged(student, "linear/acc"),
        world.history(baseline, "epoch == 80", "test/miou", "val/loss"),
    ]


def flow() -> list[Answer]:
    """Optical flow at step 36000 of 120000 against a finished run; three settings changed."""
    metrics = "sintel_final/epe kitti/fl_all train/seq_loss"
    new = ends(metrics, (14.0, 2.41, 22 / 3, 3), (48.0, 4.6, 8.0, 2), (9.0, 0.71, 26 / 3, 4))
    old = ends(metrics, (14.0, 2.71, 6.0, 3), (48.0, 5.1, 7.0, 2), (9.0, 0.83, 8.0, 4))
    shared = {"seed": 1234, "num_steps": 120000, "batch_size": 6}
    fine = shared | {"iters": 24, "crop": "400x720", "lr": 0.0002}
    coarse = shared | {"iters": 12, "crop": "368x496", "lr": 0.0004}
    runs = [
        running("gmflow-refine6_chairs2things", curve(24, new, step=1500), fine),
        finished("raft-things_iters12", curve(80, old, step=1500), coarse),
    ]
    error = "sintel_final/epe"
    world = World("flow", runs, error, lower=(error, "kitti/fl_all"))
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, error),
        world.converged(student, "kitti/fl_all"),
        world.history(baseline, "step >= 115500", error),
    ]


LEDGERS = (flow, landcover, polyp, terrain)
