"""How the tests open a server's reader."""

import math
from pathlib import Path

from samestep.model import Run, Source
from samestep.readers.mlflow.server import opened_server
from samestep.readers.mlflow.server.reader import MlflowServerReader
from samestep.settings import Project

SOON = "10"  # seconds; far more than anything here takes on a machine with nothing else to do


def reader(url: str, **environment: str) -> MlflowServerReader:
    """Return the reader of a server, with an environment of its own."""
    project = Project(Path(), environment={"SAMESTEP_DEADLINE": SOON, **environment})
    opened = opened_server(Source("mlflow", url), project)
    assert isinstance(opened, MlflowServerReader)
    return opened


def points(run: Run, metric: str) -> list[tuple[float, float, str]]:
    """Return a metric's time, step and value of each point; values as Python writes them."""
    found = run.history.metrics[metric]
    assert found.times is not None
    values = [repr(value) for value in found.values.tolist()]
    steps = [-1.0 if math.isnan(step) else step for step in found.steps.tolist()]
    return list(zip(found.times.tolist(), steps, values, strict=True))
