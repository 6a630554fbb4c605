"""What a Neptune API token says of its server; the token itself is never shown."""

import base64
import json
import socket
from typing import cast
from urllib.parse import urlsplit

from samestep.errors import NotAllowed, Unreachable, shown_text

SETTING = "NEPTUNE_API_TOKEN"
HOSTED = "neptune.ai"
LOCAL_FORMS = (
    "What is left on a disk can be read without a server: an export of neptune-exporter "
    "(neptune:./export) and the directory .neptune of the training script (neptune:./.neptune)."
)
CLOSED = "it is on Neptune's hosted service, which closed in March 2026, its data deleted"
PATIENCE = 5.0  # seconds for a connection; what takes longer will not answer within a deadline


def address_of(token: str, source: str) -> str:
    """Return the address of the server that a token is for.

    Raises:
        NotAllowed: There is no token, or it is none of Neptune's.
        Unreachable: Its server is the hosted service.
    """
    if not token:
        raise NotAllowed(source, f"{SETTING} is not set", f"Set it to the token. {LOCAL_FORMS}")
    address = _api_url(token)
    host = _host(address)
    if not address or not host:
        why = f"{SETTING} is no token of Neptune: it names no server (`api_url`)"
        raise NotAllowed(source, why, f"Copy it again from the server's page. {LOCAL_FORMS}")
    if host == HOSTED or host.endswith(f".{HOSTED}"):
        raise Unreachable(source, CLOSED, LOCAL_FORMS)
    return address


def knock(address: str, source: str, seconds: float) -> None:
    """Open a connection and close it: neptune-query would go on trying a dead server for long.

    Raises:
        Unreachable: Nothing answers there.
    """
    parts = urlsplit(address)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    try:
        socket.create_connection((parts.hostname or "", port), min(seconds, PATIENCE)).close()
    except OSError as error:
        raise gone(source, address, error.strerror or str(error)) from error


def gone(source: str, address: str, why: str) -> Unreachable:
    """Return the refusal for a server that does not answer."""
    server = urlsplit(address)
    return Unreachable(
        source,
        f"the server {server.scheme}://{server.netloc.rsplit('@', 1)[-1]}, which {SETTING} names, "
        f"gives no answer ({shown_text(why)})",
        f"SAMESTEP_DEADLINE sets how long it may take. {LOCAL_FORMS}",
    )


def _api_url(token: str) -> str:
    try:
        document: object = json.loads(base64.b64decode(token.strip()))
    except (ValueError, RecursionError):
        return ""
    fields = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    address = fields.get("api_url")
    return address if isinstance(address, str) else ""


def _host(address: str) -> str:
    """Return the host of an address; "" for what is no address."""
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError:  # a port that is no number
        return ""
    return (parts.hostname or "") if is_address else ""
