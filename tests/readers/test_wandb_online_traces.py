import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGKILL

import pytest
from tests.readers.wandb_stub.fixtures import KEY, SOURCE, home, project, reader, running_stub, stub
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import Stub, serving

from samestep.errors import Unreachable
from samestep.progress import listening
from samestep.readers.wandb.online.process import ClientProcess, Ended, end_all
from samestep.readers.wandb.online.service import Service
from samestep.readers.wandb.online.turns import one_at_a_time

__all__ = ["home", "running_stub", "stub"]

PROCESSES = Path("/proc")
SOON = 10.0  # seconds within which a process ends, however busy the machine
READ = """
import os, sys
from pathlib import Path
from samestep.model import Source
from samestep.readers.wandb.online import opened_online
from samestep.settings import Project

before = dict(os.environ)
project = Project(Path.cwd(), environment=before)
run = opened_online(Source("wandb", "vision/imagenet"), project).read("abc123")
print(len(run.history.metrics["loss"].values), os.environ == before, "wandb" in sys.modules, flush=True)
"""
needs_processes = pytest.mark.skipif(
    not PROCESSES.is_dir(), reason="this system does not list its processes"
)


@pytest.fixture
def user(stub: Stub, tmp_path: Path) -> Generator[dict[str, str]]:
    """Return the environment of a user who has a home, a place for temporary files and a proxy."""
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=[logged(0, loss=2.5)], exported=0)]
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    with tempfile.TemporaryDirectory() as temporary:
        yield {
            **os.environ,
            "HOME": str(tmp_path / "home"),
            "TMPDIR": temporary,
            "HTTP_PROXY": stub.address,
            "HTTPS_PROXY": stub.address,
            "NO_PROXY": "127.0.0.1",
            "WANDB_BASE_URL": stub.address,
            "WANDB_API_KEY": KEY,
            "WANDB_MODE": "offline",
            "WANDB_DIR": str(tmp_path / "work"),
        }


def processes_below(directory: str) -> list[str]:
    """Return the processes that work below a directory."""
    found: list[str] = []
    for process in PROCESSES.iterdir():
        try:
            if process.name.isdecimal() and str((process / "cwd").readlink()).startswith(directory):
                found.append(process.name)
        except OSError:
            continue
    return found


def ends(directory: str) -> bool:
    """Return whether all processes below a directory end and leave nothing there, soon."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if not processes_below(directory) and not any(Path(directory).iterdir()):
            return True
        time.sleep(0.02)
    return False


@needs_processes
def test_the_client_writes_nowhere_reaches_nobody_else_and_ends_with_us_even_when_we_are_killed(
    stub: Stub, user: dict[str, str], tmp_path: Path
):
    killed = subprocess.Popen(
        [sys.executable, "-c", f"{READ}\nsys.stdin.read()"],
        env=user,
        cwd=tmp_path / "work",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"1 True False\n"
        assert len(processes_below(user["TMPDIR"])) == 2
        killed.kill()

    assert ends(user["TMPDIR"])
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["home", "work"]
    assert stub.operations == ["Run", "RunParquetHistory", "/export/abc123", "Runs"]


def test_scans_begun_side_by_side_are_told_apart_from_the_first(home: Path):
    runs = [StubRun(f"run{n}", rows=[logged(0, loss=float(n))]) for n in range(16)]
    with serving() as fresh, ThreadPoolExecutor(16) as threads:
        fresh.projects["vision/imagenet"] = runs
        service = Service(project(fresh, home).environment, SOON)

        def begun(run: StubRun) -> object:
            return service.call(SOURCE, "open_scan", run=["vision", "imagenet", run.id])

        assert len(set(threads.map(begun, runs))) == 16


def test_runs_read_side_by_side_are_each_given_their_own_rows(stub: Stub, home: Path):
    runs = [StubRun(f"run{n}", rows=[logged(0, loss=float(n))]) for n in range(8)]
    stub.projects["vision/imagenet"] = runs
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(reader(stub, home).read, [run.id for run in runs]))

    assert [run.history.metrics["loss"].values.tolist() for run in read] == [
        [float(n)] for n in range(8)
    ]


def test_a_run_asked_for_several_times_at_once_is_read_whole_each_time(stub: Stub, home: Path):
    rows = [logged(n, loss=float(n), top1=n / 8, lr=0.1) for n in range(1500)]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows, exported=1499)]
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(reader(stub, home).read, ["abc123"] * 4))

    assert [len(run.history.metrics["loss"].values) for run in read] == [1500] * 4
    assert stub.operations.count("/export/abc123") == 4


def test_a_reader_that_waits_for_its_turn_says_so_and_can_be_stopped():
    told: list[str] = []

    def hear(what: str, _done: int, _total: int | None) -> None:
        told.append(what)
        raise InterruptedError

    with one_at_a_time("vision_imagenet_abc123", SOURCE):
        second = one_at_a_time("vision_imagenet_abc123", SOURCE)
        with listening(hear), pytest.raises(InterruptedError), second:
            pass

    assert told == [f"waiting for another question that reads {SOURCE}"]


@needs_processes
def test_a_client_that_dies_is_said_and_started_again_until_it_is_ended(stub: Stub, home: Path):
    end_all()  # those that other tests still keep
    stub.projects["vision/imagenet"] = []
    reader(stub, home).list()
    [client] = clients()
    stub.before["Runs"] = lambda: os.kill(client, SIGKILL)

    with pytest.raises(
        Unreachable, match=r"W&B's client ended.* next call starts the client again"
    ):
        reader(stub, home).list()
    stub.before.clear()
    assert reader(stub, home).list().runs == ()
    assert len(clients()) == 1
    end_all()
    assert clients() == []


@needs_processes
def test_what_the_client_cannot_start_without_is_said(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(Ended, match="W&B's client ended"):
        ClientProcess({"HOME": str(home)})


def clients() -> list[int]:
    """Return the processes of the client that this one started."""
    started = (PROCESSES / f"self/task/{os.getpid()}/children").read_text().split()
    commands = {int(one): (PROCESSES / one / "cmdline").read_text() for one in started}
    return [one for one, command in commands.items() if "worker.py" in command]
