"""What a server's silence, its errors and its strange answers mean, as refusals."""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestep.errors import NotAllowed, NotReadable, Unreachable, shown_text
from samestep.readers.mlflow.server.answers import Fields, fields, text

if TYPE_CHECKING:
    import httpx2

LOGIN = 401
FORBIDDEN = 403
TOO_MANY = 429
BROKEN = 500
INVALID_HOST = "Invalid Host header"
NO_SUCH = "RESOURCE_DOES_NOT_EXIST"
SLOWER = (
    "SAMESTEP_DEADLINE sets how many seconds one call may take (30 where it is unset), "
    "MLFLOW_HTTP_REQUEST_TIMEOUT how many one request of it."
)
LATER = "Ask again when the server is well; its own log says what is wrong."


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    signed: bool = False
    """Whether a login was sent with the request."""


class NoSuchResource(NotReadable):
    """The server knows no run, metric or experiment of that id."""


class Rejected(NotReadable):
    """The server finds a request wrong."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Makes the refusals of one server."""

    source: str
    """The source, a login in its address redacted."""
    host: str
    sign_in: str
    """The sentence that says which settings sign in."""

    def late(self, seconds: float) -> Unreachable:
        """Return the refusal of a server that has not answered in time."""
        return Unreachable(self.source, f"it did not answer within {seconds:.3g} s", SLOWER)

    def busy(self, reply: Reply, pause: float, seconds: float) -> Unreachable:
        """Return the refusal of a server that asks for more patience than there is."""
        again = f"wants to be asked again in {pause:.3g} s, when a call may take {seconds:.3g} s"
        why = f"it answers {_status(reply)} and {again}"
        return Unreachable(self.source, why, SLOWER)

    def unanswered(self, error: "httpx2.RequestError", seconds: float) -> Unreachable | NotAllowed:
        """Return the refusal of a request that got no answer."""
        import httpx2

        if isinstance(error, httpx2.TimeoutException):
            return self.late(seconds)
        for cause in causes(error):
            match cause:
                case ssl.SSLError():
                    return self._distrusted(cause)
                case socket.gaierror():
                    why = f"no host is known by the name {self.host!r}"
                    return Unreachable(self.source, why, "Check the address.")
                case ConnectionRefusedError():
                    why = f"nothing listens at {self.host} (connection refused)"
                    start = "Start the server (`mlflow server`), or check the address."
                    return Unreachable(self.source, why, start)
                case _:
                    continue
        if isinstance(error, httpx2.LocalProtocolError):  # whose text repeats what cannot be sent
            return Unreachable(self.source, "the request cannot be sent", self.sign_in)
        why = f"it broke off without an answer ({shown_text(str(error)) or type(error).__name__})"
        return Unreachable(self.source, why, LATER)

    def nowhere(self, problem: str) -> NotReadable:
        """Return the refusal of an address that leads nowhere."""
        return NotReadable(self.source, f"its address is none ({problem})", "Check the address.")

    def refused(self, reply: Reply) -> NotReadable:
        """Return the refusal of an answer that is an error, or no answer of MLflow's."""
        said = _said(reply)
        code, message = text(said.get("error_code")), shown_text(text(said.get("message")) or "")
        status = f"{_status(reply)}: {message}" if message else _status(reply)
        if reply.status == LOGIN:
            what = "refuses the login it was given" if reply.signed else "asks for a login"
            return NotAllowed(self.source, f"it {what} ({_status(reply)})", self.sign_in)
        if reply.status == FORBIDDEN:
            return self._forbidden(reply, status)
        if reply.status == TOO_MANY or reply.status >= BROKEN:
            return Unreachable(self.source, f"it answers with an error ({status})", LATER)
        if code == NO_SUCH:
            gone = "It may have been deleted meanwhile; list_runs names the runs that are there."
            return NoSuchResource(self.source, f"it knows no such thing ({message})", gone)
        if code and code != "ENDPOINT_NOT_FOUND":
            why = f"it refuses the request ({status})"
            return Rejected(self.source, why, "The server's version may not know the request.")
        return self.not_mlflow(reply)

    def not_mlflow(self, reply: Reply) -> NotReadable:
        """Return the refusal of an answer that no MLflow server gives."""
        kind = reply.headers.get("content-type", "no type").partition(";")[0]
        where = reply.headers.get("location", "").partition("?")[0]
        to = f", a redirect to {shown_text(where)}" if where else f", {shown_text(kind)}"
        why = f"what answers there is no MLflow server ({_status(reply)}{to})"
        instead = (
            "Name the address under which MLflow's pages open, with the path before `/#`; where "
            f"a login page stands before it: {self.sign_in}"
        )
        return NotReadable(self.source, why, instead)

    def too_long(self, limit: int) -> NotReadable:
        """Return the refusal of an answer that has no end."""
        why = f"it answers one request with more than {limit:,} bytes"
        return NotReadable(self.source, why, "No MLflow server answers so; check the address.")

    def endless(self, path: str) -> NotReadable:
        """Return the refusal of pages that lead in a circle."""
        why = f"the pages of {path} have no end: each names a next one that was there already"
        return NotReadable(self.source, why, LATER)

    def _forbidden(self, reply: Reply, status: str) -> NotAllowed:
        if INVALID_HOST in reply.body[:1000].decode(errors="replace"):
            why = f"it does not go by the name {self.host} ({_status(reply)}: {INVALID_HOST})"
            instead = (
                f"Start it with `mlflow server --allowed-hosts {self.host}` "
                "(MLFLOW_SERVER_ALLOWED_HOSTS), or name an address that it allows."
            )
            return NotAllowed(self.source, why, instead)
        return NotAllowed(self.source, f"it forbids this ({status})", self.sign_in)

    def _distrusted(self, error: ssl.SSLError) -> Unreachable | NotAllowed:
        if isinstance(error, ssl.SSLCertVerificationError):
            why = f"its certificate does not verify ({error.verify_message})"
            instead = (
                "MLFLOW_TRACKING_SERVER_CERT_PATH names the file of a certificate to trust; "
                "MLFLOW_TRACKING_INSECURE_TLS=true trusts any."
            )
            return Unreachable(self.source, why, instead)
        if "CERTIFICATE" in str(error.args[-1]).upper():  # an alert that the server sent
            why = f"it refuses the certificate of its client ({error.args[-1]})"
            instead = "MLFLOW_TRACKING_CLIENT_CERT_PATH names the PEM file with one and its key."
            return NotAllowed(self.source, why, instead)
        why = f"it does not speak TLS as it should ({error.args[-1]})"
        return Unreachable(self.source, why, "Name it with http:// if it has no TLS.")


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came of."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _status(reply: Reply) -> str:
    return f"HTTP {reply.status}"


def _said(reply: Reply) -> Fields:
    try:
        return fields(json.loads(reply.body))
    except (ValueError, RecursionError):
        return {}
