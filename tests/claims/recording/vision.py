"""Ledgers of classifying and embedding images."""

from tests.claims.recording.curves import curve, ends, steady
from tests.claims.recording.world import Runs, World, finished, running

from samestep.answers.answer import Answer


def vision() -> list[Answer]:
    """A student at epoch 11 of 100 against a baseline that has finished; two things changed."""
    metrics = "knn/top1 test/top1 val/loss"
    cosine = ends(metrics, (5.0, 62.0, 9.0), (2.0, 77.0, 10.0), (6.9, 0.9, 7.5))
    step = ends(metrics, (5.0, 61.0, 8.0), (2.0, 76.3, 9.0), (6.9, 0.94, 7.9))
    shared = {"seed": 0, "epochs": 100, "lr": 0.1}
    lamb = shared | {"augmentation": "randaug", "optimizer": "lamb"}
    sgd = shared | {"augmentation": "none", "optimizer": "sgd"}
    runs = [
        running("resnet50-cosine/seed0", curve(11, cosine, epoch=1, step=1250), lamb),
        finished("resnet50-step/seed0", curve(100, step, epoch=1, step=1250), sgd),
    ]
    world = World("vision", runs, "test/top1")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "test/top1"),
        world.converged(student, "knn/top1"),
        world.history(baseline, "epoch >= 96", "test/top1", "knn/top1"),
    ]


def early() -> list[Answer]:
    """A student at epoch 3 that has not logged what the project is for."""
    proxy = {"knn/top1": (5.0, 62.0, 9.0)}
    logged = proxy | {"test/top1": (2.0, 76.3, 9.0)}
    rows = curve(100, logged, steady(0.1), epoch=1, step=1250)
    runs = [
        running("vit-b16-mae/seed0", curve(3, proxy, epoch=1, step=1250), {"epochs": 100}),
        finished("vit-b16-dino/seed0", rows, {"epochs": 100}),
    ]
    world = World("early", runs, "test/top1")
    return [world.compared(*world.names)]


def contrastive() -> list[Answer]:
    """SigLIP at epoch 14 of 60 against CLIP and SimCLR, which have finished."""
    probe, recall = "imagenet/linear_top1", "retrieval/recall@1"
    world = World("contrastive", _contrastive_runs(), probe, recall)
    siglip, clip, simclr = world.names
    return [
        world.compared(siglip, clip, simclr),
        world.changed(siglip, clip),
        world.compared(simclr, clip),
        world.changed(clip, simclr),
        world.converged(simclr, "knn/top1"),
        world.converged(siglip, probe),
        world.history(clip, "epoch >= 57", probe, "train/contrastive_loss"),
    ]


def _contrastive_runs() -> Runs:
    metrics = "imagenet/linear_top1 train/contrastive_loss knn/top1"
    recall = "retrieval/recall@1"
    sigmoid = ends(metrics, (3.0, 69.5, 12.0), (8.3, 1.1, 9.0), (2.0, 58.0, 10.0))
    softmax = ends(metrics, (3.0, 68.2, 10.0), (8.3, 1.24, 9.6), (2.0, 57.1, 10.0))
    views = ends(metrics, (3.0, 66.9, 7.0), (8.3, 1.52, 8.0), (2.0, 54.4, 6.0))
    rows = [
        curve(14, {**sigmoid, recall: (1.0, 44.0, 13.0)}, epoch=1, step=2930),
        curve(60, {**softmax, recall: (1.0, 41.6, 13.0)}, epoch=1, step=2930),
        curve(60, views, epoch=1, step=2930),
    ]
    shared = {"seed": 3, "epochs": 60, "lr": 0.0005, "batch_size": 4096}
    warm = shared | {"loss": "sigmoid", "temperature": 0.1, "text_tower": True}
    cold = shared | {"loss": "softmax", "temperature": 0.07}
    return [
        running("siglip-vitb16-cc12m/s3", rows[0], warm),
        finished("clip-vitb16-cc12m/s3", rows[1], cold | {"text_tower": True}),
        finished("simclr-vitb16-cc12m/s3", rows[2], cold | {"text_tower": False}),
    ]


LEDGERS = (contrastive, early, vision)
