"""Calls that wait for others, such as servers: side by side, and no longer than they may take."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from typing import Generic, TypeVar

from samestep.errors import SamestepError
from samestep.progress import listening, tell

AT_ONCE = 8
BETWEEN = 0.25  # seconds between two looks at whether the answer is still wanted

Result = TypeVar("Result")


def together(
    calls: Sequence[Callable[[], Result]], at_once: int = AT_ONCE
) -> list[Result | SamestepError]:
    """Make calls side by side and return their results in the order of the calls.

    A refusal stands in the place of its call's result and takes no other call down. Whatever else
    a call raises (a bug, or the listener that wants no more) is raised here at once: no further
    call begins, those under way end at the next thing they tell, and none of them holds up the
    end of the process. What calls tell reaches the caller's listener, from several threads.

    Args:
        calls: What to call; each runs in a copy of the caller's context.
        at_once: How many are under way at most.
    """
    return _Batch(calls, at_once).results()


def in_time(
    call: Callable[[], Result], seconds: float, between: Callable[[], None] = lambda: None
) -> Result:
    """Make a call on a thread of its own and return its result, or what it raises.

    Args:
        call: What to call; it runs in a copy of the caller's context.
        seconds: How long it may take.
        between: Called again and again while waiting; what it raises gives the call up as well.

    Raises:
        TimeoutError: The call has not returned in time. It is given up: its thread may go on, and
            neither its outcome nor what it tells reaches anybody.
    """
    [result] = _Batch([call], 1).results(seconds, between)
    if isinstance(result, SamestepError):
        raise result
    return result


class _Batch(Generic[Result]):
    """Calls that several threads make, and what came of them."""

    def __init__(self, calls: Sequence[Callable[[], Result]], at_once: int) -> None:
        self._calls = calls
        self._caller = copy_context()
        self._waiting: Iterator[int] = iter(range(len(calls)))
        self._done: dict[int, Result | SamestepError] = {}
        self._raised: BaseException | None = None
        self._is_over = False
        self._news = threading.Condition()
        for _ in range(min(at_once, len(calls))):
            work = self._caller.copy().run
            threading.Thread(target=work, args=(self._work,), daemon=True).start()

    def results(
        self, seconds: float = float("inf"), between: Callable[[], None] = lambda: None
    ) -> list[Result | SamestepError]:
        """Wait for all results.

        Raises:
            TimeoutError: They are not there in time.
        """
        until = time.monotonic() + seconds
        try:
            while not self._all_there(until):
                between()
        finally:
            self._end(None)
        if self._raised is not None:
            raise self._raised
        return [self._done[number] for number in range(len(self._calls))]

    def _work(self) -> None:
        """Make one call after the other until there are no more, on a thread of its own."""
        with listening(self._told):
            while (number := self._next()) is not None:
                try:
                    result = self._calls[number]()
                except SamestepError as refusal:
                    result = refusal
                except BaseException as raised:  # noqa: BLE001 # it is raised where the results are
                    self._end(raised)
                    return
                with self._news:
                    self._done[number] = result
                    self._news.notify()

    def _all_there(self, until: float) -> bool:
        def ended() -> bool:
            return self._raised is not None or len(self._done) == len(self._calls)

        left = until - time.monotonic()
        with self._news:
            if self._news.wait_for(ended, max(0.0, min(left, BETWEEN))):
                return True
        if left <= 0.0:
            raise TimeoutError
        return False

    def _next(self) -> int | None:
        with self._news:
            return None if self._is_over else next(self._waiting, None)

    def _end(self, raised: BaseException | None) -> None:
        with self._news:
            if not self._is_over:
                self._is_over, self._raised = True, raised
            self._news.notify()

    def _told(self, what: str, done: int, total: int | None) -> None:
        """Hand on to the caller's listener, for as long as somebody waits."""
        if self._is_over:
            raise _NobodyWaits
        # A copy each time: no two threads can be inside one context.
        self._caller.copy().run(tell, what, done, total)


class _NobodyWaits(Exception):
    """Ends a call whose batch is over."""
