"""What MLflow's readers say of runs that are not there, or not any more."""

import re
from collections.abc import Mapping

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import RunRef, Source

LIKE_AN_ID = re.compile(r"[0-9a-f]{8,}", re.IGNORECASE)


def no_such_run(source: Source, run_id: str, names: Mapping[str, str]) -> NoSuchRun:
    """Return the refusal of an unknown id; `names` are the full names there are, by id.

    Whoever wrote a name is told the names, whoever mistyped an id the ids too.
    """
    known = list(names.values())
    if LIKE_AN_ID.fullmatch(run_id):
        known = [one if one == name else f"{one} ({name})" for one, name in names.items()]
    return NoSuchRun(run_id, known, str(source))


def is_deleted(source: Source, run_id: str) -> NotReadable:
    """Return the refusal of a run that was deleted and not yet removed for good."""
    what = str(RunRef(source, run_id))
    return NotReadable(what, "it was deleted in MLflow", f"`mlflow runs restore --run-id {run_id}`")


def deleted(source: Source, runs: int, experiments: int = 0) -> tuple[str, ...]:
    """Return what a listing says of deleted runs: how many there are."""
    counts = [
        f"{number} deleted {word}{'' if number == 1 else 's'}"
        for number, word in ((runs, "run"), (experiments, "experiment"))
        if number
    ]
    if not counts:
        return ()
    are = "is" if runs + experiments == 1 else "are"
    return (f"{' and '.join(counts)} of {source} {are} left out, as MLflow does.",)
