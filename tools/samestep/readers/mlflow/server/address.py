"""The address of a tracking server, and the login that may stand in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from samestep.errors import BadReference, NotAllowed
from samestep.model import Source

REDACTED = "[redacted]"
FORM = re.compile(
    r"(?P<scheme>https?)://(?:(?P<login>[^/?#]*)@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\s]+)(?P<port>:\d{1,5})?(?P<path>/[^?#\s]*)?",
    re.IGNORECASE,
)
TAKES = "mlflow:http(s)://host[:port][/path], such as 'mlflow:http://127.0.0.1:5000'"
LOGIN_INSTEAD = (
    "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or name the address with its login."
)
_logins: dict[str, str] = {}
"""The logins of addresses named earlier in this process, so that their references lead back."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is."""

    url: str
    """Without a login and without a slash at its end."""
    host: str
    """The host, with the port where one is named."""
    source: Source
    """The source as it may be shown: a login in it is redacted."""
    login: Login | None = None
    is_foreign: bool = False
    """Whether MLFLOW_TRACKING_URI names another server, to which its variables' login belongs.

    Whoever names an address, such as a model that read it in a run's notes, gets no token by it.
    """


def address_of(source: Source, environment: Mapping[str, str]) -> Address:
    """Return the address that a source says, with the login named there, here or earlier.

    Raises:
        BadReference: It is no address of a server.
        NotAllowed: Its login is redacted, and was never named in this process.
    """
    found = FORM.fullmatch(source.location)
    if found is None:
        plain = without_login(source.location).partition("?")[0]  # a query may hold a key
        raise BadReference("source", f"mlflow:{plain}", TAKES)
    url = _url(found)
    login = found["login"]
    if login == REDACTED:
        login = _logins.get(url)
        if login is None:
            why = "its login is redacted, and it was not named with one since samestep started"
            raise NotAllowed(str(source), why, LOGIN_INSTEAD)
    elif login:
        _logins[url] = login
    shown = (without_login(source.location) if login else source.location).rstrip("/")
    host = f"{found['host']}{found['port'] or ''}"
    own = FORM.fullmatch(environment.get("MLFLOW_TRACKING_URI", ""))
    if own is not None and _server(own) == _server(found):
        login = login or own["login"]
    return Address(
        url,
        host,
        Source(source.tracker, shown),
        _login(login) if login else None,
        is_foreign=own is not None and _server(own) != _server(found),
    )


def without_login(location: str) -> str:
    """Return an address with what stands before its host redacted."""
    return re.sub(r"(?<=://)[^/?#]*@", f"{REDACTED}@", location)


def _url(found: re.Match[str]) -> str:
    plain = f"{found['scheme'].lower()}://{found['host'].lower()}{found['port'] or ''}"
    return f"{plain}{found['path'] or ''}".rstrip("/")


def _server(found: re.Match[str]) -> tuple[str, str, str]:
    scheme = found["scheme"].lower()
    port = found["port"] or (":443" if scheme == "https" else ":80")
    return scheme, found["host"].lower(), port


def _login(written: str) -> Login:
    user, _, password = written.partition(":")
    return Login(unquote(user), unquote(password))
