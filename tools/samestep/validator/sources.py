"""The rules over what was read and where it was found."""

from collections.abc import Iterator

from samestep.answers.answer import Answer
from samestep.answers.detection import Detection
from samestep.answers.listing import RunList
from samestep.validator.problems import Check


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


SOURCE_CHECKS: tuple[Check, ...] = (
    Check("partial-said", _partial_said),
    Check("partial-said", _listed_in_full),
    Check("ask-when-ambiguous", _asks),
)
