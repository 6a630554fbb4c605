"""Several log files of one run as one log."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samestep.formats.local import Log
from samestep.model import EpochCounter, Final, Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samestep.model import Floats, Integers

MOST_NAMED = 3  # files named in one sentence


@dataclass(frozen=True, slots=True)
class Part:
    """One file's log as a part of a run."""

    name: str
    log: Log
    role: str = ""
    """What stands before the names of its metrics, such as `train/`."""


def merged(parts: Sequence[Part]) -> Log:
    """Return one log: rows of different files keep different numbers.

    A metric of two files comes from the file with more points of it. The epoch counter is
    the exception: every file says in which epoch its own rows were written.
    """
    counter = _counter(parts)
    parts = [_with_roles(part, counter) for part in parts]
    if len(parts) == 1:
        return _alone(parts[0])
    numbers, along = _row_numbers([part.log for part in parts])
    renumbered = [
        {name: replace(m, rows=rows[m.rows]) for name, m in part.log.metrics.items()}
        for part, rows in zip(parts, numbers, strict=True)
    ]
    metrics, losses = _one_of_each(renumbered, counter)
    if counter is not None:
        metrics[counter.metric] = _epochs(renumbered, counter.metric, metrics, along=along)
    return Log(
        how=names_of(parts),
        metrics=metrics,
        epochs=counter,
        steps_per_epoch=next((p.log.steps_per_epoch for p in parts if p.log.steps_per_epoch), None),
        config={key: value for part in reversed(parts) for key, value in part.log.config.items()},
        finals=final_values(parts),
        losses=(*(loss for part in parts for loss in _losses(part)), *losses),
        finished=any(part.log.finished for part in parts),
        failed=any(part.log.failed for part in parts),
    )


def _alone(part: Part) -> Log:
    return replace(part.log, how=part.name, losses=_losses(part))


def _losses(part: Part) -> tuple[str, ...]:
    return tuple(f"{part.name}: {loss}" for loss in part.log.losses)


def names_of(parts: Sequence[Part]) -> str:
    """Return the names of the first files, the others counted."""
    names = [part.name for part in parts]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


def _counter(parts: Sequence[Part]) -> EpochCounter | None:
    """Return the epoch counter of the first file whose format says what it means."""
    counters = [part.log.epochs for part in parts if part.log.epochs is not None]
    return next((known for known in counters if known.base != "unknown"), (counters or [None])[0])


def _with_roles(part: Part, counter: EpochCounter | None) -> Part:
    if not part.role:
        return part
    shared = counter.metric if counter else None
    metrics = {
        name if name == shared else f"{part.role}{name}": metric
        for name, metric in part.log.metrics.items()
    }
    named = {name: replace(metric, name=name) for name, metric in metrics.items()}
    return replace(part, log=replace(part.log, metrics=named))


def _row_numbers(logs: Sequence[Log]) -> "tuple[list[Integers], bool]":
    """Return new numbers for the rows of each log, and whether they follow a common axis.

    They do where every log only goes forward on it: the rows then stand as they were written.
    Otherwise, as after a restart, the rows of each log follow those of the log before.
    """
    orders = _row_orders(logs)
    counts = [_rows(log) for log in logs]
    numbers = np.arange(sum(counts), dtype=np.int64)
    along = orders is not None and all(map(_only_forward, orders))
    if orders is not None and along:
        in_order = np.argsort(np.concatenate(orders), kind="stable")
        numbers[in_order] = np.arange(len(in_order))
    ends = np.cumsum(counts)[:-1]
    return list(np.split(numbers, ends)), along


def _rows(log: Log) -> int:
    return 1 + max((int(m.rows.max()) for m in log.metrics.values() if len(m.rows)), default=-1)


def _row_orders(logs: Sequence[Log]) -> "list[Floats] | None":
    """Return the step of each row of each log, or the epoch; None where they share neither."""
    by_step = [_by_row(log, [(m, m.steps) for m in log.metrics.values()]) for log in logs]
    if not any(np.isnan(order).all() for order in by_step):
        return by_step
    counters = [log.epochs and log.metrics[log.epochs.metric] for log in logs]
    if not all(counters):
        return None
    counted = zip(logs, counters, strict=True)
    return [_by_row(log, [(m, m.values)] if m else []) for log, m in counted]


def _by_row(log: Log, points: "list[tuple[Metric, Floats]]") -> "Floats":
    order: Floats = np.full(_rows(log), np.nan)
    for metric, values in points:
        order[metric.rows] = values
    return order


def _only_forward(order: "Floats") -> bool:
    return not np.isnan(order).any() and bool((np.diff(order) >= 0).all())


def _one_of_each(
    parts: Sequence[Mapping[str, Metric]], counter: EpochCounter | None
) -> tuple[dict[str, Metric], list[str]]:
    """Return each metric from the part that has most points of it, and what the others had more."""
    metrics: dict[str, Metric] = {}
    left_out = 0
    for name in dict.fromkeys(name for part in parts for name in part):
        of_name = [part[name] for part in parts if name in part]
        metrics[name] = max(of_name, key=lambda metric: len(metric.values))
        if counter is None or name != counter.metric:
            left_out += sum(_points_beyond(metric, metrics[name].steps) for metric in of_name)
    why = "points were left out: another file logs more of the same metrics, but not these steps"
    return metrics, [f"{left_out} {why}"] if left_out else []


def _points_beyond(metric: Metric, steps: "Floats") -> int:
    known = metric.steps[~np.isnan(metric.steps)]
    return int(np.count_nonzero(~np.isin(known, steps)))


def _epochs(
    parts: Sequence[Mapping[str, Metric]],
    name: str,
    metrics: Mapping[str, Metric],
    *,
    along: bool,
) -> Metric:
    """Return the epoch of every row that a metric comes from, each step of two files once."""
    used = {int(row) for other, m in metrics.items() if other != name for row in m.rows}
    first, *others = sorted(
        (part[name] for part in parts if name in part), key=lambda m: len(m.values), reverse=True
    )
    kept = [first]
    steps = first.steps
    for metric in others:
        needed = np.array([int(row) in used for row in metric.rows], dtype=bool)
        without_step = np.isnan(metric.steps)
        new_step = ~np.isin(metric.steps, steps) if along else np.zeros_like(without_step)
        kept.append(_subset(metric, needed & (without_step | new_step)))
        steps = np.concatenate([steps, kept[-1].steps])
    return _joined(kept)


def _subset(metric: Metric, keep: "NDArray[np.bool_]") -> Metric:
    return replace(
        metric,
        steps=metric.steps[keep],
        values=metric.values[keep],
        rows=metric.rows[keep],
        times=None if metric.times is None else metric.times[keep],
    )


def _joined(metrics: Sequence[Metric]) -> Metric:
    """Return the points of all metrics by row."""
    rows = np.concatenate([metric.rows for metric in metrics])
    order = np.argsort(rows, kind="stable")
    times = [metric.times for metric in metrics if metric.times is not None]
    return replace(
        metrics[0],
        steps=np.concatenate([metric.steps for metric in metrics])[order],
        values=np.concatenate([metric.values for metric in metrics])[order],
        rows=rows[order],
        times=np.concatenate(times)[order] if len(times) == len(metrics) else None,
    )


def one_value(one: Final, other: Final) -> bool:
    """Return whether two files give the same final value, one of them perhaps without its step."""
    same = one.value == other.value or (math.isnan(one.value) and math.isnan(other.value))
    return same and (one.step == other.step or None in (one.step, other.step))


def final_values(parts: Sequence[Part]) -> dict[str, Final]:
    """Return the final values of all parts; where two disagree, each stands under its file."""
    finals: dict[str, Final] = {}
    disputed: set[str] = set()
    for part in parts:
        for name, final in part.log.finals.items():
            known = finals.setdefault(name, final)
            if not one_value(known, final):
                disputed.add(name)
            elif known.step is None:
                finals[name] = final
    apart = {
        f"{part.name.rpartition('.')[0]}/{name}": part.log.finals[name]
        for part in parts
        for name in part.log.finals
        if name in disputed
    }
    return {name: final for name, final in finals.items() if name not in disputed} | apart
