"""Ledgers of tables and series, and of classifiers whose one setting is tried."""

import math

from tests.claims.recording.curves import curve, ends, ripple, steady
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def seeds() -> list[Answer]:
    """Five seeds a side, finished and significantly apart; one thing changed."""
    runs: Runs = []
    for way, width, reached in (("wide", 128, 0.912), ("narrow", 64, 0.887)):
        tended = ends("test/accuracy val/loss", (0.1, reached, 1.0), (2.3, 0.42 - width / 1e3, 1.0))
        shares = [(seed - 2) * 0.001 for seed in range(5)]
        rows = [curve(20, tended, steady(share), epoch=1, step=100) for share in shares]
        runs += seeded(f"{way}/seed*", {"epochs": 20, "width": width}, rows)
    world = World("seeds", runs, "test/accuracy")
    return [
        world.compared("wide/*", "narrow/*"),
        world.changed("wide/seed0", "narrow/seed0"),
        world.converged("wide/seed0", "test/accuracy"),
    ]


def sweep() -> list[Answer]:
    """Finished single runs under names that people and trackers give; one logs percent."""
    plan = {
        "exp_042": (0.831, 0.35, 1.0),
        "exp_041": (0.824, 0.37, 1.0),
        "glowing-sun-12 (k2j9x4ab)": (0.853, 0.36, 1.0),
        "baseline-adam-lr1e-3": (0.842, 0.33, 100.0),
    }
    metrics = "eval/accuracy eval/f1 train/loss"
    runs: Runs = []
    for name, (accuracy, loss, scale) in plan.items():
        judged = (0.1 * scale, accuracy * scale, 2.0), (0.05, accuracy - 0.03, 2.0)
        rows = curve(30, ends(metrics, *judged, (2.3, loss, 2.0)), epoch=1, step=50)
        config = {"epochs": 30, "lr": 0.001, "tuned": name == "exp_042"}
        runs.append(finished(name, rows, config))
    world = World("sweep", runs, "eval/accuracy")
    return [
        world.compared(*world.names),
        world.listed(),
        world.history("exp_042", "epoch == 10", "eval/accuracy"),
    ]


def ranking() -> list[Answer]:
    """Three learning rates of three seeds each: the first cannot be told from the second."""
    runs: Runs = []
    for way, reached in (("lr3e-4", 0.861), ("lr1e-3", 0.874), ("lr3e-3", 0.842)):
        tended = ends("test/accuracy val/loss", (0.1, reached, 1.0), (2.3, 1.0 - reached, 1.0))
        shares = [math.sin(13.7 * (len(runs) + seed) ** 2) / 150 for seed in range(3)]
        rows = [curve(20, tended, steady(share), epoch=1, step=100) for share in shares]
        runs += seeded(f"{way}/seed*", {"epochs": 20, "way": way}, rows)
    world = World("ranking", runs, "test/accuracy")
    ways = ("lr3e-4/*", "lr1e-3/*", "lr3e-3/*")
    return [
        world.ranked("test/accuracy", *ways),
        world.ranked("test/accuracy", *ways[1:]),
    ]


def forecast() -> list[Answer]:
    """A student at step 6000 of 40000 against a finished baseline; one thing changed."""
    metrics = "test/mase val/quantile_loss val/smape"
    wide = ends(metrics, (1.62, 0.781, 9.0), (0.94, 0.302, 8.0), (31.0, 11.4, 7.5))
    narrow = ends(metrics, (1.62, 0.823, 7.0), (0.94, 0.331, 8.8), (31.0, 12.2, 7.0))
    noise = ripple(0.002, lambda point, _metric: 5.3 * point * point)
    rows = [curve(12, wide, noise, step=500), curve(80, narrow, noise, step=500)]
    shared = {"seed": 11, "max_steps": 40000, "lr": 5e-4, "horizon": 96}
    runs = [
        running("nhits-lookback336/run1", rows[0], shared | {"lookback": 336}),
        finished("nhits-lookback96/run1", rows[1], shared | {"lookback": 96}),
    ]
    world = World("forecast", runs, "test/mase")
    student, baseline = world.names
    return [
        world.compared(student, baseline),
        world.changed(student, baseline),
        world.converged(baseline, "test/mase"),
        world.converged(student, "val/smape"),
        world.history(baseline, "step >= 38500", "test/mase", "val/smape"),
    ]


LEDGERS = (forecast, ranking, seeds, sweep)
