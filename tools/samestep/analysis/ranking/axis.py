"""The x-axis that most of many runs share, and which runs lack it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from samestep.analysis.axis import Unplaced, run_axis
from samestep.analysis.choose import Chosen, own_axis
from samestep.analysis.seen import shared_axis
from samestep.errors import NoSuchAxis
from samestep.model import Run


def most_shared_axis(runs: Sequence[Run], metric: str) -> tuple[Chosen, Mapping[str, str]]:
    """Return the axis of all runs, else of most of them, and why each other run has no place on it.

    Runs that have only begun, with less than half the usual points, have no part in the choice.

    Args:
        runs: Runs that logged the metric, at least one.
        metric: The metric they are compared on.

    Raises:
        NoSuchAxis: No run has an axis of its own.
    """
    counts = sorted(_points(run, metric) for run in runs)
    half = counts[len(counts) // 2] / 2
    begun = [run for run in runs if _points(run, metric) >= half]
    try:
        chosen = _shared(begun, metric)
    except NoSuchAxis:
        name = _usual_name(begun)
        chosen = _shared([run for run in begun if not _why_not(run, name)], metric)
    return _with_others(chosen, [run for run in runs if str(run.ref) not in chosen.axes])


def _points(run: Run, metric: str) -> int:
    return len(run.history.metrics[metric].values)


def _shared(runs: Sequence[Run], metric: str) -> Chosen:
    """Return the axis as the run that got farthest has it."""
    farthest = max(runs, key=lambda run: _points(run, metric))
    return shared_axis("auto", [farthest], [run for run in runs if run is not farthest])


def _with_others(chosen: Chosen, others: Sequence[Run]) -> tuple[Chosen, Mapping[str, str]]:
    """Place runs that did not take part in the choice: they have the axis, or it is said why not."""
    placed = {str(run.ref): run_axis(run.history, chosen.name) for run in others}
    axes = {ref: axis for ref, axis in placed.items() if not isinstance(axis, Unplaced)}
    without = {ref: axis.why for ref, axis in placed.items() if isinstance(axis, Unplaced)}
    return replace(chosen, axes={**chosen.axes, **axes}), without


def _usual_name(runs: Sequence[Run]) -> str:
    """Return the axis that most runs have first.

    Raises:
        NoSuchAxis: None has any.
    """
    names: list[str] = []
    refusal: NoSuchAxis | None = None
    for run in runs:
        try:
            names.append(own_axis("auto", run).name)
        except NoSuchAxis as error:
            refusal = error
    if not names and refusal is not None:
        raise refusal
    return Counter(names).most_common(1)[0][0]


def _why_not(run: Run, name: str) -> str:
    placed = run_axis(run.history, name)
    return placed.why if isinstance(placed, Unplaced) else ""
