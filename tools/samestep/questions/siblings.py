"""Other runs of the same sources, as far as a listing tells their configs."""

from collections.abc import Sequence

from samestep.analysis.seeds import Candidate
from samestep.errors import SamestepError
from samestep.model import Run, Source
from samestep.readers.registry import open_reader, tracker_named
from samestep.settings import Project

WALKED = frozenset(["tensorboard", "files", "memory"])
"""Trackers whose listings name runs and no configs: only reading each run would tell."""
MOST_CANDIDATES = 1_000


def beside(runs: Sequence[Run], project: Project) -> list[Candidate]:
    """Return the runs that stand beside these and whose configs their source's listing tells.

    Only sources on this machine are listed for it: over a network it costs more than it tells.
    A source that cannot be listed now has told what was asked of it already: nothing is said of
    its other runs.
    """
    sources = dict.fromkeys(run.ref.source for run in runs if _tells(run.ref.source))
    found: list[Candidate] = []
    for source in sources:
        try:
            heads = open_reader(source, project).list().runs
        except SamestepError:
            continue
        found.extend(filter(None, map(Candidate.of_head, heads[:MOST_CANDIDATES])))
    return found


def _tells(source: Source) -> bool:
    """Return whether a source lies here, and its listing tells the configs of its runs."""
    is_here = tracker_named(source.tracker, str(source)).is_path(source.location)
    return is_here and source.tracker not in WALKED
