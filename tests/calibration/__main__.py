"""Measure, print and write the figures; with `--refit`, write the shipped constants first."""

import argparse
import sys
from pathlib import Path

from tests.calibration import mistakes, outlooks, projections, refit, seeds
from tests.calibration.curves import FOLDER
from tests.calibration.figures import figures, measured
from tests.calibration.page import page

from samestep.analysis.constants import CALIBRATION

FIGURES = Path(__file__).parent / "FIGURES.md"


def main() -> int:
    """Return 1 where a figure is not what it is meant to be or the shipped constants are stale."""
    asked = argparse.ArgumentParser(prog="python -m tests.calibration", description=__doc__)
    asked.add_argument("--refit", action="store_true", help=f"write {refit.MODULE}")
    wants_refit: bool = asked.parse_args().refit
    if not FOLDER.is_dir():
        sys.stderr.write(f"The public curves are not at {FOLDER}; run this from the project.\n")
        return 2
    forecasts, cases = projections.forecasts(), outlooks.cases()
    constants = refit.fitted(forecasts, cases)
    if wants_refit:
        refit.MODULE.write_text(refit.module(constants, forecasts, cases))
    elif constants != CALIBRATION:
        sys.stderr.write(f"{refit.MODULE} is not what a fit gives; run it with --refit.\n")
        return 1
    found = measured(forecasts, cases)
    of_seeds = seeds.figures()
    FIGURES.write_text(page(found) + seeds.section(of_seeds) + mistakes.section())
    sys.stdout.write(FIGURES.read_text())
    missed = [figure.name for figure in (*figures(found), *of_seeds) if not figure.holds]
    sys.stderr.write("".join(f"Not as meant: {name}\n" for name in missed))
    return 1 if missed else 0


sys.exit(main())
