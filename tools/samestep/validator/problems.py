"""How a rule is checked: a function from an answer to what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from samestep.answers.answer import Answer
from samestep.answers.comparison import Comparison
from samestep.rules import RuleId


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and the function that finds where an answer breaks it."""

    rule: RuleId
    problems: Callable[[Answer], Iterator[str]]


def comparison_check(rule: RuleId, problems: Callable[[Comparison], Iterator[str]]) -> Check:
    """Return a check that only comparisons can fail."""
    return Check(
        rule, lambda answer: problems(answer) if isinstance(answer, Comparison) else iter(())
    )
