"""The rules over what was read and where it was found."""

from collections.abc import Iterator

from samestep.answers.answer import Answer
from samestep.answers.convergence import ConvergenceAnswer
from samestep.answers.detection import Detection
from samestep.answers.history import FetchedHistory
from samestep.answers.listing import RunList
from samestep.validator.problems import Check

FEWEST_EPOCHS = 5
STATES_OF = {
    "improving": {"improving"},
    "plateaued": {"plateaued", "converged"},
    "diverging": {"diverging"},
    "unsettled": {"undecided"},
}
"""The verdicts each state of a curve allows."""


def _partial_said(answer: Answer) -> Iterator[str]:
    told = " ".join(caveat.text for caveat in answer.caveats if caveat.rule == "partial-said")
    for entry in answer.runs:
        names = [member.full_name for member in entry.members] or [entry.full_name]
        if not entry.read.complete and not any(_bare(name) in told for name in names):
            yield f"{entry.full_name} was read in part, and no caveat says what is missing"


def _bare(name: str) -> str:
    """Return a name without the source that tells it from its namesake."""
    return name.split(" (", 1)[0]


def _listed_in_full(answer: Answer) -> Iterator[str]:
    if isinstance(answer, RunList):
        if len(answer.items) < answer.matched and answer.next_cursor is None and not answer.items:
            yield f"{answer.matched} runs matched, none is listed and no cursor leads on"
        yield from (
            f"{item.run} is unreadable without a reason"
            for item in answer.unreadable
            if not item.why
        )


def _asks(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Detection):
        return
    if (answer.chosen is None) == (answer.ask is None):
        yield "either a source is chosen or the user is asked"
    readable = [found.source for found in answer.sources if found.readable]
    if answer.chosen is not None and answer.chosen not in readable:
        yield f"{answer.chosen} is chosen, and is not among the readable sources"
    for found in answer.sources:
        if not found.readable and not found.why_not:
            yield f"{found.source} cannot be read, and nothing says why"


def _sampled_said(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, FetchedHistory) or answer.history is None:
        return
    shown, total = len(answer.history.rows), answer.history.total
    if shown < total and answer.next_cursor is None and answer.history.sampled:
        yield f"{shown} of {total} rows are shown, and nothing leads to the others"
    if answer.history.sampled and not any(c.rule == "partial-said" for c in answer.caveats):
        yield f"{shown} of {total} rows are a sample, and no caveat says so"


def _convergence_shown(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, ConvergenceAnswer):
        return
    kind, state = answer.verdict.kind, answer.state
    if kind == "converged" and len(answer.tail) < FEWEST_EPOCHS:
        yield f"converged, with {len(answer.tail)} epochs shown"
    if kind not in STATES_OF[kind_of(state)]:
        yield f"verdict {kind} of a curve that is {state}"


def _gains_bounded(answer: Answer) -> Iterator[str]:
    if isinstance(answer, ConvergenceAnswer):
        for gain in answer.projected_gain:
            if (gain.gain is None) == (gain.why is None):
                yield f"a gain at {gain.times:g} times and its reason do not go together"
            if gain.gain is not None and (gain.interval is None or not gain.method):
                yield f"a gain at {gain.times:g} times without an interval or a method"


def kind_of(state: str | None) -> str:
    """Return the state a verdict is held against; a curve that was not judged is unsettled."""
    return state if state in STATES_OF else "unsettled"


SOURCE_CHECKS: tuple[Check, ...] = (
    Check("partial-said", _partial_said),
    Check("partial-said", _listed_in_full),
    Check("ask-when-ambiguous", _asks),
    Check("partial-said", _sampled_said),
    Check("tail-shown", _convergence_shown),
    Check("projection-bounded", _gains_bounded),
)
