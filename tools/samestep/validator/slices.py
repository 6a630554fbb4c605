"""The rules over the slices of a score that have no rows of their own."""

from collections.abc import Iterator

from samestep.answers.comparison import Comparison
from samestep.answers.slices import SliceChange, SliceFamily
from samestep.validator.parts import CLOSE, legend, slack
from samestep.validator.problems import Check, comparison_check


def _traceable(answer: Comparison) -> Iterator[str]:
    for family in answer.slices:
        where = f"{family.family} against {family.baseline}"
        if family.baseline not in legend(answer):
            yield f"{where}: not in the legend"
        if family.better + family.worse > family.compared:
            yield f"{where}: more slices better and worse than compared"
        counts = ((family.regressions, family.worse), (family.improvements, family.better))
        if any(len(shown) > count for shown, count in counts):
            yield f"{where}: more changes shown than counted"
        for one in _changes(family):
            if abs(one.student - one.baseline - one.delta) > _rounding(one):
                yield f"{one.metric}: {one.delta:g} is not the student's value minus the baseline's"


def _same_x(answer: Comparison) -> Iterator[str]:
    at = answer.at.value
    for family in answer.slices:
        for one in _changes(family):
            if one.x > at + slack(at):
                yield f"{one.metric} at {one.x:g}, beyond the x of the comparison"


def _changes(family: SliceFamily) -> list[SliceChange]:
    return [*family.regressions, *family.improvements]


def _rounding(one: SliceChange) -> float:
    return CLOSE * max(abs(one.student), abs(one.baseline))


SLICE_CHECKS: tuple[Check, ...] = (
    comparison_check("traceable", _traceable),
    comparison_check("same-x", _same_x),
)
