"""The rules over the values of a comparison: where each came from, and which are missing."""

import math
from collections.abc import Iterator

from samestep.answers.answer import LegendEntry
from samestep.answers.comparison import Cell, Comparison, Row
from samestep.errors import BadReference
from samestep.model import RunRef
from samestep.validator.parts import CLOSE, blocks, cells, legend, named, rows, size
from samestep.validator.problems import Check, comparison_check
from samestep.verdict import FEWEST_SEEDS

ROOT_OF_LARGEST = 1e150  # values beyond, NaN and infinities have no standard deviation


def _traceable(answer: Comparison) -> Iterator[str]:
    if not answer.answer_id:
        yield "an answer without its id"
    for entry in answer.runs:
        yield from _leads_nowhere(entry)
    for row in rows(answer):
        if row.student.full_name != answer.runs[0].full_name:
            yield f"{row.metric}: {row.student.full_name} stands where the student should"
        if row.noise is not None and row.noise < 0.0:
            yield f"{row.metric}: noise below 0"
        yield from _declared(row)
        if row.delta is not None and not _is_difference(row, row.delta):
            yield f"{row.metric}: {row.delta:g} is not the student's value minus the baseline's"
    for row, cell in cells(answer):
        yield from _untraced(answer, row, cell)


def _leads_nowhere(entry: LegendEntry) -> Iterator[str]:
    members = [member.run for member in entry.members]
    for text in members or [entry.run or ""]:
        try:
            ref = RunRef.parse(text)
        except BadReference:
            yield f"{entry.full_name} leads to no run"
            continue
        if ref.source.tracker not in entry.tracker:
            yield f"{entry.full_name} is said to come from {entry.tracker}, and leads to {text}"


def _declared(row: Row) -> Iterator[str]:
    """Yield where a declared number stands beside nothing, or a noise of measured seeds is one."""
    if row.noise_from is not None and (row.noise is None or row.delta is None):
        yield f"{row.metric}: noise {row.noise_from}, and no noise"
    seeds = [len(set(cell.seeds or ())) for cell in (row.student, row.baseline)]
    if row.noise_from is not None and min(seeds) >= FEWEST_SEEDS:
        yield f"{row.metric}: noise {row.noise_from}, where both sides have seeds of their own"
    if row.minimum_effect is not None and (row.minimum_effect <= 0.0 or row.delta is None):
        yield f"{row.metric}: a smallest difference that matters, and none that it could matter to"


def _is_difference(row: Row, delta: float) -> bool:
    ours, theirs = row.student.value, row.baseline.value
    if ours is None or theirs is None:
        return False
    return abs(ours - theirs - delta) <= CLOSE * max(abs(ours), abs(theirs))


def _untraced(answer: Comparison, row: Row, cell: Cell) -> Iterator[str]:
    where = f"{row.metric} of {cell.full_name}"
    if cell.full_name not in legend(answer):
        yield f"{where}: not in the legend"
    logged = cell.match == "exact" and cell.n is None
    if logged and answer.at.axis == "step" and cell.step != cell.x:
        yield f"{where}: logged at step {cell.x}, and told as at {cell.step}"
    if cell.value is not None and cell.match != "final":
        if cell.x is None:
            yield f"{where}: a number without its x"
        if "step" not in cell.model_fields_set:
            yield f"{where}: a number that does not speak of its step"


def _absent_said(answer: Comparison) -> Iterator[str]:
    for row, cell in cells(answer):
        where = f"{row.metric} of {cell.full_name}"
        if (cell.value is None) != bool(cell.absent):
            yield f"{where}: absence and its reason do not go together"
        if cell.value is None and not _bare(cell):
            yield f"{where}: absent, and yet found somewhere"
        if not all((cell.not_counted or {}).values()):
            yield f"{where}: a member that does not count, and no reason"
    for row in rows(answer):
        if row.delta is None and _subtractable(row) and not _barred(answer, row):
            yield f"{row.metric}: not subtracted, and nothing says why"
    yield from _left_out(answer)


def _bare(cell: Cell) -> bool:
    found = (cell.match, cell.x, cell.step, cell.gap, cell.between, cell.spread, cell.n)
    return all(part is None for part in found)


def _subtractable(row: Row) -> bool:
    values = (row.student.value, row.baseline.value)
    if "final" in {row.student.match, row.baseline.match}:
        return False
    known = [value for value in values if value is not None]
    return len(known) == len(values) and math.isfinite(known[0] - known[1])


def _barred(answer: Comparison, row: Row) -> bool:
    return any(
        caveat.rule == "same-definition" and blocks(answer, caveat, row)
        for caveat in answer.caveats
    )


def _left_out(answer: Comparison) -> Iterator[str]:
    told = {(row.metric, row.baseline.full_name) for row in rows(answer)}
    baselines = [entry.full_name for entry in answer.runs if entry.role == "baseline"]
    for metric in answer.metrics:
        for baseline in baselines:
            if (metric.metric, baseline) not in told:
                yield f"{metric.metric} against {baseline} is left out"


def _single_seed(answer: Comparison) -> Iterator[str]:
    told = " ".join(caveat.text for caveat in answer.caveats if caveat.rule == "single-seed")
    for entry in answer.runs:
        if (size(entry) or 1) < FEWEST_SEEDS and not _labelled(told, entry.full_name):
            yield f"{entry.full_name} is compared as a single run, and no caveat says so"
    entries = legend(answer)
    for row, cell in cells(answer):
        entry = entries.get(cell.full_name)
        if entry is not None and cell.value is not None and cell.match != "final":
            yield from _miscounted(f"{row.metric} of {cell.full_name}", cell, size(entry))


def _labelled(told: str, name: str) -> bool:
    """Return whether a caveat calls a run single: by name, among those counted, or all of them."""
    of_all = told.startswith("Every side is a single run")
    return of_all or (bool(told) and (named(told, {name}) or " more " in told))


def _miscounted(where: str, cell: Cell, members: int | None) -> Iterator[str]:
    if members is None:
        if not (cell.n is None and cell.spread is None and cell.seeds is None):
            yield f"{where}: seeds of a single run"
        return
    seeds, missing = len(cell.seeds or []), len(cell.not_counted or {})
    if cell.n is None or cell.n != seeds or cell.n + missing != members:
        yield f"{where}: {members} members, and {cell.n} with {seeds} seeds count"
    squares = abs(cell.value or 0.0) < ROOT_OF_LARGEST
    if (cell.n or 0) >= FEWEST_SEEDS and cell.spread is None and squares:
        yield f"{where}: several seeds without their spread"


VALUE_CHECKS: tuple[Check, ...] = (
    comparison_check("traceable", _traceable),
    comparison_check("absent-said", _absent_said),
    comparison_check("single-seed", _single_seed),
)
