"""What a writing process is told to log, and how it is run."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.readers.contract.known import KnownRun

HERE = Path(__file__).parent
SECONDS = 180  # on a machine that is busy with other things


def write_with(
    script: str,
    root: Path,
    worlds: Mapping[str, Sequence[KnownRun]],
    environment: Mapping[str, str],
) -> None:
    """Run a writer on the worlds, each in a directory of its own below the root.

    The writer's home, caches and settings are below the root too.
    """
    home = root / "home"
    home.mkdir(parents=True)
    for world in worlds:
        (root / world).mkdir()
    plan = root / "plan.json"
    plan.write_text(
        json.dumps(
            {
                str(root / world): [
                    {"name": run.name, "rows": list(run.rows), "config": dict(run.config)}
                    for run in runs
                ]
                for world, runs in worlds.items()
            }
        )
    )
    written = subprocess.run(
        [sys.executable, str(HERE / script), str(plan)],
        env={"PATH": os.environ["PATH"], "HOME": str(home), **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert written.returncode == 0, written.stderr
