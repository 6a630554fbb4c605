"""How a server is opened: the login and the certificates that MLflow's own variables name."""

import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from configparser import ConfigParser
from configparser import Error as NoConfig
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from samestep.errors import BadArgument, MissingPackage, NotAllowed
from samestep.readers.mlflow.server.address import REDACTED, Address, Login

if TYPE_CHECKING:
    import httpx2

    Signing = Callable[[httpx2.Request], httpx2.Request]

Loaded = TypeVar("Loaded")

SIGN_IN = (
    "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN "
    "(MLFLOW_TRACKING_AUTH where a plugin of MLflow's signs in), for samestep's process."
)
FOREIGN = (
    "The MLFLOW_TRACKING_* variables sign in to the server of MLFLOW_TRACKING_URI alone, and this "
    "is another. Set MLFLOW_TRACKING_URI to this one, or name its login in its address."
)
BUNDLES = (
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)
"""What names certificates to trust: MLflow's own word first, then what its client goes by."""
INSECURE = "MLFLOW_TRACKING_INSECURE_TLS"
CLIENT = "MLFLOW_TRACKING_CLIENT_CERT_PATH"
BEARER = "MLFLOW_TRACKING_TOKEN"
PLUGIN = "MLFLOW_TRACKING_AUTH"
WORKSPACE = "MLFLOW_WORKSPACE"
IDLE = 1.0  # seconds; servers close what is idle after 2 (gunicorn) or 5 (uvicorn)
PATIENCE = "MLFLOW_HTTP_REQUEST_TIMEOUT"


def client_of(address: Address, environment: Mapping[str, str]) -> "httpx2.Client":
    """Return a client that signs in as MLflow's own would.

    Raises:
        BadArgument: A variable names no certificate.
        MissingPackage: A plugin of MLflow's is to sign in, and MLflow is not installed.
    """
    plugin = None if address.login or address.is_foreign else environment.get(PLUGIN)
    signing = _signed_by(plugin) if plugin else None
    return opened(address.url, _headers(address, environment), environment, signing)


def sign_in(address: Address) -> str:
    """Return what lets samestep sign in."""
    return FOREIGN if address.is_foreign else SIGN_IN


def opened(
    url: str,
    headers: Mapping[str, str],
    environment: Mapping[str, str],
    signing: "Signing | None" = None,
) -> "httpx2.Client":
    """Return a client for an address; redirects are not followed, as they lead to login pages."""
    import httpx2

    return httpx2.Client(
        base_url=url,
        headers=headers,
        auth=signing,
        verify=trust(environment),
        timeout=None,
        limits=httpx2.Limits(keepalive_expiry=IDLE),
    )


def trust(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Return whom to trust: the certificates a variable names, else those of the system."""
    import httpx2

    named = next((name for name in BUNDLES if environment.get(name)), None)
    if named is not None:
        context = _trusting(named, environment[named])
    else:
        anyone = environment.get(INSECURE, "").strip().lower() in {"true", "1"}
        context = httpx2.create_ssl_context(verify=not anyone)
    certificate = environment.get(CLIENT)
    if certificate:
        _load(CLIENT, certificate, lambda: context.load_cert_chain(certificate))
    return context


def patience(environment: Mapping[str, str]) -> float:
    """Return how many seconds MLflow's own variable lets one request take; inf where unset."""
    written = environment.get(PATIENCE)
    if not written:
        return float("inf")
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not seconds > 0.0:
        raise BadArgument(PATIENCE, written, "a number of seconds above 0")
    return seconds


def bearer(variable: str, token: str) -> str:
    """Return the header that signs in with a token.

    Raises:
        BadArgument: It holds what no header can; the token is not repeated.
    """
    return f"Bearer {_sendable(variable, token)}"


def _sendable(variable: str, value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise BadArgument(variable, REDACTED, "printable ASCII on one line")
    return value


def _headers(address: Address, environment: Mapping[str, str]) -> dict[str, str]:
    workspace = environment.get(WORKSPACE, "").strip()
    headers = {"X-MLFLOW-WORKSPACE": _sendable(WORKSPACE, workspace)} if workspace else {}
    login = address.login or (None if address.is_foreign else _login(environment))
    token = None if address.is_foreign else environment.get(BEARER)
    if login is not None:
        both = f"{login.user}:{login.password}".encode()
        return {**headers, "Authorization": f"Basic {b64encode(both).decode()}"}
    return {**headers, "Authorization": bearer(BEARER, token)} if token else headers


def _login(environment: Mapping[str, str]) -> Login | None:
    """Return the login that the variables name, else the file that MLflow keeps one in."""
    kept = _kept(environment)
    user = environment.get("MLFLOW_TRACKING_USERNAME") or kept.get("mlflow_tracking_username")
    password = environment.get("MLFLOW_TRACKING_PASSWORD") or kept.get("mlflow_tracking_password")
    return Login(user, password) if user and password else None


def _kept(environment: Mapping[str, str]) -> Mapping[str, str]:
    home = environment.get("HOME") or environment.get("USERPROFILE")
    parser = ConfigParser(interpolation=None)
    if not home:
        return {}
    try:
        parser.read(Path(home) / ".mlflow/credentials", encoding="utf-8")
    except (NoConfig, OSError, UnicodeDecodeError):  # not ours to judge: the server will ask
        return {}
    return dict(parser["mlflow"]) if parser.has_section("mlflow") else {}


def _trusting(variable: str, path: str) -> ssl.SSLContext:
    is_directory = Path(path).is_dir()
    return _load(
        variable,
        path,
        lambda: ssl.create_default_context(
            cafile=None if is_directory else path, capath=path if is_directory else None
        ),
    )


def _load(variable: str, path: str, load: Callable[[], Loaded]) -> Loaded:
    try:
        return load()
    except OSError as error:  # ssl.SSLError is one
        takes = f"the path of a PEM file ({error.strerror or error})"
        raise BadArgument(variable, path, takes) from error


def _signed_by(plugin: str) -> "Signing":
    """Return what signs a request with a plugin of MLflow's, which knows requests' objects only."""
    try:
        import requests

        registry: Any = import_module("mlflow.tracking.request_auth.registry")
    except ImportError as error:
        raise MissingPackage(f"{PLUGIN}={plugin}", "mlflow-skinny", "mlflow") from error
    auth: Any = registry.fetch_auth(plugin)  # Any, as above: MLflow leaves both untyped
    if auth is None:
        raise BadArgument(PLUGIN, plugin, "the name of an installed plugin that signs in to MLflow")

    def sign(request: "httpx2.Request") -> "httpx2.Request":
        theirs = requests.Request(request.method, str(request.url), dict(request.headers))
        try:
            signed: requests.PreparedRequest = auth(theirs.prepare())
        except Exception as error:  # nothing is known of a plugin's errors
            why = f"its plugin fails ({type(error).__name__})"
            raise NotAllowed(f"{PLUGIN}={plugin}", why, "Its own documentation helps.") from error
        request.headers.update({name: _text(value) for name, value in signed.headers.items()})
        return request

    return sign


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
