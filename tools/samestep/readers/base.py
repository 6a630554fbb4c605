"""What every reader promises."""

from typing import Protocol

from samestep.model import Listing, Run, Source


class Reader(Protocol):
    """Reads the runs of one source.

    A reader fetches, maps and returns. It never judges, fills, smooths or drops a point, leaves
    the store as it found it to the byte, and turns every foreign exception into a refusal.
    """

    @property
    def source(self) -> Source:
        """The source it reads."""
        ...

    def list(self) -> Listing:
        """Return the source's runs without reading their histories where the format allows."""
        ...

    def read(self, run_id: str) -> Run:
        """Return one run with its whole history.

        Raises:
            NoSuchRun: The source has no run of that id.
            NotReadable: The run is there, and nothing of it can be read.
        """
        ...
