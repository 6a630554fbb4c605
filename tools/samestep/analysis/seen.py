"""Samples and tokens seen, computed from the step where a config says what one step is."""

from collections.abc import Sequence
from dataclasses import replace

from samestep.analysis.axis import (
    SAMPLES,
    TOKENS,
    Curve,
    RunAxis,
    Unplaced,
    is_seen_counter,
    run_axis,
)
from samestep.analysis.choose import Chosen, common_axis
from samestep.analysis.configs import typed
from samestep.analysis.step_size import batch_of, steps_in_an_epoch, tokens_of
from samestep.errors import NoSuchAxis
from samestep.model import Run

DATA_SEEN = ("tokens", "samples")
"""The axes that a config may give, the more telling first."""


def seen_axis(run: Run, name: str) -> RunAxis | Unplaced:
    """Return the axis of samples or tokens seen as step x what one step takes, by the config."""
    last = name.rsplit("/", 1)[-1].lower()
    settings = typed(run.config)
    amount = tokens_of(settings) if last in TOKENS else batch_of(settings)
    if last not in TOKENS + SAMPLES or amount is None:
        return Unplaced(f"it logs no metric {name!r}, and no setting says what one step takes")
    if run.history.row_counter is not None:
        return Unplaced(f"its steps only count log calls ({run.history.row_counter})")
    by_step = run_axis(run.history, "step")
    if isinstance(by_step, Unplaced):
        return by_step
    curves = {key: _scaled(curve, amount.size) for key, curve in by_step.curves.items()}
    rule = f"step x {amount.size:g} ({amount.rule}, by the config)"
    return RunAxis(name, rule, curves, by_step.unplaced)


def shared_axis(asked: str, students: Sequence[Run], baselines: Sequence[Run]) -> Chosen:
    """Return the axis runs share, as they logged it or as their configs say how to compute it.

    Data seen are computed where they are asked for, where nothing else is shared, and instead of
    steps of different batches.

    Raises:
        NoSuchAxis: A run has no such axis, or "auto" finds none that all have.
    """
    try:
        chosen = common_axis(asked, students, baselines)
    except NoSuchAxis:
        computed = _computed(_seen_names(asked), [*students, *baselines])
        if computed is None:
            raise
        return computed
    runs = [*students, *baselines]
    if asked != "auto" or chosen.name != "step" or len(_batch_sizes(runs)) <= 1:
        return chosen
    computed = _computed(DATA_SEEN, runs)
    if computed is None:
        return chosen
    return replace(computed, passed_over="a step is not the same amount of data in all of them")


def _seen_names(asked: str) -> tuple[str, ...]:
    if asked == "auto":
        return DATA_SEEN
    return (asked,) if is_seen_counter(asked) else ()


def _computed(names: Sequence[str], runs: Sequence[Run]) -> Chosen | None:
    """Return the first axis of data seen that every run logs or its config gives."""
    for name in names:
        placed = {str(run.ref): _seen_or_logged(run, name) for run in runs}
        axes = {ref: axis for ref, axis in placed.items() if not isinstance(axis, Unplaced)}
        if len(axes) == len(runs):
            return Chosen(name, axes)
    return None


def _seen_or_logged(run: Run, name: str) -> RunAxis | Unplaced:
    logged = run_axis(run.history, name)
    return seen_axis(run, name) if isinstance(logged, Unplaced) else logged


def _batch_sizes(runs: Sequence[Run]) -> set[float]:
    batches = (batch_of(typed(run.config)) for run in runs)
    return {batch.size for batch in batches if batch is not None}


def with_epoch_length(run: Run) -> Run:
    """Return the run with its steps per epoch, where its config gives data and batch size.

    A run that logs its epochs, or whose writer says how long they are, knows better.
    """
    if not isinstance(run_axis(run.history, "epoch"), Unplaced):
        return run
    steps = steps_in_an_epoch(typed(run.config))
    if steps is None:
        return run
    return replace(run, history=replace(run.history, steps_per_epoch=steps))


def _scaled(curve: Curve, amount: float) -> Curve:
    return replace(curve, x=curve.x * amount)
