"""Who may scan a run now: wandb-core 0.31 fetches an export over the one it is reading from."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from samestep.progress import tell

LOOK = 0.25  # seconds between two moments at which a reader that waits can be stopped
_held: dict[str, Lock] = {}


@contextmanager
def one_at_a_time(export: str, what: str) -> Generator[None]:
    """Wait until no other thread scans the run whose exports have this name, and keep it so."""
    lock = _held.setdefault(export, Lock())
    while not lock.acquire(timeout=LOOK):
        tell(f"waiting for another question that reads {what}", 0)
    try:
        yield
    finally:
        lock.release()
