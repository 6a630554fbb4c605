"""Databricks as an MLflow server: which workspace, and who signs in to it."""

from collections.abc import Generator, Mapping
from configparser import ConfigParser
from configparser import Error as NoConfig
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from samestep.errors import BadReference, MissingPackage, NotAllowed, Unreachable, shown_text
from samestep.model import Source
from samestep.readers.mlflow.server.access import bearer, opened

if TYPE_CHECKING:
    import httpx2

FORM = "databricks"
SIGN_IN = (
    "Set DATABRICKS_HOST and DATABRICKS_TOKEN, or name a profile of ~/.databrickscfg: "
    "mlflow:databricks://PROFILE."
)
DEFAULT = "DEFAULT"


def profile_of(source: Source) -> str | None:
    """Return the profile that `databricks://profile` names; None for `databricks` alone.

    Raises:
        BadReference: It is neither.
    """
    scheme, mark, profile = source.location.partition("://")
    if scheme != FORM or bool(mark) != bool(profile) or not profile.isprintable():
        raise BadReference(
            "source", str(source), "mlflow:databricks or mlflow:databricks://profile"
        )
    return profile or None


def client_of(
    source: Source, profile: str | None, environment: Mapping[str, str]
) -> "httpx2.Client":
    """Return a client of the workspace, signed in with its token, else as Databricks' SDK does.

    Raises:
        NotAllowed: Nothing says which workspace, or who signs in.
        MissingPackage: The SDK would be needed, and is not installed.
    """
    kept = _kept(profile, environment)
    if profile is None and environment.get("DATABRICKS_HOST"):
        kept = {"host": environment["DATABRICKS_HOST"]}
        kept["token"] = environment.get("DATABRICKS_TOKEN", "")
    host, token = kept.get("host", "").rstrip("/"), kept.get("token")
    if host and token:
        headers = {"Authorization": bearer("DATABRICKS_TOKEN", token)}
        return opened(_url(host), headers, environment)
    return _by_sdk(source, profile, environment)


def _by_sdk(source: Source, profile: str | None, environment: Mapping[str, str]) -> "httpx2.Client":
    try:
        from databricks.sdk.core import Config
    except ImportError as error:
        raise MissingPackage(str(source), "databricks-sdk", "mlflow") from error
    with _signing_in(source):
        config = Config(profile=profile, config_file=str(_file(environment)))

    def sign(request: "httpx2.Request") -> "httpx2.Request":
        with _signing_in(source):
            request.headers.update(config.authenticate())
        return request

    return opened(_url(str(config.host)), {}, environment, sign)


@contextmanager
def _signing_in(source: Source) -> Generator[None]:
    """Turn the SDK's errors, which it derives from two of Python's, into refusals."""
    try:
        yield
    except ValueError as error:
        said = str(error).partition(" Config:")[0]  # what follows repeats the configuration
        why = f"Databricks' SDK finds no way to sign in ({shown_text(said)})"
        raise NotAllowed(str(source), why, SIGN_IN) from error
    except OSError as error:
        why = f"Databricks' SDK cannot sign in ({type(error).__name__})"
        raise Unreachable(str(source), why, SIGN_IN) from error


def _url(host: str) -> str:
    return host.rstrip("/") if "://" in host else f"https://{host}"


def _kept(profile: str | None, environment: Mapping[str, str]) -> dict[str, str]:
    parser = ConfigParser(interpolation=None, default_section="")
    try:
        parser.read(_file(environment), encoding="utf-8")
    except (NoConfig, OSError, UnicodeDecodeError):  # the SDK says what is wrong with it
        return {}
    section = profile or environment.get("DATABRICKS_CONFIG_PROFILE") or DEFAULT
    return dict(parser[section]) if parser.has_section(section) else {}


def _file(environment: Mapping[str, str]) -> Path:
    named = environment.get("DATABRICKS_CONFIG_FILE")
    home = environment.get("HOME") or environment.get("USERPROFILE") or "~"
    return Path(named or f"{home}/.databrickscfg").expanduser()
