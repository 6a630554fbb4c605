"""Where the ledger lies, and how much of it is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from samestep.errors import BadArgument

PLACE = "SAMESTEP_LEDGER"
OFF = "off"
DAYS, DEFAULT_DAYS = "SAMESTEP_LEDGER_DAYS", 90.0
MEGABYTES, DEFAULT_MEGABYTES = "SAMESTEP_LEDGER_MEGABYTES", 50.0
SECONDS_OF_A_DAY = 86_400.0
BYTES_OF_A_MEGABYTE = 1_000_000
ADDRESS = re.compile(r"file:|:memory:|[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""What SQLite and others take for more than a path; as a path it would name odd directories."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The ledger's file, and the age and size at which it forgets the oldest answers."""

    file: Path
    seconds: float
    size: int
    """Bytes."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self | None:
        """Return what the environment sets; None where it switches the ledger off.

        It is the environment alone that says so: a samestep.toml comes with a project, and what a
        project brings along names no file to write.

        Raises:
            BadArgument: A setting that cannot be used.
        """
        named = environment.get(PLACE, "").strip()
        if named.lower() == OFF:
            return None
        file = _expanded(named) if named else _in_users_state()
        if not file.is_absolute():
            raise BadArgument(
                PLACE, str(file), f"a path, or {OFF}: this user has no home directory"
            )
        days = _positive(environment, DAYS, DEFAULT_DAYS)
        megabytes = _positive(environment, MEGABYTES, DEFAULT_MEGABYTES)
        return cls(file, days * SECONDS_OF_A_DAY, int(megabytes * BYTES_OF_A_MEGABYTE))


def _expanded(named: str) -> Path:
    if ADDRESS.match(named):
        raise BadArgument(PLACE, named, f"a path of this machine, or {OFF}; this is an address")
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError as error:  # no such user, or none with a home
        raise BadArgument(PLACE, named, f"a path of this machine, or {OFF} ({error})") from error


def _in_users_state() -> Path:
    from platformdirs import user_state_path

    return user_state_path("samestep", appauthor=False) / "ledger.sqlite"


def _positive(environment: Mapping[str, str], setting: str, default: float) -> float:
    written = environment.get(setting)
    if written is None:
        return default
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise BadArgument(setting, written, "a number above 0")
    return number
