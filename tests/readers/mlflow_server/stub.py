"""A server on loopback that answers as told: rightly, wrongly, late or not at all."""

import json
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

JSON = "application/json"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    asked: dict[str, Any]  # Any: JSON
    headers: dict[str, str]

    @property
    def endpoint(self) -> str:
        """The last two parts of the path: "runs/search"."""
        return "/".join(self.path.rsplit("/", 2)[1:])


@dataclass(frozen=True)
class Answer:
    """One answer; `missing` bytes of it are promised and never sent."""

    body: Any = field(default_factory=dict[str, Any])  # Any: JSON, or bytes as they are
    status: int = 200
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict[str, str])
    missing: int = 0
    drips: bool = False
    """Whether it comes byte by byte, for as long as the client listens."""


class Silence(Exception):
    """Raised instead of an answer: the connection stays open, and nothing comes."""


class Drop(Exception):
    """Raised instead of an answer: the connection is closed."""


Answering = Callable[[Call], Answer]


@dataclass
class Stub:
    """A server that runs, and what it was asked."""

    url: str
    calls: list[Call]

    @property
    def endpoints(self) -> list[str]:
        """What was asked, in order."""
        return [call.endpoint for call in self.calls]


@contextmanager
def serving(answering: Answering, certificates: ssl.SSLContext | None = None) -> Generator[Stub]:
    """Run a server until the block ends."""
    calls: list[Call] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.answer(parse_query(self.path))

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def answer(self, asked: dict[str, Any]) -> None:
            call = Call(self.command, urlsplit(self.path).path, asked, dict(self.headers.items()))
            calls.append(call)
            try:
                write(self, answering(call), over)
            except Silence:
                over.wait()
                self.close_connection = True
            except Drop:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # as inherited
            """Say nothing."""

    server = Quiet(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificates is not None:
        server.socket = certificates.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Stub(f"{scheme}://127.0.0.1:{server.server_port}", calls)
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(ThreadingHTTPServer):
    """Keeps to itself that a client went away, which many of these clients do."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


def write(handler: BaseHTTPRequestHandler, answer: Answer, over: threading.Event) -> None:
    """Send an answer, whole or as far as it is meant to come."""
    body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    handler.send_response(answer.status)
    handler.send_header("content-type", answer.kind)
    handler.send_header("content-length", str(len(body) + answer.missing))
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    while answer.drips and not over.wait(0.02):
        with suppress(OSError):
            handler.wfile.write(b" ")
            continue
        break
    if answer.missing:
        handler.close_connection = True


def parse_query(path: str) -> dict[str, Any]:
    """Return a query's values; a list only where a name is repeated or ends in `s`."""
    query = parse_qs(urlsplit(path).query)
    return {
        name: values if name.endswith("run_ids") else values[0] for name, values in query.items()
    }
