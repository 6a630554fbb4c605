"""What every reader promises."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from samestep.errors import SamestepError
from samestep.model import Listing, Run, RunRef, Source

Wanted = Callable[[str], bool]
"""Whether a metric of that name is wanted."""


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


@runtime_checkable
class Selective(Reader, Protocol):
    """A reader to which every metric costs something, and which can read fewer of them."""

    def read_wanted(self, run_id: str, wanted: Wanted) -> Run:
        """Return one run with the whole histories of the metrics that are wanted.

        The counters that place them (epoch, step, tokens) come with them, and
        `History.unread` names what was left out.

        Raises:
            NoSuchRun: The source has no run of that id.
            NotReadable: The run is there, and nothing of it can be read.
        """
        ...


@runtime_checkable
class Mirror(Reader, Protocol):
    """A reader of what lies on this machine of runs that a server may hold too."""

    def is_copy_of(self, run_id: str, ref: RunRef) -> bool:
        """Return whether a run on a server is, by its own log, the run of this id."""
        ...

    def is_whole(self, run_id: str) -> bool:
        """Return whether all of a run lies here, from its first row to its end, undamaged."""
        ...


@runtime_checkable
class Several(Reader, Protocol):
    """A reader that reads several runs in fewer requests than one after the other."""

    def read_several(self, run_ids: Sequence[str], wanted: Wanted) -> list[Run | SamestepError]:
        """Return each run as `read_wanted` would, or the refusal it would raise, in their order."""
        ...
