"""The module of constants that samestep ships, written from a fit to all families."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.calibration import outlooks, projections
from tests.calibration.curves import FAMILIES, bench

from samestep.analysis.calibrated import Calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.calibration.outlooks import Case
    from tests.calibration.projections import Forecast

MODULE = Path("tools/samestep/analysis/constants.py")


def fitted(forecasts: "Sequence[Forecast]", cases: "Sequence[Case]") -> Calibration:
    """Fit all constants to all families."""
    return outlooks.calibration(cases, projections.fitted_widths(forecasts))


def module(found: Calibration, forecasts: "Sequence[Forecast]", cases: "Sequence[Case]") -> str:
    """Return the source of the module that holds a calibration."""
    quantiles = "".join(
        f'            "{kind}": {{{", ".join(f"{level}: {at}" for level, at in levels.items())}}},\n'
        for kind, levels in found.widths.quantiles.items()
    )
    chances = "".join(
        f'        "{evidence}": Chance(offset={one.offset}, steepness={one.steepness}),\n'
        for evidence, one in found.chances.items()
    )
    return f'''\
"""The constants of projections and outlooks, fitted to public learning curves.

Written by `uv run python -m tests.calibration --refit`: {len(forecasts):,} projections of
{len(bench())} curves and {len(cases):,} pairs of a student and a baseline, from {len(FAMILIES)} families that
count the same ({", ".join(FAMILIES)}).
What the constants mean is said where their types are declared; how well they do on families that
were left out of the fit is in tests/calibration/FIGURES.md.
"""

from samestep.analysis.calibrated import Calibration, Chance, Widths

CALIBRATION = Calibration(
    widths=Widths(
        weights={found.widths.weights},
        quantiles={{
{quantiles}        }},
    ),
    chances={{
{chances}    }},
)
'''
