"""Values logged once, at the step of the checkpoint they were measured on."""

from dataclasses import replace

import numpy as np

from samestep.model import Final, Metric, Run

AFTER_THE_LOG = 2**62  # rows of no log call, so that finals are joined by step and never voided


def with_finals(run: Run) -> Run:
    """Return the run with every final value that names its step as a history of one point."""
    dated = {
        name: _one_point(name, final, AFTER_THE_LOG + number)
        for number, (name, final) in enumerate(run.finals.items())
        if final.step is not None and name not in run.history.metrics
    }
    if not dated:
        return run
    return replace(run, history=replace(run.history, metrics={**run.history.metrics, **dated}))


def _one_point(name: str, final: Final, row: int) -> Metric:
    """Return the value as a metric."""
    return Metric(
        name=name,
        steps=np.array([final.step], dtype=np.float64),
        values=np.array([final.value], dtype=np.float64),
        rows=np.array([row], dtype=np.int64),
    )
