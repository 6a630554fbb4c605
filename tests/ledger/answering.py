"""Answers made for the ledger, and another process that records them."""

import subprocess
import sys
from pathlib import Path

from samestep.answers import Detection
from samestep.ledger import recorded

DAMAGED = b"SQLite format 3\0" + b"\xff" * 52 + b"same" + b"no database\n" * 999
"""What begins as a ledger does, and goes on as nothing does."""
PROJECT = Path("/home/somebody/resnet50")
RECORD = """
import sys
from pathlib import Path
from samestep.answers import Detection
from samestep.ledger import recorded

name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    answer_id = f"det-{name}-{number}"
    answer = Detection(answer_id=answer_id, runs=[], caveats=[], reading="x" * 5_000,
                       sources=[], chosen=None, ask="Where do the runs live?")
    recorded(answer, {"path": answer_id}, Path("/home/somebody/resnet50"))
    print(answer_id, flush=True)
"""
"""Records so many answers of a name, and prints the id of each once it is recorded."""


def detection(answer_id: str, reading: str = "No source found in '.'.") -> Detection:
    """Return an answer that reads nothing."""
    return Detection(
        answer_id=answer_id,
        runs=[],
        caveats=[],
        reading=reading,
        sources=[],
        chosen=None,
        ask="Where do the runs live?",
    )


def record(answer_id: str, path: str = ".", reading: str = "No source found in '.'.") -> Detection:
    """Record an answer to the question of a path, and return it as it is given."""
    return recorded(detection(answer_id, reading), {"path": path}, PROJECT)


def another_process(name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that records answers."""
    return subprocess.Popen(
        [sys.executable, "-c", RECORD, name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
