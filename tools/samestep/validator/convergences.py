"""The rules over an answer that judges whether a curve still improves."""

from collections.abc import Callable, Iterator

from samestep.answers.answer import Answer
from samestep.answers.convergence import Convergence, ConvergenceAnswer, State
from samestep.rules import RuleId
from samestep.validator.parts import slack
from samestep.validator.problems import Check

FEWEST_EPOCHS = 5
ALLOWED: dict[State, tuple[Convergence, ...]] = {
    "improving": ("improving",),
    "plateaued": ("plateaued", "converged"),
    "diverging": ("diverging",),
    "too_short": ("undecided",),
    "unsettled": ("undecided",),
}
"""The verdicts that each state of a curve allows; a curve that was not judged is undecided."""


def _tail_shown(answer: ConvergenceAnswer) -> Iterator[str]:
    kind, state = answer.verdict.kind, answer.state
    if kind == "converged" and len(answer.tail) < FEWEST_EPOCHS:
        yield f"converged, with {len(answer.tail)} epochs shown"
    if kind not in (ALLOWED[state] if state else ("undecided",)):
        yield f"verdict {kind} of a curve that is {state}"
    if state is not None and answer.curve.direction is None:
        yield f"a curve that is {state}, and nobody knows which way is better"


def _tail_in_order(answer: ConvergenceAnswer) -> Iterator[str]:
    places = [point.x for point in answer.tail]
    if places != sorted(set(places)):
        yield "a tail that is out of order"
    current = answer.curve.current
    if places and abs(places[-1] - current) > slack(current):
        yield f"a tail that ends at {places[-1]:g}, and the curve is at {current:g}"


def _gains_bounded(answer: ConvergenceAnswer) -> Iterator[str]:
    for gain in answer.projected_gain:
        if (gain.gain is None) == (gain.why is None):
            yield f"a gain at {gain.times:g} times and its reason do not go together"
        if gain.gain is not None and (gain.interval is None or not gain.method):
            yield f"a gain at {gain.times:g} times without an interval or a method"
        low, high = gain.interval or (0.0, 0.0)
        if gain.gain is not None and not low <= gain.gain <= high:
            yield f"a gain at {gain.times:g} times outside its interval"


def _check(rule: RuleId, problems: Callable[[ConvergenceAnswer], Iterator[str]]) -> Check:
    def of_convergences(answer: Answer) -> Iterator[str]:
        return problems(answer) if isinstance(answer, ConvergenceAnswer) else iter(())

    return Check(rule, of_convergences)


CONVERGENCE_CHECKS: tuple[Check, ...] = (
    _check("tail-shown", _tail_shown),
    _check("traceable", _tail_in_order),
    _check("projection-bounded", _gains_bounded),
)
