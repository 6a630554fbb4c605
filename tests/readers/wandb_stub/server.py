"""A W&B server on loopback, as far as W&B's client asks one to read runs."""

import gzip
import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

from tests.readers.wandb_stub.answers import Server, Variables, answer
from tests.readers.wandb_stub.runs import StubRun, export_of

OPERATION = re.compile(r"query\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that takes the place of the proper one."""

    status: int
    body: bytes = b'{"errors":[{"message":"the stub was told to fail"}]}'
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Stub:
    """The server's runs, what it was asked, and how it is to fail."""

    address: str = ""
    projects: dict[str, Sequence[StubRun]] = field(default_factory=dict[str, Sequence[StubRun]])
    asked: list[tuple[str, Variables]] = field(default_factory=list[tuple[str, Variables]])
    """Every operation or path with its variables, in order."""
    keys: set[str] = field(default_factory=set[str])
    """The Authorization headers that came."""
    faults: dict[str, list[Fault]] = field(default_factory=dict[str, list[Fault]])
    """What to answer to the next requests for an operation or path, before it is answered."""
    before: dict[str, Callable[[], object]] = field(default_factory=dict[str, Callable[[], object]])
    """What to do before an operation is answered."""
    rows: dict[str, Any] = field(default_factory=dict[str, Any])  # Any: a limit or a switch
    """What it does to rows, by the fields of `Server`."""
    released: Event = field(default_factory=Event)
    """Lets requests go that were held up for ever."""

    @property
    def operations(self) -> list[str]:
        """The operations and paths asked for, in order."""
        return [name for name, _ in self.asked]

    def fail(self, operation: str, *faults: Fault) -> None:
        """Answer the next requests for an operation with faults."""
        self.faults[operation] = list(faults)

    def hang(self) -> None:
        """Give no answer for as long as the stub is up."""
        self.released.wait()

    def reset(self) -> None:
        """Forget all runs, requests and faults."""
        for kept in (self.projects, self.asked, self.keys, self.faults, self.before, self.rows):
            kept.clear()


@contextmanager
def serving(tls: SSLContext | None = None) -> Generator[Stub]:
    """Serve an empty stub until the block ends."""
    stub = Stub()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.stub = stub
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    stub.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    stub: Stub
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: apart, each answer waits for an acknowledgement
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] # made by `serving`

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the parent's name
        """Write no log."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        question = json.loads(body)
        found = OPERATION.search(question["query"])
        operation = found[1] if found else "?"
        variables: Variables = question.get("variables") or {}
        if not self._fault(operation, variables):
            stub = self.server.stub
            server = Server(stub.address, stub.projects, **stub.rows)
            data = answer(operation, variables, server)
            self._send(200, json.dumps({"data": data}).encode())

    def do_GET(self) -> None:
        if not self._fault(self.path, {}):
            runs = [run for runs in self.server.stub.projects.values() for run in runs]
            export = next(run for run in runs if self.path == f"/export/{run.id}")
            self._send(200, export_of(export))

    def do_CONNECT(self) -> None:
        self._fault(f"CONNECT {self.path}", {})
        self._send(502, b"")

    def _fault(self, operation: str, variables: Variables) -> bool:
        """Note what is asked, and answer with a fault where one is due."""
        stub = self.server.stub
        stub.asked.append((operation, variables))
        stub.keys.add(self.headers.get("Authorization") or "")
        stub.before.get(operation, bool)()
        faults = stub.faults.get(operation)
        if not faults:
            return False
        fault = faults.pop(0)
        self._send(fault.status, fault.body, fault.headers)
        return True

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
