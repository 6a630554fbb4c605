"""Ledgers of generating and rendering images."""

import math

from tests.claims.recording.curves import curve, ends, offset, steady
from tests.claims.recording.world import Runs, World, seeded

from samestep.answers.answer import Answer


def fid() -> list[Answer]:
    """Five seeds a side by FID, lower is better; predicting v wins; one change."""
    metrics = "fid50k inception_score val/mse"
    runs: Runs = []
    plan = (("vpred", "v", 6.84, 0.0412), ("eps", "epsilon", 8.31, 0.0398))
    for way, predicted, reached, error in plan:
        tended = ends(
            metrics, (212.0, reached, 2.4, 3), (2.0, 71.0 - reached, 2.4, 2), (0.31, error, 2.0, 5)
        )
        moves = [math.sin(7.3 * (len(runs) + seed + 1) ** 2) for seed in range(5)]
        noises = [offset(0.21 * move, 0.6 * move, 0.0004 * move) for move in moves]
        rows = [curve(24, tended, noise, step=5000) for noise in noises]
        config = {"max_steps": 120_000, "prediction_type": predicted, "lr": 1e-4}
        runs += seeded(f"dit-s2-{way}/seed*", config, rows)
    world = World("fid", runs, "fid50k", lower=("fid50k",))
    return [
        world.compared("dit-s2-vpred/*", "dit-s2-eps/*"),
        world.changed("dit-s2-vpred/seed0", "dit-s2-eps/seed0"),
        world.converged("dit-s2-vpred/seed0", "fid50k"),
        world.history("dit-s2-eps/seed0", "step >= 105000", "fid50k", "val/mse"),
    ]


def render() -> list[Answer]:
    """Five seeds a side, finished: a grid of hashes wins on PSNR; one setting changed."""
    metrics = "test/psnr test/lpips train/mse"
    hashed = ends(metrics, (11.0, 32.84, 2.5, 3), (0.7, 0.081, 2.6, 4), (0.08, 0.00058, 2.4, 5))
    waves = ends(metrics, (11.0, 31.07, 3.5, 3), (0.7, 0.094, 3.6, 4), (0.08, 0.00079, 3.3, 5))
    noises = [steady(share) for share in (0.0011, -0.0024, 0.0003, 0.0019, -0.0009)]
    shared = {"max_steps": 30000, "scene": "lego"}
    sharp = [curve(30, hashed, noise, step=1000) for noise in noises]
    smooth = [curve(30, waves, noise, step=1000) for noise in noises]
    runs = [
        *seeded("hashgrid-L16/s*", shared | {"encoding": "hashgrid"}, sharp),
        *seeded("freq-pe10/s*", shared | {"encoding": "frequency"}, smooth),
    ]
    ratio, *errors = metrics.split()
    world = World("render", runs, ratio, higher=(ratio,), lower=tuple(errors))
    return [
        world.compared("hashgrid-L16/*", "freq-pe10/*"),
        world.changed("hashgrid-L16/s0", "freq-pe10/s0"),
        world.converged("hashgrid-L16/s0", "test/psnr"),
    ]


LEDGERS = (fid, render)
