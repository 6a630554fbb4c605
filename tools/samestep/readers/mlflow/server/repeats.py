"""Which requests are worth asking again, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLError
from typing import TYPE_CHECKING

from samestep.readers.mlflow.server.refusals import Reply, causes

if TYPE_CHECKING:
    import httpx2

AGAIN = frozenset((408, 429, 500, 502, 503, 504))
"""Errors that pass, by MLflow's own client."""
ATTEMPTS = 4
FIRST_PAUSE = 0.25  # seconds; each further one is twice as long


@dataclass(frozen=True, slots=True)
class Repeated:
    """A request that was asked again: why, and after how many seconds."""

    reason: str
    pause: float


def pause_after(outcome: "Reply | httpx2.RequestError", attempt: int) -> float | None:
    """Return the seconds until a request is worth asking again; None where it is not."""
    import httpx2

    longer = FIRST_PAUSE * 2.0 ** (attempt - 1)
    if not isinstance(outcome, Reply):
        broke_off = (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)
        is_refused = any(isinstance(cause, SSLError) for cause in causes(outcome))
        passes = isinstance(outcome, broke_off) and not is_refused
        return longer if passes and attempt < ATTEMPTS else None
    if outcome.status not in AGAIN or attempt >= ATTEMPTS:
        return None
    asked = _asked_for(outcome.headers.get("retry-after", ""))
    return longer if asked is None else asked


def _asked_for(written: str) -> float | None:
    """Return the seconds of a Retry-After header: a number, or a date."""
    try:
        return max(0.0, float(written))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without a zone
        return None


def reason(outcome: "Reply | httpx2.RequestError") -> str:
    """Return why a request is asked again, in a few words."""
    return f"HTTP {outcome.status}" if isinstance(outcome, Reply) else "broke off"
