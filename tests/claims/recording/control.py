"""Ledgers of agents that act: in simulators, with robots and at games."""

import math

from tests.claims.recording.curves import Ends, Noise, Rows, curve, dice, ends, gauss, offset
from tests.claims.recording.world import Runs, World, finished, running, seeded

from samestep.answers.answer import Answer


def panda() -> list[Answer]:
    """Agents that push: one at step 380000 of 1000000, three that have finished, three groups."""
    goal = "eval/success_rate"
    world = World("panda", [*_panda_singles(), *_panda_seeds()], goal)
    river, plain, entropy, fog = world.names[:4]
    return [
        world.compared(river, plain, fog),
        world.changed(river, plain),
        world.compared(entropy, plain),
        world.changed(entropy, plain),
        world.compared("td3-her-s*", "td3-uniform-s*"),
        world.tested("td3-per-s*", "td3-uniform-s*", goal),
        world.changed("td3-her-s0", "td3-uniform-s0"),
        world.converged(entropy, goal),
        world.converged(river, "rollout/return"),
        world.converged("td3-her-s0", goal),
        world.history(river, "step >= 300000", goal, "eval/return"),
    ]


PANDA = {"env": "PandaPush-v3", "total_steps": 1000000, "gamma": 0.98}


def _panda_singles() -> Runs:
    river = _panda_ends(10.25, 0.935, 222, 186, 0.118)
    plain = _panda_ends(6, 0.835, 188, 164, 0.161)
    entropy = _panda_ends(4, 0.862, 193, 160, 0.172)
    fog = _panda_ends(5.6, 0.79, 171, 150, 0.149)
    rows = [
        curve(19, river, _panda_noise(1, 0.5), step=20000),
        curve(50, plain, _panda_noise(2, 0.02), step=20000),
        curve(50, entropy, _panda_noise(3, 0.05), step=20000),
        curve(40, fog, _panda_noise(4, 0.5), step=25000),
    ]
    shared = PANDA | {"seed": 3}
    large = shared | {"algo": "sac", "hidden": 512, "lr": 7.3e-4}
    ppo = shared | {"algo": "ppo", "hidden": 256, "lr": 3e-4}
    return [
        running("serene-river-41", rows[0], large),
        finished("ppo-lr3e-4-s1", rows[1], ppo),
        finished("ppo-lr3e-4-s1-ent0.01", rows[2], ppo | {"ent_coef": 0.01}),
        finished("dauntless-fog-57", rows[3], ppo | {"algo": "a2c", "lr": 7e-4}),
    ]


def _panda_seeds() -> Runs:
    plan = (
        ("her", 0.931, 221, 190, 0.102),
        ("uniform", 0.884, 207, 186, 0.094),
        ("per", 0.889, 209, 184, 0.109),
    )
    runs: Runs = []
    for replay, *reached in plan:
        rows: list[Rows] = []
        for number in range(4 + len(runs), 8 + len(runs)):
            by = 1 + math.sin(7.3 * (number + 1) ** 2) * 0.006
            tended = _panda_ends(5.2, *reached, by=by)
            rows.append(curve(40, tended, _panda_noise(10 + number, 0.5), step=25000))
        runs += seeded(f"td3-{replay}-s*", PANDA | {"algo": "td3", "replay": replay}, rows)
    return runs


def _panda_noise(seed: int, size: float) -> Noise:
    return gauss(dice(seed), *(size * each for each in (0.0012, 1.0, 0.6, 0.001)))


def _panda_ends(pace: float, *reached: float, by: float = 1.0) -> Ends:
    success, judged, rolled, loss = (by * each for each in reached)
    return {
        "eval/success_rate": (0.02 * by, success, pace, 4),
        "eval/return": (-60.0 * by, judged, pace, 1),
        "rollout/return": (-75.0 * by, rolled, pace * 1.1, 1),
        "losses/value_loss": (1.9 * by, loss, pace * 0.8, 4),
    }


def reacher() -> list[Answer]:
    """Returns below zero: one run at step 240000 of 800000, three that ended, seeds of two ways."""
    goal = "eval/mean_return"
    world = World("reacher", [*_reacher_singles(), *_reacher_seeds()], goal)
    river, fog, plain, sampled = world.names[:4]
    return [
        world.compared(river, fog, plain),
        world.changed(river, fog),
        world.changed(river, plain),
        world.converged(fog, goal),
        world.converged(river, goal),
        world.history(plain, "step >= 780000", goal, "rollout/ep_return"),
        world.compared(river, sampled),
        world.compared("td3_per/*", "td3_uniform/*"),
        world.changed("td3_per/s0", "td3_uniform/s0"),
        world.converged("td3_per/s0", goal),
    ]


def _reacher_singles() -> Runs:
    metrics = "eval/mean_return rollout/ep_return train/critic_loss"
    river = ends(metrics, (-1380.0, -148.0, 10.0, 3), (-1420.0, -171.0, 12.0, 3), (9.0, 0.62, 8.0))
    fog = ends(metrics, (-1380.0, -163.0, 9.0, 3), (-1420.0, -190.0, 9.5, 3), (9.0, 0.71, 9.0))
    plain = ends(
        metrics, (-1395.0, -214.0, 14.0, 3), (-1440.0, -236.0, 19.0, 3), (11.0, 1.35, 14.0)
    )
    sampled = {"eval/mean_return": (-1380.0, -155.0, 4.0, 3)}
    shared = {"seed": 1, "env": "Pendulum-v1", "total_steps": 800000}
    sac = shared | {"algo": "sac", "tau": 0.005, "net_arch": "256x256", "buffer": 300000}
    ppo = shared | {"algo": "ppo", "tau": 0.0, "net_arch": "64x64", "buffer": 2048}
    sde = sac | {"total_steps": 500000, "use_sde": True}
    return [
        running("serene-river-41", curve(24, river, step=10000), sac | {"tau": 0.01}),
        finished("dulcet-fog-17", curve(80, fog, step=10000), sac),
        finished("ppo-lr3e-4-s1", curve(80, plain, step=10000), ppo),
        finished("sac_gsde_2024-03-18_1102", curve(20, sampled, step=25000), sde),
    ]


def _reacher_seeds() -> Runs:
    runs: Runs = []
    plan = (("per", "prioritized", -139.0, 0.48), ("uniform", "uniform", -166.0, 0.5))
    for way, replay, reached, loss in plan:
        rows = [
            curve(
                50,
                {
                    "eval/mean_return": (-1390.0, reached + (seed - 1.5) * 2.2, 7.0, 3),
                    "train/critic_loss": (8.0, loss + seed / 1000, 6.0),
                },
                step=10000,
            )
            for seed in range(4)
        ]
        config = {"env": "Pendulum-v1", "total_steps": 500000, "algo": "td3", "replay": replay}
        runs += seeded(f"td3_{way}/s*", config, rows)
    return runs


def hexgame() -> list[Answer]:
    """Players of hex rated in an arena: one at step 24000 of 60000, two that finished, groups."""
    world = World("hexgame", [*_hexgame_singles(), *_hexgame_seeds()], "arena/elo")
    knight, plain, lite = world.names[:3]
    return [
        world.compared(knight, plain, lite),
        world.changed(knight, plain),
        world.changed(plain, lite),
        world.converged(plain, "arena/elo"),
        world.converged(knight, "arena/elo"),
        world.converged(plain, "probe/tactics_acc"),
        world.compared("gumbel-n50/*", "puct-n50/*"),
        world.changed("gumbel-n50/s0", "puct-n50/s0"),
        world.compared("puct-n50-fp16/*", "puct-n50/*"),
    ]


def _hexgame_singles() -> Runs:
    metrics = "arena/elo train/policy_loss probe/tactics_acc"
    knight = ends(metrics, (410.0, 1742.0, 9.0, 1), (4.2, 1.62, 8.0, 4), (0.18, 0.81, 10.0, 4))
    plain = ends(metrics, (395.0, 1655.0, 7.0, 1), (4.2, 1.70, 6.0, 4), (0.17, 0.775, 7.0, 4))
    lite = ends(metrics, (402.0, 1610.0, 9.5, 1), (4.2, 1.66, 6.5, 4), (0.17, 0.742, 8.0, 4))
    shared = {"seed": 3, "max_steps": 60_000, "blocks": 10, "lr": 0.01}
    large = shared | {"blocks": 15, "lr": 0.02, "buffer": 500_000}
    return [
        running("wandering-knight-88", curve(24, knight, step=1000), large),
        finished("hex11_resnet10b_v3", curve(60, plain, step=1000), shared | {"buffer": 250_000}),
        finished("muzero_lite-t0.5", curve(60, lite, step=1000), shared | {"buffer": 100_000}),
    ]


def _hexgame_seeds() -> Runs:
    runs: Runs = []
    plan = (
        ("gumbel-n50", 1684.0, 1.71),
        ("puct-n50", 1597.0, 1.74),
        ("puct-n50-fp16", 1599.0, 1.745),
    )
    for way, rating, loss in plan:
        tended = ends("arena/elo train/policy_loss", (400.0, rating, 8.0, 1), (4.1, loss, 7.0, 4))
        moves = [math.sin(7.3 * (len(runs) + seed + 1) ** 2) for seed in range(4)]
        rows = [curve(60, tended, offset(9.0 * move, 0.01 * move), step=1000) for move in moves]
        config = {"max_steps": 60_000, "search": way.partition("-")[0], "sims": 50}
        runs += seeded(f"{way}/s*", config | {"amp": "fp16" in way}, rows)
    return runs


def grasp() -> list[Answer]:
    """Four seeds a side, finished: one fusion of the senses wins; one change."""
    goal = "eval/success_rate"
    runs: Runs = []
    for fusion, reached, loss in (("film", 0.843, 0.118), ("concat", 0.796, 0.131)):
        moves = [math.sin(5.3 * (len(runs) + seed) ** 2 + 1) / 120 for seed in range(4)]
        sides = [
            ((0.02, reached * (1 + by), 3.0, 4), (0.9, loss * (1 - by), 2.5, 4)) for by in moves
        ]
        rows = [curve(40, ends(f"{goal} val/bc_loss", *each), epoch=1, step=250) for each in sides]
        runs += seeded(f"{fusion}-policy/seed*", {"epochs": 40, "fusion": fusion}, rows)
    world = World("grasp", runs, goal)
    return [
        world.compared("film-policy/*", "concat-policy/*"),
        world.tested("film-policy/*", "concat-policy/*", goal),
        world.changed("film-policy/seed0", "concat-policy/seed0"),
        world.converged("film-policy/seed0", goal),
    ]


LEDGERS = (grasp, hexgame, panda, reacher)
