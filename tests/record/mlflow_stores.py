"""Stores that the real MLflow client wrote, made once for all tests of a session."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("mlflow_runs.py")


def recorded(factory: pytest.TempPathFactory) -> Path:
    """Return the directory that mlflow_runs.py filled; importing mlflow takes seconds."""
    directory = factory.getbasetemp() / "mlflow_runs"
    if not directory.exists():
        unfinished = factory.mktemp("mlflow_runs")
        ran = subprocess.run(
            [sys.executable, SCRIPT, unfinished], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        unfinished.rename(directory)
    return directory
