"""What becomes of output that nobody reads, or that has no room."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from samestep import Project, compare_same_epoch

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with more runs than a pipe holds the listing of."""
    for number in range(40):
        run = tmp_path / f"results/{'resnet50-' * 20}seed{number}"
        run.mkdir(parents=True)
        (run / "metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    return tmp_path


def started(stdout: int, *words: str) -> tuple[int, str]:
    """Return the status of a command and what it says on standard error."""
    ran = subprocess.run(
        [sys.executable, "-m", "samestep_server", *words],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_pipe_that_is_closed_ends_quietly_with_the_usual_status(
    project: Path, form: tuple[str, ...]
) -> None:
    read, write = os.pipe()
    os.close(read)

    ended = started(write, "list", "--limit", "40", "--project", str(project), *form)
    os.close(write)

    assert ended == (0, "")


def test_a_claim_is_blocked_though_nobody_reads_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMESTEP_LEDGER", str(tmp_path / "ledger.sqlite"))
    recorded = ROOT / "tools/samestep/recorded"
    compare_same_epoch("group:shifted/*", ["group:plain/*"], project=Project(recorded))
    report = tmp_path / "REPORT.md"
    report.write_text("shifted/* beats plain/* on val/loss.\n")
    read, write = os.pipe()
    os.close(read)

    ended = started(write, "check", str(report), "--project", str(recorded))
    os.close(write)

    assert ended == (3, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_full_disk_is_said_in_one_line(project: Path, form: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = started(full.fileno(), "list", "--project", str(project), *form)

    assert ended == (
        2,
        "The answer could not be written to standard output: No space left on device.\n",
    )


def test_the_version_is_that_of_the_project() -> None:
    read, write = os.pipe()

    ended = started(write, "--version")
    os.close(write)
    with os.fdopen(read) as printed:
        version = printed.read()

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert ended == (0, "")
    assert version == f"samestep {wanted}\n"
