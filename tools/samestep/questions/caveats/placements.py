"""Points that were written again, that have no place, and baselines that ended."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from samestep.analysis.axis import Curve
from samestep.analysis.choose import Chosen
from samestep.answers.comparison import At
from samestep.phrases import number
from samestep.questions.caveats.words import Said, joined, listed, said
from samestep.questions.comparison_page import Page
from samestep.questions.rows import Judged
from samestep.questions.sides import KnownSide

Curves = Mapping[str, Sequence[Curve]]
"""The curves compared of each run, by its full name."""


def compared_curves(sides: Sequence[KnownSide], chosen: Chosen, judged: Sequence[Judged]) -> Curves:
    """Return the curves of the metrics on this page."""
    shown = {name for one in judged for name in (one.compared.student, one.compared.baseline)}
    runs = {str(run.ref): run.full_name for side in sides for run in side.runs}
    return {
        name: [curve for metric, curve in chosen.axes[ref].curves.items() if metric in shown]
        for ref, name in runs.items()
    }


def restart_caveats(curves: Curves) -> Iterator[Said]:
    """Say which runs were resumed or started again, all runs together."""
    voided = _counted(curves, lambda curve: curve.voided)
    if voided:
        yield said(
            "partial-said",
            "warns",
            f"Resumed or started again, with points logged a second time: {voided}. "
            "The later ones are used.",
        )


def overwritten_caveats(curves: Curves) -> Iterator[Said]:
    """Say which points were written twice at one place, or have none."""
    duplicates = _counted(curves, lambda curve: curve.duplicates)
    unplaced = _counted(curves, lambda curve: curve.unplaced)
    if duplicates:
        text = f"Points logged again at one place, the last written used: {duplicates}."
        yield said("partial-said", "notes", text)
    if unplaced:
        text = f"Points without a place on this axis, not used: {unplaced}."
        yield said("partial-said", "notes", text)


def end_caveats(stands: At, judged: Sequence[Judged]) -> Iterator[Said]:
    """Say which baselines ended before the student."""
    ended: dict[str, list[Judged]] = {}
    for one in judged:
        if one.row.baseline_ended is not None:
            ended.setdefault(one.baseline.name, []).append(one)
    for name, rows in ended.items():
        last = max(one.row.baseline_ended or 0.0 for one in rows)
        yield said(
            "same-x",
            "notes",
            f"{name} ended before the student, at {stands.axis} {number(last)} or before: "
            f"{len(rows)} rows stand there.",
        )


def earlier_caveats(page: Page) -> Iterator[Said]:
    """Say which rows stand before the x that was asked for, as the student logged nothing there."""
    at = page.stands
    standing: dict[float, dict[str, None]] = {}
    for one in page.judged:
        x = one.row.student.x
        if page.x_was_asked and one.row.lags_by and x is not None:
            standing.setdefault(x, {})[one.row.metric] = None
    if standing:
        told = [f"{joined(list(metrics))} at {number(x)}" for x, metrics in standing.items()]
        text = f"The student logged nothing at {at.axis} {number(at.value)}: {listed(told)}."
        yield said("same-x", "notes", text, needed=True)


def _counted(curves: Curves, count: Callable[[Curve], int]) -> str:
    counts = {name: sum(map(count, of_run)) for name, of_run in curves.items()}
    return listed([f"{counted} of {name}" for name, counted in counts.items() if counted])
