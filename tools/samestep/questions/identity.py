"""An answer's id: equal for the same question on unchanged runs."""

import hashlib
import json
from typing import TypeVar, cast

from samestep.answers.answer import Answer

AnyAnswer = TypeVar("AnyAnswer", bound=Answer)
CLOCKED = ("answer_id", "state")
"""Fields that are no part of an answer's identity: a run's state changes with the clock."""


def identified(answer: AnyAnswer, prefix: str) -> AnyAnswer:
    """Return the answer with its id: a hash of everything it says but the runs' states."""
    content = _without_clock(answer.model_dump(mode="json"))
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    return answer.model_copy(update={"answer_id": f"{prefix}-{digest}"})


def _without_clock(content: object) -> object:
    if isinstance(content, dict):
        fields = cast("dict[str, object]", content)
        return {key: _without_clock(value) for key, value in fields.items() if key not in CLOCKED}
    if isinstance(content, list):
        return [_without_clock(value) for value in cast("list[object]", content)]
    return content
