"""How far a long read has come, told to whoever asked for it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Told = Callable[[str, int, int | None], None]
"""Takes what is being read, how much of it is done, and of how much where that is known.

It may raise, and so stop the read, when the answer is no longer wanted.
"""

_listener: ContextVar[Told | None] = ContextVar("listener", default=None)


def tell(what: str, done: int, total: int | None = None) -> None:
    """Say how far a read has come; between any two requests, so that it can be stopped there."""
    told = _listener.get()
    if told is not None:
        told(what, done, total)


@contextmanager
def listening(told: Told) -> Generator[None]:
    """Hand everything told inside the block to `told`."""
    token = _listener.set(told)
    try:
        yield
    finally:
        _listener.reset(token)


def sentence(what: str, done: int, total: int | None) -> str:
    """Return how far a read has come in words."""
    return f"{what}: {done}" if total is None else f"{what}: {done} of {total}"
