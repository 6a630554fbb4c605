"""Runs of any sources, read as fast as those let us: servers are asked side by side."""

from collections.abc import Callable, Sequence
from itertools import chain

from samestep.errors import SamestepError
from samestep.model import Run
from samestep.progress import tell
from samestep.readers.base import Reader, Selective, Several, Wanted
from samestep.readers.together import together

Asked = tuple[Reader, str]
"""A reader and the id of one of its runs."""
Outcome = Run | SamestepError


def read_each(asked: Sequence[Asked], wanted: Wanted | None = None) -> list[Outcome]:
    """Return each run, or the refusal to read it, in the order asked.

    Args:
        asked: Which runs.
        wanted: Which metrics are needed of runs where each costs a request; None is all.
    """
    remote = [one for one in asked if isinstance(one[0], Selective)]
    local = [one for one in asked if not isinstance(one[0], Selective)]
    batches = _batches(remote, wanted)
    outcomes = together([batch for batch, _ in batches])
    found: dict[tuple[int, str], Outcome] = {}
    for (_, of), outcome in zip(batches, outcomes, strict=True):
        each = [outcome] * len(of) if isinstance(outcome, SamestepError) else outcome
        found.update(zip(map(_key, of), each, strict=True))
    for at, one in enumerate(local):
        tell("reading runs", at, len(local))
        found[_key(one)] = _outcome(*one, wanted)
    return [found[_key(one)] for one in asked]


Batch = tuple[Callable[[], list[Outcome]], Sequence[Asked]]


def _batches(asked: Sequence[Asked], wanted: Wanted | None) -> list[Batch]:
    """Return calls that read the runs: one for all runs of a reader that can, else one each."""
    readers = {id(reader): reader for reader, _ in asked}
    by_reader = {key: [one for one in asked if id(one[0]) == key] for key in readers}
    return list(
        chain.from_iterable(_of_reader(readers[key], of, wanted) for key, of in by_reader.items())
    )


def _of_reader(reader: Reader, asked: Sequence[Asked], wanted: Wanted | None) -> list[Batch]:
    if isinstance(reader, Several) and wanted is not None and len(asked) > 1:
        ids = [run_id for _, run_id in asked]
        return [(lambda: reader.read_several(ids, wanted), asked)]
    return [(_one(one, wanted), [one]) for one in asked]


def _one(asked: Asked, wanted: Wanted | None) -> Callable[[], list[Outcome]]:
    return lambda: [_outcome(*asked, wanted)]


def _outcome(reader: Reader, run_id: str, wanted: Wanted | None) -> Outcome:
    try:
        if wanted is not None and isinstance(reader, Selective):
            return reader.read_wanted(run_id, wanted)
        return reader.read(run_id)
    except SamestepError as refusal:
        return refusal


def _key(asked: Asked) -> tuple[int, str]:
    return id(asked[0]), asked[1]
