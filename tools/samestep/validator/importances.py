"""The rules over parameter importance: enough configurations, and no cause named."""

from collections.abc import Callable, Iterator

from samestep.answers.answer import Answer
from samestep.answers.importance import ImportanceAnswer
from samestep.phrases import number
from samestep.rules import RuleId
from samestep.validator.parts import slack
from samestep.validator.problems import Check

FEWEST, ENOUGH = 10, 30


def _evidence(answer: ImportanceAnswer) -> Iterator[str]:
    given = [one for one in answer.parameters if one.importance is not None]
    learned = answer.strength in {"weak", "reported"}
    if given and not learned:
        yield f"{answer.strength}, and {given[0].key} has an importance"
    if answer.configurations < FEWEST and answer.strength != "refused":
        yield f"{answer.strength} on {answer.configurations} configurations"
    if answer.configurations < ENOUGH and answer.strength == "reported":
        yield f"reported on {answer.configurations} configurations"
    if (answer.explained is None) != (answer.strength == "refused"):
        yield f"{answer.strength}, and {answer.explained} of the metric is explained"
    yield from (
        f"{one.key} has an importance without its spread" for one in given if one.spread is None
    )


def _observed(answer: ImportanceAnswer) -> Iterator[str]:
    if not any(c.rule == "one-change" and c.text.startswith("Observed") for c in answer.caveats):
        yield "importances, and nothing says that nobody set the settings at random"


def _same_x(answer: ImportanceAnswer) -> Iterator[str]:
    at = answer.at
    if at.value > at.newest + slack(at.newest):
        yield f"runs at {at.value:g}, and nobody got beyond {at.newest:g}"
    if f"{at.axis} {number(at.value)}" not in answer.reading:
        yield "a reading without its x"


def _absent_said(answer: ImportanceAnswer) -> Iterator[str]:
    yield from (
        f"{row.full_name} stands apart without a reason" for row in answer.apart if not row.why
    )


def _check(rule: RuleId, problems: Callable[[ImportanceAnswer], Iterator[str]]) -> Check:
    def of_importances(answer: Answer) -> Iterator[str]:
        return problems(answer) if isinstance(answer, ImportanceAnswer) else iter(())

    return Check(rule, of_importances)


IMPORTANCE_CHECKS: tuple[Check, ...] = (
    _check("partial-said", _evidence),
    _check("one-change", _observed),
    _check("same-x", _same_x),
    _check("absent-said", _absent_said),
)
