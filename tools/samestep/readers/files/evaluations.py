"""Results of a model's checkpoints, one file each, as one history."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from samestep.errors import NotReadable
from samestep.formats.local import Log
from samestep.model import Metric
from samestep.readers.files.groups import Member
from samestep.readers.files.logs import LogFile, read_log
from samestep.readers.files.merge import Part, final_values, names_of

Series = dict[str, tuple[Member, ...]]


def by_series(files: Sequence[LogFile]) -> tuple[Series, list[tuple[str, str]]]:
    """Return the files of each series, and relative path and reason of those that are broken."""
    series: dict[str, list[Member]] = {}
    broken: list[tuple[str, str]] = []
    for file in files:
        try:
            name = read_log(file).series
        except NotReadable as error:
            broken.append((file.relative, error.why))
            continue
        series.setdefault(name or file.relative, []).append(Member(file))
    return {name: tuple(members) for name, members in series.items()}, broken


def with_series_joined(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a run with the results of its checkpoints as one part."""
    results = [part for part in parts if part.log.series is not None]
    if len(results) <= 1:
        return list(parts)
    others = [part for part in parts if part.log.series is None]
    return [*others, Part(names_of(results), _history(results))]


def _history(parts: Sequence[Part]) -> Log:
    """Return one log with a row for each file, in the order of the steps, then of the names."""
    parts = sorted(parts, key=lambda part: (_step(part.log), part.name))
    metrics: dict[str, list[Metric]] = {}
    for row, part in enumerate(parts):
        for name, metric in part.log.metrics.items():
            rows = np.full(len(metric.rows), row, dtype=np.int64)
            metrics.setdefault(name, []).append(replace(metric, rows=rows))
    newest = parts[-1].log
    return replace(
        newest,
        metrics={name: _joined(points) for name, points in metrics.items()},
        finals=final_values(parts),
        losses=tuple(dict.fromkeys(loss for part in parts for loss in part.log.losses)),
    )


def _step(log: Log) -> float:
    return max((float(metric.steps.max()) for metric in log.metrics.values()), default=-1.0)


def _joined(points: Sequence[Metric]) -> Metric:
    times = [metric.times for metric in points if metric.times is not None]
    return replace(
        points[-1],
        steps=np.concatenate([metric.steps for metric in points]),
        values=np.concatenate([metric.values for metric in points]),
        rows=np.concatenate([metric.rows for metric in points]),
        times=np.concatenate(times) if len(times) == len(points) else None,
    )
