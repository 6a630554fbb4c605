"""The recorded answers that a text is held against."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samestep.ledger import RecordedAnswer

NEWEST = 50


def held(ids: Sequence[str] | None, project: Path) -> "list[RecordedAnswer]":
    """Return the answers of some ids, or else the newest of a project, the newest first.

    Raises:
        NoSuchAnswer: An id is not recorded.
    """
    from samestep import ledger

    if ids:
        for answer_id in ids:
            ledger.answer(answer_id, project=project)
        return ledger.answers(list(ids), project=project)
    return ledger.answers(newest=NEWEST, project=project)
