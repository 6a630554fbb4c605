"""What projections are calibrated on, and how well they do on families of curves left out of it.

`uv run python -m tests.calibration` measures and writes FIGURES.md; `--refit` first writes the
constants that samestep ships, tools/samestep/analysis/constants.py.
"""
