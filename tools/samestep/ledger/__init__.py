"""The answers given, by id, so that a later claim can be traced to the one it rests on."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samestep.ledger.found import RecordedAnswer, answer, answers
    from samestep.ledger.given import recorded

__all__ = ["RecordedAnswer", "answer", "answers", "recorded"]


def __getattr__(name: str) -> object:
    # Reading the ledger needs no answer's type: `samestep check` starts without pydantic.
    if name not in __all__:
        raise AttributeError(name)
    home = "given" if name == "recorded" else "found"
    return getattr(import_module(f"samestep.ledger.{home}"), name)
