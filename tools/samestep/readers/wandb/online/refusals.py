"""What went wrong between us and a W&B server, in words a person can act on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from samestep.errors import NotAllowed, NotReadable, SamestepError, Unreachable, shown_text
from samestep.readers.wandb.online.nodes import entries, whole

TIMED_OUT = "did not respond in time"  # the client's words for a limit that we set
NO_KEY = ("UsageError", "no key is set")
DENIED = frozenset({401, 403})
NOT_FOUND, TOO_MANY, SERVER_ERROR = 404, 429, 500
LOGIN = "Set WANDB_API_KEY to a key of that server, or run `wandb login`."
CHECK_SERVER = "WANDB_BASE_URL names the server: check it, and that the server is up."
EXPORT = "parquet reader"
STORAGE = (
    "Exports lie in the storage that the server names: check that it can be reached from here."
)
SLOW = "SAMESTEP_DEADLINE (seconds, 30 by default) lets a call take longer."
CERTIFICATE = (
    "SSL_CERT_FILE names the file of certificates to trust; WANDB_BASE_URL names the server."
)
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
ABSENT = re.compile(r"not found|history found for run", re.IGNORECASE)
STATUS = re.compile(r"HTTP (?:status )?(\d{3})\b")
SENT = re.compile(
    r'^(?:GET|POST|Get|Post|Put|Head) "?[^\s"]+"?:? ?(?:giving up after \d+ \S+:? ?)?'
)


class Absent(NotReadable):
    """The server answers that there is no such thing."""


class Late(Unreachable):
    """It has not answered by the deadline."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call, as the client tells it."""

    kind: str
    message: str
    status: int | None
    retries: tuple[str, ...]
    """Why the client itself tried again meanwhile."""

    @classmethod
    def of(cls, said: Mapping[str, object], key: str | None) -> Self:
        """Read the worker's word; the key is in none of it."""
        message = _without_secrets(said.get("message", ""), key)
        retries = tuple(_without_secrets(one, key) for one in entries(said.get("retries")))
        found = STATUS.search(message)
        status = whole(said.get("status")) or (int(found[1]) if found else None)
        return cls(str(said.get("kind", "")), message, status, retries)

    @property
    def timed_out(self) -> bool:
        """Whether the call was given up at the deadline."""
        return TIMED_OUT in self.message

    @property
    def is_rate_limit(self) -> bool:
        """Whether the server asked for fewer requests."""
        return self.status == TOO_MANY

    @property
    def is_passing(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.status is not None and self.status >= SERVER_ERROR

    @property
    def is_absence(self) -> bool:
        """Whether the server answers, as itself, that there is no such thing."""
        if "<" in self.message:  # a page of some other server
            return False
        said = self.status is None and ABSENT.search(self.message) is not None
        return said or self.status == NOT_FOUND

    @property
    def is_denial(self) -> bool:
        """Whether the key is refused, or may not see what is asked for."""
        denied = self.status is None and "permission denied" in self.message.lower()
        return self.kind == "AuthenticationError" or self.status in DENIED or denied


def no_key(what: str, host: str) -> NotAllowed:
    """Return the refusal to ask a server without a key to it."""
    return NotAllowed(what, f"no key for {host} is set", LOGIN)


def refusal(failure: Failure, what: str, host: str, deadline: float) -> SamestepError:
    """Return what a failed call is refused with."""
    if (failure.kind, failure.message[: len(NO_KEY[1])]) == NO_KEY:
        return no_key(what, host)
    if failure.is_denial:
        why = f"{host} refuses the key ({_plain(failure)})"
        return NotAllowed(what, why, f"{LOGIN} The key's owner must be able to see the project.")
    if failure.timed_out or failure.is_rate_limit:
        return Late(what, f"{host} {_waited(failure, deadline)}", f"{SLOW} {CHECK_SERVER}")
    if failure.is_absence:
        return Absent(what, f"{host} answers {_plain(failure)!r}", CHECK_SERVER)
    return _broken(failure, what, host)


def _broken(failure: Failure, what: str, host: str) -> SamestepError:
    """Return the refusal of what answers otherwise than a W&B server that is well."""
    if _is_no_server(failure):
        why = f"what answers at {host} is no W&B server ({_plain(failure)})"
        return NotReadable(what, why, CHECK_SERVER)
    if EXPORT in failure.message:
        # The client takes whatever it is sent for an export, an error's page too.
        return Unreachable(what, "an export of its history cannot be fetched", STORAGE)
    if "x509" in failure.message:
        why = f"the certificate of {host} cannot be verified ({_plain(failure)})"
        return Unreachable(what, why, CERTIFICATE)
    if failure.kind == "WandbApiFailedError":
        return Unreachable(what, f"{host} fails with {_plain(failure)}", CHECK_SERVER)
    return NotReadable(what, f"W&B's client says {_plain(failure)}", CHECK_SERVER)


def _without_secrets(text: object, key: str | None) -> str:
    plain = CREDENTIALS.sub("", str(text))
    return plain.replace(key, "[redacted]") if key else plain


def _is_no_server(failure: Failure) -> bool:
    return failure.status == NOT_FOUND or "looking for beginning of value" in failure.message


def _waited(failure: Failure, deadline: float) -> str:
    """Return what was waited for in vain."""
    if failure.is_rate_limit or "HTTP 429" in failure.retries:
        return f"limits the rate of requests, and still does after {deadline:g} seconds"
    if failure.retries:
        last = _shorter(failure.retries[-1])
        return f"did not answer within {deadline:g} seconds; tried again after: {last}"
    return f"did not answer within {deadline:g} seconds"


def _plain(failure: Failure) -> str:
    """Return the last reason the client gives, without its account of the attempts."""
    last = failure.message.strip().rpartition("while retrying:")[2].strip()
    if failure.status is not None and (not last or "<" in last or last.startswith("unexpected")):
        return f"HTTP {failure.status}"
    return _shorter(last) or failure.kind


def _shorter(text: str) -> str:
    return shown_text(SENT.sub("", text.strip().rstrip(".")).strip())
