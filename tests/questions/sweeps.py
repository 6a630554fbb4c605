"""Sweeps held in memory, for questions about many runs."""

from collections.abc import Mapping, Sequence

from samestep import MemoryRun

COMMON = {"depth": 12, "optimizer": "sgd", "epochs": 3}
GAINS = (-2.0, -1.0, 0.0)  # how far the value at each epoch lies from the last one


def sweep(
    tops: Mapping[str, Sequence[float]], beside: Mapping[str, Mapping[str, float]] | None = None
) -> list[MemoryRun]:
    """Return runs that get to a test/top1 at epoch 3: for each width, one run a seed.

    Args:
        tops: The width's name to the value of each of its seeds.
        beside: Other metrics by the width's name, the same at every epoch.
    """
    return [
        run_to(f"{name}/seed{seed}", top, {"width": name, "seed": seed}, (beside or {}).get(name))
        for name, seeds in tops.items()
        for seed, top in enumerate(seeds)
    ]


def run_to(
    name: str,
    top: float,
    config: Mapping[str, object],
    beside: Mapping[str, float] | None = None,
    epochs: int = 3,
) -> MemoryRun:
    """Return a run whose test/top1 is `top` at epoch 3, as far as it got."""
    rows = [
        {"epoch": epoch, "step": 10 * epoch, "test/top1": top + gain, **(beside or {})}
        for epoch, gain in enumerate(GAINS, start=1)
    ]
    return MemoryRun(name, rows[:epochs], {**COMMON, **config})
