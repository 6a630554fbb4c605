"""Recorded answers, found again by their ids."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.errors import MOST_NAMED, NoSuchAnswer, SamestepError
from samestep.ledger.content import digest_of, directory_text
from samestep.ledger.file import on_a_whole_file, reading
from samestep.ledger.keeping import OFF, PLACE, Keeping
from samestep.ledger.said import say_once

FOUND = (
    "SELECT number, answer_id, tool, at, supersedes, project, digest, answer,"
    " (SELECT later.answer_id FROM given AS later WHERE later.question = given.question"
    " ORDER BY later.number DESC LIMIT 1)"
    " FROM given JOIN contents USING (content)"
)
BY_ID = f"{FOUND} WHERE answer_id = ? AND ? IN ('', project) ORDER BY number DESC LIMIT 1"
BY_AGE = "SELECT answer_id FROM given WHERE ? IN ('', project) ORDER BY number DESC"


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One answer as it was given."""

    answer_id: str
    tool: str
    recorded_at: float
    """When it was last given, in seconds since 1970."""
    supersedes: str | None
    """The earlier answer to the same question, on runs that have changed since."""
    answer: Mapping[str, object]
    """The answer's own JSON."""
    project: str = ""
    """The directory it was asked in, from which its references lead to the runs."""
    superseded_by: str | None = None
    """The newest answer to the same question, where that is another one."""


def answers(
    ids: Sequence[str] | None = None, newest: int = 50, *, project: Path | None = None
) -> list[RecordedAnswer]:
    """Return recorded answers, the newest first: those of some ids, else the newest.

    Args:
        ids: Ids of answers; one that is not recorded is left out.
        newest: How many to return where no ids are given.
        project: Only answers asked in this directory; without it those of every one.
    """
    try:
        keeping = Keeping.of(os.environ)
        if keeping is None:
            return []
        asked_in = directory_text(project) if project else ""
        return on_a_whole_file(keeping.file, lambda: _found(keeping.file, ids, newest, asked_in))
    except (OSError, sqlite3.Error, SamestepError) as trouble:
        say_once(f"recorded answers cannot be read ({type(trouble).__name__}: {trouble}).")
        return []


def answer(answer_id: str, *, project: Path | None = None) -> RecordedAnswer:
    """Return one recorded answer.

    Raises:
        NoSuchAnswer: It is not recorded, or not in this project where one is given.
    """
    found = answers([answer_id], project=project)
    if not found:
        known = answers(newest=MOST_NAMED, project=project)
        listed = [f"{one.answer_id!r} ({one.tool})" for one in known]
        off = f"{PLACE}={OFF}" if Keeping.of(os.environ) is None else None
        raise NoSuchAnswer(answer_id, listed, off)
    return found[0]


Row = tuple[int, str, str, object, str | None, str, bytes, object, str]
"""An entry as it lies in the file; where that is damaged, a time and a text may be anything."""


def _found(
    file: Path, ids: Sequence[str] | None, newest: int, project: str
) -> list[RecordedAnswer]:
    with reading(file) as ledger:
        if ledger is None:
            return []
        wanted = _newest_ids(ledger, newest, project) if ids is None else dict.fromkeys(ids)
        rows = (ledger.execute(BY_ID, (one, project)).fetchone() for one in wanted)
        kept = sorted((row for row in rows if row), reverse=True)
    return list(_whole(kept))


def _newest_ids(ledger: sqlite3.Connection, newest: int, project: str) -> dict[str, None]:
    found: dict[str, None] = {}
    for (answer_id,) in ledger.execute(BY_AGE, (project,)):
        if len(found) >= newest:
            break
        found[answer_id] = None
    return found


def _whole(rows: Sequence[Row]) -> Iterator[RecordedAnswer]:
    """Yield the answers that are what was recorded, and say how many are not."""
    found = [_entry(*row) for row in rows]
    damaged = found.count(None)
    if damaged:
        say_once(f"{damaged} of {len(rows)} recorded answers are damaged and were left out.")
    yield from (entry for entry in found if entry is not None)


def _entry(  # noqa: PLR0913, PLR0917 # one parameter per column
    _: int,
    answer_id: str,
    tool: str,
    at: object,
    supersedes: str | None,
    project: str,
    digest: bytes,
    text: object,
    newest: str,
) -> RecordedAnswer | None:
    """Return an entry; None where its content is not what was recorded, or not its own."""
    if not isinstance(text, str) or not isinstance(at, float) or digest != digest_of(text):
        return None
    answer: dict[str, object] = json.loads(text)
    if (answer["answer_id"], answer["tool"]) != (answer_id, tool):
        return None
    later = newest if newest != answer_id else None
    return RecordedAnswer(answer_id, tool, at, supersedes, answer, project, later)
