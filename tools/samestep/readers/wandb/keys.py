"""Whether a key to W&B is set; never what it is."""

from collections.abc import Mapping, Sequence
from netrc import NetrcParseError, netrc
from pathlib import Path
from urllib.parse import urlsplit

WANDB_HOSTS = ("api.wandb.ai", "api.forge.coreweave.com")


def wandb_key(environment: Mapping[str, str]) -> str:
    """Return what says that there is a W&B key, as words; "" where there is none."""
    if environment.get("WANDB_API_KEY"):
        return "WANDB_API_KEY is set"
    logins = _logins(environment)
    host = next((host for host in _wandb_hosts(environment) if host in logins), None)
    return f"a login for {host} is kept in netrc" if host else ""


def may_have_wandb_key(environment: Mapping[str, str]) -> bool:
    """Return whether W&B's client may find a key, without starting it.

    A settings file may hold a key, or name the server whose login counts: only the client knows.
    """
    if wandb_key(environment) or environment.get("WANDB_IDENTITY_TOKEN_FILE"):
        return True
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    directory = environment.get("WANDB_CONFIG_DIR") or f"{home}/.config/wandb"
    return Path(directory, "settings").is_file()


def _wandb_hosts(environment: Mapping[str, str]) -> Sequence[str]:
    """Return the names under which netrc may have a login for W&B: with the port, and without."""
    base = environment.get("WANDB_BASE_URL", "")
    try:
        own = urlsplit(base)
        names = [own.netloc.rpartition("@")[2], own.hostname or ""]
    except ValueError:
        return ()
    return list(filter(None, names)) if base else WANDB_HOSTS


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
