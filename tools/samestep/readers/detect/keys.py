"""Whether the keys of trackers are set; never what they are."""

from collections.abc import Mapping
from netrc import NetrcParseError, netrc
from pathlib import Path
from urllib.parse import urlsplit

WANDB_HOSTS = ("api.wandb.ai", "api.forge.coreweave.com")


def wandb_key(environment: Mapping[str, str]) -> str:
    """Return what says that there is a W&B key, as words; "" where there is none."""
    if environment.get("WANDB_API_KEY"):
        return "WANDB_API_KEY is set"
    base = environment.get("WANDB_BASE_URL", "")
    try:
        own = urlsplit(base).hostname
    except ValueError:
        own = None
    logins = _logins(environment)
    host = next((host for host in ([own] if own else WANDB_HOSTS) if host in logins), None)
    return f"a login for {host} is kept in netrc" if host else ""


def databricks_host(environment: Mapping[str, str]) -> str:
    """Return what says which Databricks workspace is meant, as words; "" where nothing does."""
    if environment.get("DATABRICKS_HOST"):
        return "DATABRICKS_HOST is set"
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    file = environment.get("DATABRICKS_CONFIG_FILE") or f"{home}/.databrickscfg"
    return "a Databricks profile is kept" if Path(file).is_file() else ""


def _logins(environment: Mapping[str, str]) -> set[str]:
    """Return the hosts that the user's netrc file has a login for."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    files = [environment.get("NETRC"), *([f"{home}/.netrc", f"{home}/_netrc"] if home else [])]
    hosts: set[str] = set()
    for file in filter(None, files):
        try:
            hosts.update(netrc(file).hosts if Path(file).is_file() else ())
        except (OSError, NetrcParseError, UnicodeDecodeError):
            continue
    return hosts
