"""Newest values, and those logged once: each with the step it came from, and side by side."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from samestep.analysis.axis import RunAxis
from samestep.analysis.comparable import Audit, scale_mismatch, sign_mismatch
from samestep.answers.pull import ComparedSummary, SummaryValue
from samestep.answers.record import derived
from samestep.model import Metric, Run

if TYPE_CHECKING:
    from samestep.questions.pulled.run import Gathered

HISTORY = "history"


def summary_of(run: Run, axis: RunAxis | None, names: Sequence[str]) -> Iterator[SummaryValue]:
    """Yield the newest value of each metric by its history, or the value that was logged once."""
    for name in names:
        metric, final = run.history.metrics.get(name), run.finals.get(name)
        if metric is not None and len(metric.values):
            yield _newest(run, axis, metric)
        elif final is not None:
            yield SummaryValue(
                metric=name, value=final.value, step=final.step, x=None, origin=final.origin
            )


def _newest(run: Run, axis: RunAxis | None, metric: Metric) -> SummaryValue:
    """Return a metric's newest point on the axis; the last one written where it has none there."""
    curve = axis.curves.get(metric.name) if axis else None
    values, steps = (curve.values, curve.steps) if curve else (metric.values, metric.steps)
    step = float(steps[-1])
    # "auto" takes steps where there is nothing else: without an axis they are all the same.
    none = math.isnan(step) or axis is None or run.history.row_counter is not None
    return SummaryValue(
        metric=metric.name,
        value=float(values[-1]),
        step=None if none else step,
        x=float(curve.x[-1]) if curve else None,
        origin=HISTORY,
    )


def compared_summaries(runs: "Sequence[Gathered]", audit: Audit) -> list[ComparedSummary]:
    """Return the newest values of every metric side by side, those that all runs have first.

    Args:
        runs: The runs, the one the others are held against first.
        audit: What was found between them.
    """
    by_run = [{one.metric: one for one in run.summary} for run in runs]
    names = dict.fromkeys(name for values in by_run for name in values)
    rows = [_row(name, runs, by_run, audit) for name in names]
    return sorted(rows, key=lambda row: row.values.count(None))


def _row(
    name: str,
    runs: "Sequence[Gathered]",
    by_run: Sequence[Mapping[str, SummaryValue]],
    audit: Audit,
) -> ComparedSummary:
    cells = [values.get(name) for values in by_run]
    pairs = zip(runs[1:], cells[1:], strict=True)
    reasons = [_apart(cells[0], cell, (runs[0], run), audit) for run, cell in pairs]
    told = list(dict.fromkeys(why for why in reasons if why))
    row = ComparedSummary(
        metric=name,
        values=[cell and cell.value for cell in cells],
        steps=[cell and cell.step for cell in cells],
        deltas=[
            None if why else _difference(cells[0], cell)
            for why, cell in zip(reasons, cells[1:], strict=True)
        ],
        why_not="; ".join(told),
    )
    return row if told else row.model_copy(update={"why_not": ""})


def _apart(
    one: SummaryValue | None,
    other: SummaryValue | None,
    of: "tuple[Gathered, Gathered]",
    audit: Audit,
) -> str:
    """Return why two values may not be subtracted; nothing where they may."""
    if one is None or other is None:
        return "not logged by both"
    if one.step is None or other.step is None:
        return "a value has no step"
    if one.step != other.step or not _counted_alike(one.metric, of):
        return "not at one step"
    if not (math.isfinite(one.value) and math.isfinite(other.value)):
        return "a value is not finite"
    return "" if _measured_alike(one.metric, of, audit) else "measured differently"


def _counted_alike(metric: str, of: "tuple[Gathered, Gathered]") -> bool:
    """Return whether both writers count the same in their steps: one may count epochs."""
    counts = {
        run.run.history.metrics[metric].counts for run in of if metric in run.run.history.metrics
    }
    return len(counts) <= 1


def _measured_alike(metric: str, of: "tuple[Gathered, Gathered]", audit: Audit) -> bool:
    """Return whether both runs measure one thing, as far as names, scales and records tell."""
    ours, theirs = (
        [run.axis.curves[metric]] if run.axis and metric in run.axis.curves else [] for run in of
    )
    mismatch = scale_mismatch(metric, ours, theirs, math.inf) or sign_mismatch(
        metric, ours, theirs, math.inf
    )
    return mismatch is None and not audit.measured_apart(metric)


def _difference(one: SummaryValue | None, other: SummaryValue | None) -> float | None:
    return None if one is None or other is None else derived(one.value - other.value)
