"""How a rule is checked: a function from an answer to what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from samestep.answers.answer import Answer
from samestep.rules import RuleId

Problem = str | None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and the function that finds where an answer breaks it."""

    rule: RuleId
    problems: Callable[[Answer], Iterator[str]]
