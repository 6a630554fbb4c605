"""Answers as they are given: recorded, and never held up by it."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from samestep.analysis.redaction import CREDENTIALS_IN_ADDRESS
from samestep.answers.answer import Answer, Caveat
from samestep.errors import SamestepError
from samestep.ledger.content import digest_of, directory_text
from samestep.ledger.file import on_a_whole_file, writing
from samestep.ledger.keeping import OFF, PLACE, Keeping
from samestep.ledger.pruning import prune
from samestep.ledger.said import say_once

AnyAnswer = TypeVar("AnyAnswer", bound=Answer)
NOT_RECORDED = frozenset({"check_claim"})
"""Its answers quote prose, in which nobody looked for secrets, and are evidence of nothing."""


def recorded(answer: AnyAnswer, arguments: Mapping[str, object], project: Path) -> AnyAnswer:
    """Record an answer, and return it naming the one it supersedes, if any.

    Whatever befalls the ledger is said on standard error, and the answer returned as it is.
    """
    if answer.tool in NOT_RECORDED:
        return answer
    try:
        keeping = Keeping.of(os.environ)
        if keeping is None:
            return answer
        asked = (_question(answer.tool, arguments, project), directory_text(project))
        return on_a_whole_file(keeping.file, lambda: _append(answer, asked, keeping))
    except (OSError, sqlite3.Error, SamestepError) as trouble:
        why = f"{type(trouble).__name__}: {trouble}"
        say_once(f"answers are not recorded ({why}). {PLACE} names another file, or {OFF}.")
        return answer


def _question(tool: str, arguments: Mapping[str, object], project: Path) -> str:
    """Return what a question is known by: its arguments, without a password in an address."""
    asked = json.dumps([tool, arguments, str(project.resolve())], sort_keys=True, default=str)
    text = CREDENTIALS_IN_ADDRESS.sub("", asked)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _append(answer: AnyAnswer, asked: tuple[str, str], keeping: Keeping) -> AnyAnswer:
    now = time.time()
    with writing(keeping.file) as ledger:
        earlier = _superseded(ledger, asked[0], answer.answer_id)
        named = answer if earlier is None else _naming(answer, earlier)
        content = _content(ledger, json.dumps(named.model_dump(mode="json")))
        entry = (now, answer.answer_id, answer.tool, *asked, earlier, content)
        ledger.execute(
            "INSERT INTO given (at, answer_id, tool, question, project, supersedes, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            entry,
        )
        prune(ledger, keeping, now)
    return named


def _superseded(ledger: sqlite3.Connection, question: str, answer_id: str) -> str | None:
    """Return the answer the question had before; of one given before, what it superseded then."""
    same = ledger.execute(
        "SELECT supersedes FROM given WHERE question = ? AND answer_id = ?"
        " ORDER BY number DESC LIMIT 1",
        (question, answer_id),
    ).fetchone()
    before = ledger.execute(
        "SELECT answer_id FROM given WHERE question = ? ORDER BY number DESC LIMIT 1", (question,)
    ).fetchone()
    found = same or before
    return None if found is None else found[0]


def _naming(answer: AnyAnswer, earlier: str) -> AnyAnswer:
    text = f"This supersedes {earlier}, the answer this question had before."
    caveat = Caveat(rule="traceable", severity="notes", text=text)
    return answer.model_copy(update={"caveats": [*answer.caveats, caveat]})


def _content(ledger: sqlite3.Connection, text: str) -> int:
    """Return the number of an answer's content, which is kept once however often it is given."""
    digest = digest_of(text)
    ledger.execute("INSERT OR IGNORE INTO contents (digest, answer) VALUES (?, ?)", (digest, text))
    [number] = ledger.execute("SELECT content FROM contents WHERE digest = ?", (digest,)).fetchone()
    return int(number)
