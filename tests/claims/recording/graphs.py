"""Ledgers of networks over molecules, all of them groups of seeds that have finished."""

import math

from tests.claims.recording.curves import Noise, curve, ends, ripple, steady, total
from tests.claims.recording.world import Runs, World, seeded

from samestep.answers.answer import Answer


def molhiv() -> list[Answer]:
    """Five seeds of three networks: the first beats the second, not the third."""
    goal = "molhiv/auroc"
    plan = (
        ("egnn-vnode", 0.7921, 0.141, {"model": "egnn", "virtual_node": True, "dropout": 0.1}),
        ("egnn-plain", 0.7683, 0.152, {"model": "egnn", "virtual_node": False, "dropout": 0.3}),
        ("gps-hybrid", 0.7909, 0.137, {"model": "gps", "virtual_node": True, "dropout": 0.2}),
    )
    runs: Runs = []
    for way, area, loss, own in plan:
        tended = ends(f"{goal} val/bce", (0.52, area, 4.0), (0.61, loss, 3.5))
        shares = [math.sin(13.7 * (len(runs) + seed) ** 2) / 180 for seed in range(5)]
        rows = [curve(60, tended, steady(share), epoch=1, step=640) for share in shares]
        runs += seeded(f"{way}/seed*", {"epochs": 60, "layers": 5} | own, rows)
    world = World("molhiv", runs, goal)
    return [
        world.compared("egnn-vnode/*", "egnn-plain/*", "gps-hybrid/*"),
        world.changed("egnn-vnode/seed0", "egnn-plain/seed0"),
        world.converged("egnn-vnode/seed0", goal),
        world.tested("egnn-vnode/*", "gps-hybrid/*", goal),
    ]


def gin() -> list[Answer]:
    """Four seeds of three ways: virtual nodes win, dropout does not; one setting changed each."""
    plan = (
        ("virtual", 0.792, 0.31, {"virtual_node": True, "dropout": 0.0}),
        ("plain", 0.764, 0.36, {"virtual_node": False, "dropout": 0.0}),
        ("dropout", 0.766, 0.355, {"virtual_node": False, "dropout": 0.5}),
    )
    runs: Runs = []
    for way, score, loss, own in plan:
        tended = ends("test/f1 val/loss", (0.5, score, 4.0, 4), (0.9, loss, 4.0, 4))
        shares = [math.sin(5.3 * (len(runs) + seed + 1) ** 2) / 200 for seed in range(4)]
        rows = [curve(50, tended, steady(share), epoch=1, step=250) for share in shares]
        runs += seeded(f"gin-{way}/seed*", {"epochs": 50} | own, rows)
    world = World("gin", runs, "test/f1")
    return [
        world.compared("gin-virtual/*", "gin-plain/*"),
        world.changed("gin-virtual/seed0", "gin-plain/seed0"),
        world.converged("gin-virtual/seed0", "test/f1"),
        world.tested("gin-dropout/*", "gin-plain/*", "test/f1"),
    ]


def gat() -> list[Answer]:
    """Five seeds of three ways: residuals win, edges dropped are within noise of none dropped."""
    plan = (
        ("residual", 0.842, 0.391, {"residual": True, "dropedge": 0.0}),
        ("plain", 0.813, 0.428, {"residual": False, "dropedge": 0.0}),
        ("dropedge", 0.8145, 0.417, {"residual": False, "dropedge": 0.2}),
    )
    runs: Runs = []
    for way, area, loss, own in plan:
        tended = ends("test/roc_auc val/loss", (0.5, area, 4.0), (0.69, loss, 4.0))
        shares = [math.sin(5.1 * (len(runs) + seed) + 1) * 0.004 for seed in range(5)]
        noises = [total(steady(share), _wave(3 * seed)) for seed, share in enumerate(shares)]
        rows = [curve(40, tended, noise, epoch=1, step=55) for noise in noises]
        runs += seeded(f"gat-{way}/seed*", {"epochs": 40} | own, rows)
    world = World("gat", runs, "test/roc_auc")
    return [
        world.compared("gat-residual/*", "gat-plain/*"),
        world.compared("gat-dropedge/*", "gat-plain/*"),
        world.changed("gat-residual/seed0", "gat-plain/seed0"),
        world.converged("gat-residual/seed0", "test/roc_auc"),
    ]


def _wave(phase: float) -> Noise:
    return ripple(0.002, lambda point, _metric: 2.3 * point + phase)


LEDGERS = (gat, gin, molhiv)
