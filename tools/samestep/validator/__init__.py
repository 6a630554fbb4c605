"""Holds a finished answer against the protocol's rules; nothing leaves without passing."""

from typing import TypeVar

from samestep.answers.answer import Answer
from samestep.rules import RuleId
from samestep.validator.configs import CONFIG_CHECKS
from samestep.validator.convergences import CONVERGENCE_CHECKS
from samestep.validator.importances import IMPORTANCE_CHECKS
from samestep.validator.judgements import JUDGEMENT_CHECKS
from samestep.validator.names import NAME_CHECKS
from samestep.validator.outlooks import OUTLOOK_CHECKS
from samestep.validator.places import PLACE_CHECKS
from samestep.validator.problems import Check
from samestep.validator.rankings import RANKING_CHECKS
from samestep.validator.sentences import SENTENCE_CHECKS
from samestep.validator.significances import SIGNIFICANCE_CHECKS
from samestep.validator.slices import SLICE_CHECKS
from samestep.validator.sources import SOURCE_CHECKS
from samestep.validator.values import VALUE_CHECKS

__all__ = ["CHECKS", "RuleBroken", "validate"]

AnyAnswer = TypeVar("AnyAnswer", bound=Answer)

CHECKS: tuple[Check, ...] = (
    *PLACE_CHECKS,
    *VALUE_CHECKS,
    *NAME_CHECKS,
    *JUDGEMENT_CHECKS,
    *OUTLOOK_CHECKS,
    *CONVERGENCE_CHECKS,
    *CONFIG_CHECKS,
    *RANKING_CHECKS,
    *IMPORTANCE_CHECKS,
    *SIGNIFICANCE_CHECKS,
    *SENTENCE_CHECKS,
    *SLICE_CHECKS,
    *SOURCE_CHECKS,
)


class RuleBroken(Exception):
    """An answer of ours breaks a rule of the protocol: a bug, never shown to a caller."""

    def __init__(self, rule: RuleId, problem: str) -> None:
        self.rule = rule
        super().__init__(f"{rule}: {problem}")


def validate(answer: AnyAnswer) -> AnyAnswer:
    """Return the answer unchanged if it keeps every rule.

    Raises:
        RuleBroken: It breaks one; the first found is named.
    """
    for check in CHECKS:
        problem = next(iter(check.problems(answer)), None)
        if problem is not None:
            raise RuleBroken(check.rule, problem)
    return answer
