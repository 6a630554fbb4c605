"""The process in which W&B's client runs: requests come in on stdin, replies go out on stdout.

The client keeps one sidecar, one set of settings and one environment for a whole process, starts
its sidecar on that process's own stdin and stdout, and has calls that never end. In a process of
its own none of that reaches ours. A request is one line of JSON; a reply is one line that begins
with the request's number.
"""

import atexit
import json
import os
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TextIO

QUOTED = {'"NaN"': "NaN", '"Infinity"': "Infinity", '"-Infinity"': "-Infinity"}
"""How the server writes values that are not finite, and what they are as Python's JSON has them."""
NUMBERS = frozenset("-0123456789NI")
MEDIA = "_type"  # names the kind of an image, a table or a histogram: W&B's own, no metrics
UNUSED = frozenset({"_step", "_runtime"})
RETRYING = b'"api: retrying'
ATTEMPTS = 1  # after the first: 0 means the client's default of twenty
PAUSE = 1.0  # seconds between two attempts; a Retry-After header goes before it
CRASHED = 70
LATE = "did not respond in time"  # as the client says it

Server = tuple[str | None, str | None]
"""An address and a key; None where the client's own settings say."""
Request = Mapping[str, Any]  # Any: what JSON holds; each call knows its own arguments


class Item(Protocol):
    """One value of a history row."""

    @property
    def key(self) -> str:
        """What it was logged under."""
        ...

    @property
    def value_json(self) -> str:
        """What was logged."""
        ...


class Row(Protocol):
    """One history row."""

    @property
    def history_items(self) -> Sequence[Item]:
        """Its values, W&B's own among them."""
        ...


class Client:
    """W&B's client, one session for each server and key."""

    def __init__(self, directory: Path) -> None:
        self.wandb = import_module("wandb")
        self._api = import_module("wandb.apis.public.service_api")
        self._setup = import_module("wandb.sdk.wandb_setup")
        self._auth = import_module("wandb.sdk.lib.wbauth")
        self._messages = import_module("wandb.proto.wandb_api_pb2")
        self._sessions: dict[Server, Any] = {}  # Any: untyped SDK
        self._scans: dict[tuple[Server, int], tuple[str, ...]] = {}
        self._beginning = threading.Lock()
        self._directory = directory
        self._lock = threading.Lock()

    def server(self, request: Request) -> str:
        """Return the address of the server that is asked, as JSON."""
        named = request.get("host") or self._setup.singleton().settings.base_url
        return json.dumps(str(named).rstrip("/"))

    def graphql(self, request: Request) -> str:
        """Return what a query gives, as JSON."""
        # The public classes would ask once more for every run, and give no time limit to a page.
        session = self._session(request)
        query, variables = request["query"], request["variables"]
        seconds = request["seconds"]
        return json.dumps(session.execute_graphql(query, variables, timeout=seconds))

    def open_scan(self, request: Request) -> str:
        """Begin to read a run's rows, exported and live, and return the number of the scan."""
        path = tuple(str(part) for part in request["run"])
        entity, project, run = path
        begin = self._messages.ScanRunHistoryInit(
            entity=entity, project=project, run_id=run, use_cache=False
        )
        with self._alone(request):
            reply = self._read_history(request, scan_run_history_init=begin)
        number = int(reply.scan_run_history_init.request_id)
        if (_server(request), number) in self._scans:
            raise ValueError(f"two scans have the number {number}")
        self._scans[_server(request), number] = path
        return str(number)

    @contextmanager
    def _alone(self, request: Request) -> Generator[None]:
        """Keep scans from beginning side by side.

        wandb-core 0.31 counts them without a lock: two can have one number, and one run's rows.
        """
        if not self._beginning.acquire(timeout=request["seconds"]):
            raise TimeoutError(LATE)
        try:
            yield
        finally:
            self._beginning.release()

    def page(self, request: Request) -> str:
        """Return the rows of a range of steps, column by column."""
        part = self._messages.ScanRunHistory(
            min_step=request["first"], max_step=request["end"], request_id=request["scan"]
        )
        reply = self._read_history(request, scan_run_history=part)
        keep = request["keep"]
        return columns(reply.run_history.history_rows, None if keep is None else frozenset(keep))

    def close_scan(self, request: Request) -> str:
        """End a scan and remove the exports it fetched, which the client would keep."""
        number = request["scan"]
        end = self._messages.ScanRunHistoryCleanup(request_id=number)
        self._read_history(request, scan_run_history_cleanup=end)
        path = self._scans.pop((_server(request), number), None)
        if path is not None and path not in self._scans.values():
            for export in self._directory.rglob(f"{'_'.join(path)}_*.runhistory.parquet"):
                export.unlink(missing_ok=True)
        return "null"

    def _read_history(self, request: Request, **part: object) -> Any:  # Any: an untyped message
        inner = self._messages.ReadRunHistoryRequest(**part)
        message = self._messages.ApiRequest(read_run_history_request=inner)
        reply = self._session(request).send_api_request(message, timeout=request["seconds"])
        return reply.read_run_history_response

    def _session(self, request: Request) -> Any:  # Any: untyped SDK
        named = _server(request)
        with self._lock:
            if named not in self._sessions:
                self._sessions[named] = self._opened(*named)
            return self._sessions[named]

    def _opened(self, host: str | None, key: str | None) -> Any:  # Any: untyped SDK
        settings = self._setup.singleton().settings.model_copy()
        url = (host or settings.base_url).rstrip("/")
        auth = self._credentials(url, key)
        self._auth.set_auth_settings(settings, auth)
        settings.base_url = auth.host.url
        settings.x_extra_http_headers = {
            **(settings.x_extra_http_headers or {}),
            # As wandb.Api() sends them: a server may show an administrator more with them.
            "Use-Admin-Privileges": "true",
            "User-Agent": f"W&B Public Client {self.wandb.__version__}",
        }
        settings.x_graphql_retry_max = settings.x_file_transfer_retry_max = ATTEMPTS
        settings.x_graphql_retry_wait_min_seconds = PAUSE
        settings.x_graphql_retry_wait_max_seconds = PAUSE
        settings.x_file_transfer_retry_wait_min_seconds = PAUSE
        settings.x_file_transfer_retry_wait_max_seconds = PAUSE
        return self._api.ServiceApi(settings=settings)

    def _credentials(self, url: str, key: str | None) -> Any:  # Any: untyped SDK
        if key:
            return self._auth.AuthApiKey(host=url, api_key=key)
        found = self._auth.authenticate_session(
            host=url, source="samestep", no_offline=True, prompt=False, update_session=False
        )
        if found is None:
            raise self.wandb.errors.UsageError(f"no key is set for {url}")
        return found


def _server(request: Request) -> Server:
    """Return the address and the key that a request names."""
    return request.get("host"), request.get("key")


def columns(rows: Sequence[Row], keep: frozenset[str] | None = None) -> str:
    """Return rows as JSON: the `_step` of each row, and under each key its rows and values.

    Values are left as the text they came as. Nulls (a row of an export that lacks the key) are left
    out, and so is every key outside `keep` where that is given; what is no number (texts, lists,
    media) is counted under `others`.
    """
    steps: list[str] = []
    cells: dict[str, tuple[list[int], list[str]]] = {}
    others: Counter[str] = Counter()
    for number, row in enumerate(rows):
        step = "null"
        for item in row.history_items:
            key, text = item.key, item.value_json
            if key in UNUSED:
                step = text if key == "_step" else step
            elif text == "null" or (keep is not None and key not in keep):
                continue
            elif (text := QUOTED.get(text, text))[:1] in NUMBERS or is_nested(text):
                at, values = cells.setdefault(key, ([], []))
                at.append(number)
                values.append(text)
            else:
                others[key] += 1
        steps.append(step)
    written = (
        f"{json.dumps(key)}:[{json.dumps(at)},[{','.join(values)}]]"
        for key, (at, values) in cells.items()
    )
    named = f"{{{','.join(written)}}}"
    return f'{{"steps":[{",".join(steps)}],"columns":{named},"others":{json.dumps(others)}}}'


def is_nested(text: str) -> bool:
    """Return whether a value is a dictionary of values, and none of W&B's own objects."""
    if not text.startswith("{"):
        return False
    return MEDIA not in text or MEDIA not in json.loads(text)


class Journal:
    """The sidecar's own log, which alone says what was tried again, and why."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def size(self) -> int:
        """Return how long the log is by now, in bytes."""
        file = self._file
        return 0 if file is None else file.stat().st_size

    def retries(self, since: int) -> list[str]:
        """Return why requests were tried again since the log was that long."""
        file = self._file
        if file is None:
            return []
        with file.open("rb") as log:
            log.seek(since)
            return [_reason(line) for line in log if RETRYING in line[:200]]

    @property
    def _file(self) -> Path | None:
        return next(self._directory.rglob("core-debug-*.log"), None)


def _reason(line: bytes) -> str:
    try:
        entry = json.loads(line)
    except ValueError:
        return "unknown"
    return f"HTTP {entry['status']}" if "status" in entry else str(entry.get("error"))


def refusal(error: Exception, retries: list[str]) -> dict[str, object]:
    """Return what a failed call says of itself."""
    response = getattr(error, "response", None)
    return {
        "kind": type(error).__name__,
        "message": str(error),
        "status": getattr(response, "http_status", 0) or 0,
        "retries": retries,
    }


class Desk:
    """Takes requests and hands out replies, each request in a thread of its own."""

    def __init__(self, client: Client, journal: Journal, out: TextIO) -> None:
        self._client = client
        self._journal = journal
        self._out = out
        self._lock = threading.Lock()

    def answer(self, request: Request) -> None:
        """Do what is asked and write the reply."""
        since = self._journal.size()
        errors = self._client.wandb.errors
        failed = import_module("wandb.sdk.lib.service.service_connection").WandbApiFailedError
        try:
            result = getattr(self._client, request["call"])(request)
            retries = self._journal.retries(since)
            self.write(request["id"], f'{{"ok":{result},"retries":{json.dumps(retries)}}}')
        except (failed, errors.Error, ValueError, OSError) as error:
            said = refusal(error, self._journal.retries(since))
            self.write(request["id"], json.dumps({"error": said}))

    def write(self, number: int, text: str) -> None:
        """Write one reply."""
        with self._lock:
            self._out.write(f"{number} {text}\n")
            self._out.flush()


def main() -> None:
    """Answer requests until stdin ends; a bug ends the process, so that nobody waits for it."""
    asked, out = _channels()
    threading.excepthook = _crash
    directory = Path.cwd()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)  # runs after the client's own
    desk = Desk(Client(directory), Journal(directory), out)
    desk.write(0, "{}")
    for line in asked:
        threading.Thread(target=desk.answer, args=(json.loads(line),), daemon=True).start()


def _channels() -> tuple[TextIO, TextIO]:
    """Take stdin and stdout away from everything else that runs here."""
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return asked, out


def _crash(failure: threading.ExceptHookArgs) -> None:
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    os._exit(CRASHED)


if __name__ == "__main__":
    main()
