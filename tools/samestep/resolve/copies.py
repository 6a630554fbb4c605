"""Runs that lie on this machine and on their tracker's server too."""

from collections import defaultdict
from collections.abc import Sequence

from samestep.model import RunHead, RunRef
from samestep.readers.base import Mirror, Reader

Listed = tuple[Reader, RunHead]


def without_copies(runs: Sequence[Listed]) -> tuple[list[Listed], list[str]]:
    """Return each run once, from this machine where all of it lies here, and what that leaves out.

    A run may lie here in part: its process goes on elsewhere, or was killed, or the log is
    damaged. The server's copy is then the one that is kept.
    """
    on_servers = _by_id(runs)
    dropped: set[RunRef] = set()
    for reader, head in runs:
        if isinstance(reader, Mirror):
            plain_id = head.ref.id.rpartition("/")[2]
            copies = [ref for ref in on_servers[plain_id] if reader.is_copy_of(head.ref.id, ref)]
            if copies:
                dropped.update(copies if reader.is_whole(head.ref.id) else [head.ref])
    kept = [one for one in runs if one[1].ref not in dropped]
    return kept, _said(len(runs) - len(kept))


def _by_id(runs: Sequence[Listed]) -> defaultdict[str, list[RunRef]]:
    found: defaultdict[str, list[RunRef]] = defaultdict(list)
    for reader, head in runs:
        if not isinstance(reader, Mirror):
            found[head.ref.id].append(head.ref)
    return found


def _said(count: int) -> list[str]:
    if not count:
        return []
    runs = "1 run lies" if count == 1 else f"{count} runs lie"
    which = "from this machine where all of it lies here, else from the server"
    return [f"{runs} on this machine and on a server too, and is listed once: {which}."]
