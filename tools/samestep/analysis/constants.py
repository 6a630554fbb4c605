"""The constants of projections and outlooks, fitted to public learning curves.

Written by `uv run python -m tests.calibration --refit`: 8,334 projections of
287 curves and 1,607 pairs of a student and a baseline, from 7 families that
count the same (nanogpt, algoperf, adabelief, pythia, dopamine, td3, tdmpc2).
What the constants mean is said where their types are declared; how well they do on families that
were left out of the fit is in tests/calibration/FIGURES.md.
"""

from samestep.analysis.calibrated import Calibration, Chance, Widths

CALIBRATION = Calibration(
    widths=Widths(
        weights=(-0.472, 0.301, 0.518, 0.72),
        quantiles={
            "supervised": {50: 0.591, 80: 1.904, 90: 3.405},
            "reward": {50: 0.703, 80: 2.186, 90: 4.195},
        },
    ),
    chances={
        "own curve": Chance(offset=0.873, steepness=2.891),
        "baseline's future": Chance(offset=0.896, steepness=2.396),
    },
)
