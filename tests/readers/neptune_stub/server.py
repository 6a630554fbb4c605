"""A Neptune server on loopback, as far as neptune-query asks one to read runs."""

import json
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from tests.readers.neptune_stub.answers import Body, definitions, entries, series, values
from tests.readers.neptune_stub.runs import StubRun

LOGIN = "/api/backend/v1/authorization/oauth-token"
ENTRIES = "/api/leaderboard/v1/proto/leaderboard/entries/search/"
DEFINITIONS = "/api/leaderboard/v1/leaderboard/attributes/definitions/query"
VALUES = "/api/leaderboard/v1/proto/leaderboard/attributes/query"
SERIES = "/api/leaderboard/v1/proto/attributes/series/float"
ANSWERS: Mapping[str, Callable[[Sequence[StubRun], Body], bytes]] = {
    ENTRIES: entries,
    DEFINITIONS: definitions,
    VALUES: values,
    SERIES: series,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that takes the place of the proper one."""

    status: int
    body: bytes = b'{"message": "the stub was told to fail"}'


@dataclass(slots=True)
class Stub:
    """The server's runs, what it was asked, and how it is to fail."""

    address: str = ""
    projects: dict[str, list[StubRun]] = field(default_factory=dict[str, list[StubRun]])
    asked: list[str] = field(default_factory=list[str])
    """The last part of every path that was asked for, but for the login."""
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    """What to answer to every request for a path."""
    silent: bool = False
    """Whether it gives no answer for as long as it is up."""
    before: dict[str, Callable[[], object]] = field(default_factory=dict[str, Callable[[], object]])
    """What to do before a path is answered."""
    released: Event = field(default_factory=Event)

    def reset(self) -> None:
        """Forget all runs, requests and faults."""
        for kept in (self.projects, self.asked, self.faults, self.before):
            kept.clear()
        self.silent = False


@contextmanager
def serving() -> Generator[Stub]:
    """Serve an empty stub until the block ends."""
    stub = Stub()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.stub = stub
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        _hang_up()
        server.shutdown()
        server.server_close()
        thread.join()


def _hang_up() -> None:
    """Close the connections that neptune-query keeps to any server for as long as it lives."""
    clients: Any = import_module("neptune_query.internal.client")  # Any: its cache is its own
    for client in clients._cache.values():  # noqa: SLF001 # there is no other way to them
        client.get_httpx_client().close()
        client.get_token_refreshing_client().get_httpx_client().close()
    clients.clear_cache()


class _Server(ThreadingHTTPServer):
    stub: Stub
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] # made by `serving`

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the parent's name
        """Write no log."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(json.loads(body))

    def _answer(self, body: Body) -> None:
        stub, parts = self.server.stub, urlsplit(self.path)
        if stub.silent:
            stub.released.wait()
        if parts.path != LOGIN:
            stub.asked.append(parts.path.strip("/").partition("leaderboard/v1/")[2])
        stub.before.get(parts.path, bool)()
        fault = stub.faults.get(parts.path)
        if fault is not None:
            self._send(fault.status, fault.body)
        elif parts.path == LOGIN:
            self._send(200, _login(stub.address))
        elif parts.path in ANSWERS:
            self._send(*_read(stub, parts.path, parts.query, body))
        else:
            self._send(404, b"{}")

    def _send(self, status: int, body: bytes) -> None:
        kind = "application/json" if body.startswith(b"{") else "application/x-protobuf"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _read(stub: Stub, path: str, query: str, body: Body) -> tuple[int, bytes]:
    """Return the status and the body of an answer about one project."""
    named = parse_qs(query).get("projectIdentifier") or body.get("projectIdentifiers")
    if named is None:
        workspace, project = body["requests"][0]["series"]["holder"]["identifier"].split("/")[1:3]
        named = [f"{workspace}/{project}"]
    if named[0] not in stub.projects:
        return 403, b'{"errorType": "ACCESS_DENIED"}'
    return 200, ANSWERS[path](stub.projects[named[0]], body)


def _login(address: str) -> bytes:
    claims = {"exp": int(time.time()) + 3600, "azp": "stub", "iss": address}
    access = jwt.encode(claims, "x" * 32, algorithm="HS256")
    return json.dumps({"accessToken": access, "refreshToken": "r", "username": "u"}).encode()
