"""Lets tests import what several of them share, as `tests.readers...`."""

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.append(ROOT)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the contract's tests."""
    config.addinivalue_line("markers", "shows(ability): what a store may declare that it lacks")
