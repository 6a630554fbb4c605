"""A ledger of the test's own."""

from pathlib import Path

import pytest


@pytest.fixture
def ledger_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that answers are recorded in, not made yet."""
    file = tmp_path / "state" / "ledger.sqlite"
    monkeypatch.setenv("SAMESTEP_LEDGER", str(file))
    return file
