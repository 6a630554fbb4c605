"""What Neptune's own clients left on a disk: written once, by `write_local.py`."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

PROJECT = "lab/nets"
RESNET, TWIN = "resnet50", "twin"
WIDE, BRANCHED, KILLED = "wide-resnet50-0", "wide-resnet50-0-from-2", "killed-0"
ROLLED = "01234567-89ab-cdef-0123-456789abcdef"
MOMENT = 1_700_000_000
STEADY = (4.0, 3.5, 3.0, 2.75, 2.625)
POINTS_OF_THE_KILLED, POINTS_OF_THE_ROLLED = 300, 50
SECONDS = 180  # on a machine that is busy with other things


@cache
def left(base: Path) -> Path:
    """Return a project in whose `.neptune` the runs are; it is written when first asked for."""
    directory, home = base / "left by neptune", base / "home of neptune"
    directory.mkdir()
    home.mkdir()
    written = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("write_local.py")), str(directory)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert written.returncode == 9, written.stderr  # it kills itself, as a scheduler would
    return directory
