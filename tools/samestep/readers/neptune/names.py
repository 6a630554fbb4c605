"""The names of runs that share a source."""

from collections import Counter
from collections.abc import Sequence


def full_names(named: Sequence[tuple[str, str | None]]) -> list[str]:
    """Return each run's display name where no other has it, and with its id where one has.

    Args:
        named: The id of each run, and its display name where it has one.
    """
    shown = [name or run_id for run_id, name in named]
    count = Counter(shown)
    return [
        name if count[name] == 1 or name == run_id else f"{name} {run_id}"
        for name, (run_id, _) in zip(shown, named, strict=True)
    ]


def run_ids(candidates: Sequence[Sequence[str]]) -> list[str]:
    """Return the first of each run's candidates that is no other run's.

    Args:
        candidates: Ids of each run, each longer than the one before; the last is unique.
    """
    counts = Counter(one for ids in candidates for one in ids)
    return [next((one for one in ids if counts[one] == 1), ids[-1]) for ids in candidates]
