"""A real MLflow tracking server on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[3]
SECONDS = 180  # to start in, on a machine that is busy with other things; mostly 5 to 15 are enough
QUIET = {
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # Without it three more processes start, which takes as long again.
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}


@contextmanager
def served(database: Path) -> Generator[str]:
    """Serve a database until the block ends; yields the server's address."""
    home = database.parent
    port = free_port()
    command = ["server", "--backend-store-uri", f"sqlite:///{database}", "--workers", "1"]
    where = ["--artifacts-destination", home / "art", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlflow", *command, *where],
            env=environment(home),
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, home / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        end(server)


def writing(database: Path, answers: Path) -> "subprocess.Popen[bytes]":
    """Begin to log the runs of write_runs.py into a database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.readers.mlflow_server.write_runs", database, answers],
        env=environment(database.parent),
        cwd=ROOT,
    )


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which MLflow finds nothing of the user's."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), **QUIET}


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urlopen(address, timeout=5) as answer:  # noqa: S310 # loopback
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(log.read_text(errors="replace")[-2000:])


def end(server: "subprocess.Popen[bytes]") -> None:
    """End a server and what it started, at once: nothing that it holds is needed again."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def copied(database: Path, directory: Path) -> Path:
    """Return a copy of a database, for a server that may write to it."""
    directory.mkdir(parents=True)
    return Path(shutil.copy(database, directory))
