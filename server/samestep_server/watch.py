"""Tells a client how far its question has come, and the question that nobody waits for it."""

import threading
import time
from typing import TYPE_CHECKING

import anyio.from_thread
import anyio.lowlevel

from samestep.progress import sentence

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context

SELDOM = 0.25  # seconds between two notifications; a client draws no faster


class NobodyWaits(Exception):
    """Ends a read whose client has cancelled the question."""


class Watch:
    """Listens to one question's reads, on whichever thread they run; made on the event loop."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._loop = anyio.lowlevel.current_token()
        self._cancelled = threading.Event()
        self._sending = threading.Lock()
        self._sent = 0
        self._next = 0.0

    def cancel(self) -> None:
        """Stop the question at the next thing it tells."""
        self._cancelled.set()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Send a notification, unless one was just sent.

        Raises:
            NobodyWaits: The question was cancelled.
        """
        if self._cancelled.is_set():
            raise NobodyWaits
        if not self._sending.acquire(blocking=False):
            return  # another thread of the same question is telling
        try:
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + SELDOM
                self._send(sentence(what, done, total))
        finally:
            self._sending.release()

    def _send(self, message: str) -> None:
        """Send one more; the protocol's number must grow, and several reads count at once."""
        self._sent += 1
        anyio.from_thread.run(
            self._context.report_progress, float(self._sent), None, message, token=self._loop
        )
