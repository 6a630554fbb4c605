"""The rules over what was read and where it was found."""

from collections.abc import Iterator

from samestep.answers.answer import MOST_LEGEND_ENTRIES, Answer
from samestep.answers.comparison import Comparison
from samestep.answers.detection import Detection
from samestep.answers.history import FetchedHistory, Rows
from samestep.answers.listing import RunList
from samestep.errors import BadReference
from samestep.model import RunRef
from samestep.validator.parts import named, own_names, slack
from samestep.validator.problems import Check


def _read_in_part(answer: Answer) -> Iterator[str]:
    told = " ".join(caveat.text for caveat in answer.caveats if caveat.rule == "partial-said")
    for entry in answer.runs:
        if not entry.read.complete and not named(told, own_names(entry)):
            yield f"{entry.full_name} was read in part, and no caveat says what is missing"
    if len(answer.runs) > MOST_LEGEND_ENTRIES:
        yield f"a legend of {len(answer.runs)} entries, and the rest not counted"


def _pages(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Comparison) and (answer.metrics_left > 0) != bool(answer.next_cursor):
        yield f"{answer.metrics_left} metrics are left, and the cursor is {answer.next_cursor!r}"
    if not isinstance(answer, RunList):
        return
    shown = len(answer.items) + len(answer.unreadable)
    if answer.matched and not shown and answer.next_cursor is None:
        yield f"{answer.matched} runs matched, none is listed and no cursor leads on"
    if answer.unreadable and not any(c.rule == "partial-said" for c in answer.caveats):
        yield f"{len(answer.unreadable)} runs are unreadable, and no caveat counts them"
    yield from (
        f"{one.run} is unreadable without a reason" for one in answer.unreadable if not one.why
    )


def _sampled(answer: Answer) -> Iterator[str]:
    history = answer.history if isinstance(answer, FetchedHistory) else None
    told = any(caveat.rule == "partial-said" for caveat in answer.caveats)
    if history is not None and history.sampled and not told:
        yield f"{len(history.rows)} of {history.total} rows are shown, and no caveat says so"


def _rows(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, FetchedHistory) or answer.history is None:
        return
    history = answer.history
    if history.columns[:2] != ["x", "step"]:
        yield "a history whose rows do not begin with their x and step"
    if any(len(row) != len(history.columns) for row in history.rows):
        yield "a row that is longer or shorter than its columns"
    newest = max(_xs(history), default=0.0)
    if answer.x is not None and newest > answer.x.current + slack(newest):
        yield f"a row at {newest:g}, and the run has reached {answer.x.current:g}"


def _xs(history: Rows) -> list[float]:
    return [x for x, *_ in history.rows if x is not None]


def _references(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, RunList):
        return
    refs = [item.run for item in answer.items]
    yield from (f"{ref} is listed twice" for ref in sorted(set(refs)) if refs.count(ref) > 1)
    for ref in refs:
        try:
            RunRef.parse(ref)
        except BadReference:
            yield f"{ref} leads to no run"


def _asks(answer: Answer) -> Iterator[str]:
    if not isinstance(answer, Detection):
        return
    if (answer.chosen is None) == (answer.ask is None):
        yield "either a source is chosen or the user is asked"
    readable = [found for found in answer.sources if found.readable]
    held = [found for found in readable if found.runs] or readable
    if answer.chosen is not None and (not held or held[0].source != answer.chosen):
        yield f"{answer.chosen} is chosen, and is not the first readable source"
    for found in answer.sources:
        if not found.readable and not found.why_not:
            yield f"{found.source} cannot be read, and nothing says why"


SOURCE_CHECKS: tuple[Check, ...] = (
    Check("partial-said", _read_in_part),
    Check("partial-said", _pages),
    Check("partial-said", _sampled),
    Check("traceable", _rows),
    Check("traceable", _references),
    Check("ask-when-ambiguous", _asks),
)
