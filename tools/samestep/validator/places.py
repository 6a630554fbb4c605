"""The rules over where the values of a comparison stand, and how they were found there."""

from collections.abc import Iterator

from samestep.answers.answer import LegendEntry
from samestep.answers.comparison import Cell, Comparison, Row
from samestep.validator.parts import ROUNDED, cells, legend, place, rows, size, slack
from samestep.validator.problems import Check, comparison_check


def _same_x(answer: Comparison) -> Iterator[str]:
    yield from _at(answer)
    for row in rows(answer):
        x = place(answer, row)
        if x > answer.at.value + slack(x):
            yield f"{row.metric}: compared at {x:g}, beyond x {answer.at.value:g}"
        if row.delta is not None and None in {row.student.x, row.baseline.x}:
            yield f"{row.metric}: a difference without an x"
        if row.student.x is not None and row.student.x > answer.at.value + slack(x):
            yield f"{row.metric}: the student's value lies beyond x {answer.at.value:g}"
        yield from (
            f"{row.metric}: {cell.full_name} stands at {cell.x:g}, the row at {x:g}"
            for cell in (row.student, row.baseline)
            if cell.x is not None and _off(cell, x) > _reach(cell, row) + slack(x, cell.x)
        )


def _at(answer: Comparison) -> Iterator[str]:
    at, student = answer.at, answer.runs[0]
    if at.value > at.student_current + slack(at.value):
        yield f"compared at {at.value:g}, beyond the student's current {at.student_current:g}"
    reached = _reached(student, at.axis)
    known = size(student) is None and reached is not None
    if known and abs((reached or 0.0) - at.student_current) > slack(at.student_current):
        yield f"the student's current x is {at.student_current:g}, the legend says {reached:g}"


def _off(cell: Cell, x: float) -> float:
    return 0.0 if cell.x is None else abs(cell.x - x)


def _reach(cell: Cell, row: Row) -> float:
    """Return how far a cell may stand from its row: a nearest point its gap, a group not at all."""
    gap = cell.gap if cell.match == "nearest" and cell.n is None else None
    return (1.0 + ROUNDED) * (gap or 0.0) + ROUNDED * abs(row.lags_by)


def _match_stated(answer: Comparison) -> Iterator[str]:
    for row, cell in cells(answer):
        where = f"{row.metric} of {cell.full_name}"
        if cell.value is not None and cell.match is None:
            yield f"{where}: a value that does not say how it was found"
        if cell.match == "exact" and not (cell.gap is None and cell.between is None):
            yield f"{where}: exact, and yet not logged there"
        if cell.match == "nearest" and not _is_nearest(cell, row, place(answer, row)):
            yield f"{where}: nearest without its true gap"
        if cell.match == "interpolated" and cell.n is None and not _is_between(cell):
            yield f"{where}: interpolated, and not between two points"
        if cell.match != "interpolated" and cell.between is not None:
            yield f"{where}: between two points, and not interpolated"
    yield from _extrapolated(answer)


def _is_nearest(cell: Cell, row: Row, x: float) -> bool:
    if cell.gap is None or not cell.gap > 0.0 or cell.between is not None:
        return False
    if cell.n is not None or cell.x is None:  # a group's gap is its farthest member's
        return True
    rounded = slack(x) + ROUNDED * (cell.gap + abs(row.lags_by))
    return abs(_off(cell, x) - cell.gap) <= rounded


def _is_between(cell: Cell) -> bool:
    if cell.between is None or cell.x is None or cell.step is not None:
        return False
    low, high = cell.between
    return low < high and low - slack(low) <= cell.x <= high + slack(high)


def _extrapolated(answer: Comparison) -> Iterator[str]:
    entries = legend(answer)
    for row in rows(answer):
        beyond = row.student.between
        if beyond is not None and beyond[1] > answer.at.value + slack(answer.at.value):
            yield f"{row.metric}: the student's value comes from beyond x {answer.at.value:g}"
    for row, cell in cells(answer):
        entry = entries.get(cell.full_name)
        if entry is None or size(entry) is not None or cell.x is None:
            continue
        reached = _reached(entry, answer.at.axis)
        if reached is not None and cell.x > reached + slack(reached):
            yield f"{row.metric}: a value of {cell.full_name} at {cell.x:g}, which is at {reached:g}"


def _reached(entry: LegendEntry, axis: str) -> float | None:
    """Return how far a run has come on an axis that the legend speaks of."""
    return {"epoch": entry.current.epoch, "step": entry.current.step}.get(axis)


def _history_not_summary(answer: Comparison) -> Iterator[str]:
    states = {entry.full_name: entry.state for entry in answer.runs}
    for row in rows(answer):
        sides = (row.student, row.baseline)
        if all(cell.match != "final" for cell in sides):
            continue
        yield from (
            f"{row.metric}: a final value beside {cell.full_name}, which has not finished"
            for cell in sides
            if states.get(cell.full_name) != "finished"
        )
        if row in answer.proxy or row.delta is not None or row.better is not None:
            yield f"{row.metric}: a final value is compared as if it stood in a history"
        if any(cell.match == "final" and cell.x is not None for cell in sides):
            yield f"{row.metric}: a final value with an x nobody logged"


PLACE_CHECKS: tuple[Check, ...] = (
    comparison_check("match-stated", _match_stated),
    comparison_check("history-not-summary", _history_not_summary),
    comparison_check("same-x", _same_x),
)
