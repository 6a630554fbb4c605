"""The files that Sacred's FileStorageObserver keeps in a directory per run.

`metrics.json` holds an object per metric with the lists `values`, `steps` and `timestamps` (UTC);
there is no epoch but one that a run logs itself. `run.json` holds the state, the result, the name
of the experiment and the commits of its repositories; `config.json` beside them the settings and
the seed.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from samestep.formats.config_files import plain, read_document
from samestep.formats.local.axes import epoch_name
from samestep.formats.local.json_lines import leaves
from samestep.formats.local.json_results import LARGEST_DOCUMENT
from samestep.formats.local.log import Log
from samestep.formats.local.text import not_readable, text_of
from samestep.formats.local.values import parsed
from samestep.model import EpochCounter, Final, Metric

METRICS, RUN = "metrics.json", "run.json"
LISTS = re.compile(r'\{\s*"[^"]*"\s*:\s*\{\s*"(steps|values|timestamps)"\s*:\s*\[')
BROKE_OFF = frozenset({"FAILED", "INTERRUPTED", "TIMED_OUT"})

Document = Mapping[str, object]
Point = tuple[float, float, float]
"""Time, step and value."""


def looks_like_metrics(name: str, head: bytes) -> bool:
    """Return whether a file holds lists of values by metric."""
    return name == METRICS and LISTS.match(text_of(head).lstrip()) is not None


def looks_like_run(name: str, head: bytes) -> bool:
    """Return whether a file describes a run of an experiment."""
    text = text_of(head)
    return name == RUN and '"experiment"' in text and '"artifacts"' in text


def no_columns(_head: bytes) -> frozenset[str]:
    """Return that a file logs no metric."""
    return frozenset()


def read_metrics(path: Path) -> Log:
    """Read what a run logged over time.

    Raises:
        NotReadable: It is broken, too large, or holds no metric.
    """
    document = _mapping(read_document(path, LARGEST_DOCUMENT)[0])
    points = {name: list(_points(_mapping(lists))) for name, lists in document.items()}
    if not any(points.values()):
        raise not_readable(path, "it holds no metric with its steps and values")
    written = sorted((point[:2], name) for name, of_name in points.items() for point in of_name)
    rows = {key: row for row, key in enumerate(dict.fromkeys(key for key, _ in written))}
    metrics = {name: _metric(name, of, rows) for name, of in points.items() if of}
    listed = sum(len(cast("list[object]", _mapping(of).get("values"))) for of in document.values())
    skipped = listed - sum(map(len, points.values()))
    epoch = epoch_name(metrics)
    return Log(
        path.name,
        metrics,
        epochs=EpochCounter(epoch, "unknown", f"the run logs {epoch!r}") if epoch else None,
        losses=(f"{skipped} values that are no number with a step were skipped",)
        if skipped
        else (),
    )


def read_run(path: Path) -> Log:
    """Read how a run ended, what it returned and what was run.

    Raises:
        NotReadable: It is broken or too large.
    """
    document = _mapping(read_document(path, LARGEST_DOCUMENT)[0])
    experiment = _mapping(document.get("experiment"))
    settings = {key: experiment[key] for key in ("name", "repositories") if experiment.get(key)}
    config, losses = plain({"experiment": settings} if settings else {})
    return Log(
        path.name,
        config=config,
        finals={name: Final(value, f"{RUN}: {name}") for name, value in _results(document)},
        losses=losses,
        finished=document.get("status") == "COMPLETED",
        failed=document.get("status") in BROKE_OFF,
    )


def _points(lists: Document) -> Iterator[Point]:
    columns = [lists.get(name) for name in ("timestamps", "steps", "values")]
    if not all(isinstance(column, list) for column in columns):
        return
    for time, step, value in zip(*cast("list[list[object]]", columns), strict=False):
        place, figure = parsed(step), parsed(_number(value))
        if isinstance(place, float) and isinstance(figure, float):
            yield _seconds(time), place, figure


def _number(value: object) -> object:
    """Return a number that jsonpickle wrote as an object of numpy's."""
    return _mapping(cast("object", value)).get("value") if isinstance(value, Mapping) else value


def _seconds(time: object) -> float:
    try:
        return datetime.fromisoformat(str(time)).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _metric(name: str, points: list[Point], rows: Mapping[tuple[float, float], int]) -> Metric:
    times = np.array([time for time, _, _ in points])
    return Metric(
        name,
        steps=np.array([step for _, step, _ in points]),
        values=np.array([value for _, _, value in points]),
        rows=np.array([rows[time, step] for time, step, _ in points], dtype=np.int64),
        times=times if bool(times.all()) else None,
    )


def _results(document: Document) -> Iterator[tuple[str, float]]:
    named = _mapping(document.get("result")) or {"result": document.get("result")}
    values = leaves(named) if "py/object" not in named else [("result", _number(named))]
    for name, value in values:
        figure = parsed(value)
        if isinstance(figure, float):
            yield name, figure


def _mapping(value: object) -> Document:
    return cast("Document", value) if isinstance(value, Mapping) else {}
