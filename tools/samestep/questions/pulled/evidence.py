"""What a pull shows, recorded in the forms that claims are held against."""

from collections.abc import Sequence

import numpy as np

from samestep.analysis.table import Table, sampled
from samestep.answers.answer import LegendEntry
from samestep.answers.history import FetchedHistory, Rows
from samestep.answers.pull import Pulled
from samestep.ledger import recorded
from samestep.questions.history_records import X_AND_STEP, axis_of, numbers
from samestep.questions.identity import identified
from samestep.questions.pulled.run import Gathered
from samestep.questions.sides import reading_caveats
from samestep.settings import Project
from samestep.validator import validate

ROWS = 50
COLUMNS = 40


def keep(answer: Pulled, runs: Sequence[Gathered], project: Project) -> None:
    """Record the parts of a pull under ids of their own, as their own questions would."""
    diff = answer.config_diff
    if diff is not None:
        asked = {"runs": [entry.run for entry in diff.runs], "include": ["parameters"]}
        recorded(diff, asked, project.directory)
    for one, entry in zip(runs, answer.runs, strict=True):
        saved = [
            x.x for x in answer.checkpoints if x.full_name == one.side.name and x.x is not None
        ]
        evidence = _evidence(one, entry, saved)
        if evidence is not None:
            recorded(evidence, {"run": entry.run, "pulled": True}, project.directory)


def _evidence(one: Gathered, entry: LegendEntry, saved: Sequence[float]) -> FetchedHistory | None:
    """Return the rows of a run that hold its newest values, and those where it was saved."""
    if one.table is None:
        return None
    table = one.table.only([*one.columns[:COLUMNS], *one.wish.derive]).with_values()
    rows = table.at(_telling(table, saved))
    return validate(
        identified(
            FetchedHistory(
                answer_id="",
                runs=[entry],
                caveats=reading_caveats([one.side]),
                reading=f"Rows of {one.side.name} that a pull rests on.",
                x=axis_of(one.axis),
                config=None,
                summary=None,
                schema=None,
                stats=None,
                history=Rows(
                    columns=[*X_AND_STEP, *rows.columns],
                    rows=numbers(rows),
                    total=len(rows),
                    sampled=False,
                ),
                next_cursor=None,
            ),
            "his",
        )
    )


def _telling(table: Table, saved: Sequence[float]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the numbers of the rows to keep."""
    newest = [np.flatnonzero(there)[-1:] for there in table.logged.values()]
    at_saved = np.flatnonzero(np.isin(table.x, saved))
    return np.unique(np.concatenate([sampled(table, ROWS), at_saved, *newest]))
