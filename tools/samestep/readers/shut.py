"""A source that cannot be opened, among others that can."""

from typing import NoReturn

from samestep.errors import SamestepError
from samestep.model import Listing, Source, Unreadable


class ShutReader:
    """Stands for a source that was found and cannot be read; lists that, and why."""

    def __init__(self, source: Source, refusal: SamestepError) -> None:
        self.source = source
        self._refusal = refusal

    def list(self) -> Listing:
        """Return no run, and the source as unreadable."""
        return Listing((), (Unreadable(str(self.source), str(self._refusal)),))

    def read(self, run_id: str) -> NoReturn:
        """Refuse, as opening the source did."""
        del run_id
        raise self._refusal
