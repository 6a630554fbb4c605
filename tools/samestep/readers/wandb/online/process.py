"""The process that W&B's client runs in, as seen from ours."""

import atexit
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import cast

WORKER = Path(__file__).with_name("worker.py")
START = 60.0  # seconds for an interpreter, the client's import and its sidecar on a busy machine
GRACE = 2.0  # seconds after which a reply that should be there is not coming
LONGEST_SOCKET_ROOT = 48  # characters: the client's socket goes below, and may have 104 on macOS
MOST_SAID = 400  # characters of its last words
OURS = frozenset({"WANDB_API_KEY", "WANDB_BASE_URL", "WANDB_MODE", "WANDB_SERVICE"})
"""Variables the client does not see: a request names server and key itself, the rest is about
logging, or would tie it to another process."""
SHAPING = ("HOME", "NETRC", "USERPROFILE", "SSL_CERT_FILE", "SSL_CERT_DIR")

Reply = dict[str, object]


class Ended(Exception):
    """The process is gone, or does not answer; it becomes a refusal before it leaves here."""


class ClientProcess:
    """A running process; requests may be made from several threads."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="samestep-"))
        self._log = self._directory / "said.log"
        self._waiting: dict[int, SimpleQueue[bytes | None]] = {0: SimpleQueue()}
        self._lock = threading.Lock()
        self._number = 0
        self._over = False
        self._process = self._started(environment)
        threading.Thread(target=self._receive, daemon=True).start()
        try:
            self._answer(0, START)
        except Ended:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._over and self._process.poll() is None

    def ask(self, call: str, seconds: float, **arguments: object) -> Reply:
        """Make one request and return the reply.

        Raises:
            Ended: The process died, or did not answer within `seconds` and a little more.
        """
        number = self._send(call, {"seconds": seconds, **arguments})
        return self._answer(number, seconds + GRACE)

    def end(self) -> None:
        """End the process and its own sidecar, and remove what they left."""
        with suppress(OSError):  # what was not written to a process that is gone
            (self._process.stdin or io.BytesIO()).close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _started(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 # our own interpreter and our own file
                [sys.executable, "-P", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._directory,
                env=_contained(environment, self._directory),
                start_new_session=True,  # an interrupt in the terminal is ours to answer
            )

    def _send(self, call: str, arguments: Mapping[str, object]) -> int:
        with self._lock:
            if self._over:
                raise Ended(self._last_words())
            self._number += 1
            number = self._number
            self._waiting[number] = SimpleQueue()
            line = json.dumps({"id": number, "call": call, **arguments})
            try:
                self._write(line.encode() + b"\n")
            except (OSError, ValueError) as error:  # ValueError: the pipe is closed
                raise Ended(self._last_words()) from error
        return number

    def _write(self, line: bytes) -> None:
        if self._process.stdin is None:
            return
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _answer(self, number: int, seconds: float) -> Reply:
        try:
            text = self._waiting[number].get(timeout=seconds)
        except Empty:
            self._process.kill()
            raise Ended(f"W&B's client did not answer within {seconds:g} seconds") from None
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if text is None:
            raise Ended(self._last_words())
        return cast("Reply", json.loads(text))

    def _receive(self) -> None:
        with self._process.stdout or io.BytesIO() as replies:
            for line in replies:
                number, _, text = line.partition(b" ")
                with self._lock:
                    waiting = self._waiting.get(int(number))
                if waiting is not None:
                    waiting.put(text)
        with self._lock:
            self._over = True
            for waiting in self._waiting.values():
                waiting.put(None)

    def _last_words(self) -> str:
        try:
            said = self._log.read_text(errors="replace").strip()[-MOST_SAID:]
        except OSError:
            said = ""
        return f"W&B's client ended ({said.splitlines()[-1]})" if said else "W&B's client ended"


_running: dict[tuple[tuple[str, str], ...], ClientProcess] = {}
_starting = threading.Lock()


def client_process(environment: Mapping[str, str]) -> ClientProcess:
    """Return the process for an environment, started where none runs.

    Raises:
        Ended: It does not start.
    """
    shape = tuple(sorted((n, v) for n, v in environment.items() if n in SHAPING or _shapes(n)))
    with _starting:
        found = _running.get(shape)
        if found is not None and found.alive:
            return found
        if found is not None:
            found.end()
        _running[shape] = ClientProcess(environment)
        return _running[shape]


@atexit.register
def end_all() -> None:
    """End every process that was started."""
    while _running:
        _running.popitem()[1].end()


def _shapes(name: str) -> bool:
    return (name.startswith("WANDB_") and name not in OURS) or name.upper().endswith("_PROXY")


def _contained(environment: Mapping[str, str], directory: Path) -> dict[str, str]:
    """Return an environment in which the client writes nowhere else, reports and asks nothing."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
    asked = {name: value for name, value in environment.items() if name not in OURS}
    at = str(directory)
    places = dict.fromkeys(("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR"), at)
    short = len(at) <= LONGEST_SOCKET_ROOT
    return {
        **own,
        **asked,
        **places,
        **(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), at) if short else {}),
        "WANDB_ERROR_REPORTING": "false",
        "WANDB_SILENT": "true",
        "PYTHONUTF8": "1",
    }
