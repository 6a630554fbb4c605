"""Calls to neptune-query that end in time, and whose errors are refusals."""

import math
import os
import re
import threading
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from samestep.errors import NotAllowed, NotReadable
from samestep.readers.neptune.server.token import LOCAL_FORMS, SETTING, gone
from samestep.readers.together import in_time

if TYPE_CHECKING:
    from neptune_query.exceptions import NeptuneError

RETRIES = ("NEPTUNE_QUERY_RETRY_SOFT_TIMEOUT", "NEPTUNE_QUERY_RETRY_HARD_TIMEOUT")
"""How many seconds neptune-query goes on trying: 30 minutes unless set."""
ONE_ANSWER = "NEPTUNE_HTTP_REQUEST_TIMEOUT_SECONDS"
MOST_TRIES = 8.0
"""Seconds for which a request that fails is tried again: a server that is gone is gone."""
GRACE = 0.5  # seconds for neptune-query's own refusal, which says more, to come first
STATUS = re.compile(r"[Rr]esponse status: (\d{3})")

REFUSED = ("401", "403")

Answer = TypeVar("Answer")

_lock = threading.Lock()
_impatient: list[dict[str, str | None]] = []
"""What the environment said before it was changed, once for every call that is under way."""


def answer_of(call: Callable[[], Answer], source: str, address: str, seconds: float) -> Answer:
    """Return what a call answers.

    A call that is not done in time is left to itself: its thread ends when neptune-query gives
    up, for which it has no more time than the call had.

    Raises:
        Unreachable: The server does not answer in time, or only with errors.
        NotAllowed: It refuses the token.
        NotReadable: It is no such server, or has no such project.
    """
    from google.protobuf.message import DecodeError
    from neptune_query import exceptions

    # What it does with pandas will change one day: its makers can mend it, and no reader of runs.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"neptune_query\.")

    def patiently() -> Answer:
        with _impatience(seconds):
            return call()

    try:
        return in_time(patiently, seconds + GRACE)
    except TimeoutError as error:
        raise gone(source, address, f"no answer within {seconds:g} seconds") from error
    except exceptions.NeptuneError as error:
        raise _refusal(error, source, address) from error
    except (DecodeError, KeyError, RuntimeError, TypeError, ValueError) as error:
        # What neptune-query and pandas raise for an answer that is not as they expect.
        raise _no_neptune(source, type(error).__name__) from error


@contextmanager
def _impatience(seconds: float) -> Generator[None]:
    """Shorten neptune-query's patience, which it reads from the environment of the process."""
    most = dict.fromkeys(RETRIES, min(seconds, MOST_TRIES)) | {ONE_ANSWER: seconds}
    with _lock:
        _impatient.append({name: os.environ.get(name) for name in most})
        os.environ.update({name: str(max(1, math.ceil(most[name]))) for name in most})
    try:
        yield
    finally:
        with _lock:
            _put_back(_impatient.pop())


def _put_back(before: dict[str, str | None]) -> None:
    """Restore the environment; the last call to end restores what was there first."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _refusal(error: "NeptuneError", source: str, address: str) -> NotReadable:
    """Return one of neptune-query's errors as a refusal."""
    from neptune_query import exceptions

    status = STATUS.search(str(error))
    is_refused = isinstance(error, exceptions.NeptuneInvalidCredentialsError)
    if isinstance(error, exceptions.NeptuneRetryError):
        cause = f"{type(error.__cause__).__name__}: {error.__cause__}"
        return gone(source, address, f"HTTP status {status[1]}" if status else cause)
    if isinstance(error, exceptions.NeptuneProjectInaccessible):
        why = f"there is no such project, or the token in {SETTING} has no access to it"
        return NotAllowed(source, why, "A source is named neptune:workspace/project.")
    if is_refused or (status and status[1] in REFUSED):
        instead = f"Copy the token again from the server's page. {LOCAL_FORMS}"
        return NotAllowed(source, f"its server refuses the token in {SETTING}", instead)
    return _no_neptune(source, f"status {status[1]}" if status else type(error).__name__)


def _no_neptune(source: str, said: str) -> NotReadable:
    why = f"its server does not answer as a Neptune of version 3 does ({said})"
    return NotReadable(source, why, f"{SETTING} names the server. {LOCAL_FORMS}")
