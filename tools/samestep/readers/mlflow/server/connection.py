"""One server's answers: within the deadline, and asked for again where that helps."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast
from weakref import finalize

from samestep.errors import NotAllowed, NotReadable, Unreachable
from samestep.progress import tell
from samestep.readers.mlflow.server.answers import Fields
from samestep.readers.mlflow.server.refusals import Refusals, Reply
from samestep.readers.mlflow.server.repeats import Repeated, pause_after, reason
from samestep.readers.together import AT_ONCE, BETWEEN, in_time

if TYPE_CHECKING:
    import httpx2

OK = 200
MOST_BYTES = 256 * 2**20
SILENCE = 10.0  # seconds for which a server that did not answer is not asked again

Asked = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its path stands below the server's address."""

    method: Literal["GET", "POST"]
    path: str
    asked: Asked
    """The query of a GET, the body of a POST."""


class Connection:
    """Asks one server, from several threads."""

    def __init__(
        self,
        opened: "Callable[[], httpx2.Client]",
        refusals: Refusals,
        deadline: float,
        patience: float = float("inf"),
        most: int = MOST_BYTES,
    ) -> None:
        """Open nothing yet.

        Args:
            opened: Opens the client; it may ask others who signs in.
            refusals: Makes the refusals.
            deadline: How many seconds one call may take, with everything that is asked again.
            patience: How many seconds one request of it may take.
            most: How many bytes an answer may have.
        """
        self.refusals = refusals
        self._opened = opened
        self._opening = threading.Lock()
        self._client: httpx2.Client | None = None
        self._deadline = deadline
        self._patience = patience
        self._most = most
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._requests = 0
        self._silence: tuple[float, Unreachable | NotAllowed] | None = None

    def ask(self, request: Request, repeated: list[Repeated]) -> Fields:
        """Return the answer to a request; what had to be asked again is added to `repeated`.

        Raises:
            Unreachable: The server does not answer in time, or answers with errors.
            NotAllowed: It wants a login.
            NoSuchResource: It knows no such run.
            NotReadable: It refuses the request, or is no MLflow server.
        """
        with self._turns:
            reply = self._reply(request, repeated)
        if reply.status != OK:
            raise self.refusals.refused(reply)
        try:
            answer = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise self.refusals.not_mlflow(reply) from error
        if not isinstance(answer, dict):
            raise self.refusals.not_mlflow(reply)
        return cast("Fields", answer)

    def _reply(self, request: Request, repeated: list[Repeated]) -> Reply:
        until = time.monotonic() + self._deadline
        attempt = 1
        while True:
            outcome = self._attempt(request, until)
            pause = pause_after(outcome, attempt)
            if pause is None:
                return self._final(outcome)
            if time.monotonic() + pause >= until:
                raise self._impatient(outcome, pause)
            repeated.append(Repeated(reason(outcome), pause))
            self._wait(pause)
            attempt += 1

    def _attempt(self, request: Request, until: float) -> "Reply | httpx2.RequestError":
        """Ask once, on a thread of its own that is given up when the time is over.

        So neither a name that is looked up for ever nor an answer that drips in holds up anybody.
        """
        import httpx2

        if self._silence is not None and time.monotonic() < self._silence[0]:
            raise self._silence[1]
        self._requests += 1
        self._tell()
        left = max(0.0, until - time.monotonic())
        seconds = min(left, self._patience)
        try:
            return in_time(lambda: self._sent(request, seconds), seconds, self._tell)
        except httpx2.RequestError as error:
            return error
        except (httpx2.InvalidURL, UnicodeError) as error:  # the latter is Python's, of a host
            raise self.refusals.nowhere(str(error)) from error
        except TimeoutError:
            return httpx2.ReadTimeout("no answer in time")

    def _sent(self, request: Request, seconds: float) -> Reply:
        import httpx2

        until = time.monotonic() + seconds
        body = bytearray()
        is_get = request.method == "GET"
        with self._open().stream(
            request.method,
            request.path,
            params=request.asked if is_get else None,
            json=None if is_get else request.asked,
            timeout=seconds,
        ) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self._most:
                    raise self.refusals.too_long(self._most)
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("no whole answer in time")
            signed = "authorization" in response.request.headers
            return Reply(response.status_code, response.headers, bytes(body), signed)

    def _open(self) -> "httpx2.Client":
        with self._opening:
            if self._client is None:
                self._client = self._opened()
                finalize(self, self._client.close)
            return self._client

    def _final(self, outcome: "Reply | httpx2.RequestError") -> Reply:
        if isinstance(outcome, Reply):
            return outcome
        refusal = self.refusals.unanswered(outcome, min(self._deadline, self._patience))
        self._silence = (time.monotonic() + SILENCE, refusal)
        raise refusal from outcome

    def _impatient(self, outcome: "Reply | httpx2.RequestError", pause: float) -> NotReadable:
        if isinstance(outcome, Reply):
            return self.refusals.busy(outcome, pause, self._deadline)
        return self.refusals.unanswered(outcome, self._deadline)

    def _wait(self, pause: float) -> None:
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0.0:
            self._tell()
            time.sleep(min(left, BETWEEN))

    def _tell(self) -> None:
        tell(f"requests to {self.refusals.host}", self._requests)
