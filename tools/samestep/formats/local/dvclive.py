"""A directory of DVCLive's: `metrics.json` stands for it and for the tables below it.

`plots/metrics/**/NAME.tsv` hold `step`, counted from 0, and one metric each, whose name is the path;
`timestamp` in milliseconds stands there if it was asked for. `metrics.json` repeats the last values
with their step, and alone holds what was logged without a plot. The run is named by its directory,
`params.yaml` beside is its config; the git commit is kept by DVC, not here.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from samestep.errors import NotReadable
from samestep.formats.config_files import read_document
from samestep.formats.local import axes, csv_table
from samestep.formats.local.json_lines import leaves
from samestep.formats.local.log import Log
from samestep.formats.local.text import head_of, lies_in, not_readable, text_of
from samestep.formats.local.values import parsed
from samestep.model import EpochCounter, Final, Metric

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

FILE_NAME = "metrics.json"
PLOTS = "plots"
OPENING = re.compile(r"\{\s*\n")
MOST_TABLES = 5_000


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the form of DVCLive's last values."""
    text = text_of(head).lstrip()
    if name != FILE_NAME or OPENING.match(text) is None:
        return False
    try:
        document = cast("object", json.loads(text))
    except (ValueError, RecursionError):  # cut where the head ends, or torn
        return True
    return isinstance(cast("Mapping[str, object]", document).get("step"), int)


def stands_above(directory: Path, below: str) -> bool:
    """Return whether a directory with this path below a location is part of a larger run."""
    parts = below.split("/")
    roots = (
        directory.parents[len(parts) - 1 - at] for at, part in enumerate(parts) if part == PLOTS
    )
    return any(_tables(root).is_dir() and _is_known(root / FILE_NAME) for root in roots)


def read(path: Path) -> Log:
    """Read all tables of a directory, and the values that are in none.

    Raises:
        NotReadable: There is no table, and `metrics.json` is broken or names no step.
    """
    tables = _tables(path.parent)
    found = sorted(islice(tables.rglob("*.tsv"), MOST_TABLES + 1))
    metrics, losses = _metrics([f for f in found[:MOST_TABLES] if lies_in(f, tables)], tables)
    if len(found) > MOST_TABLES:
        losses.append(f"tables beyond the first {MOST_TABLES:,} were not read")
    try:
        finals = _finals(path, metrics)
    except NotReadable as error:
        if not metrics:
            raise
        finals = {}
        losses.append(f"values without a plot are not known: {error.why}")
    return Log(
        how=path.name,
        metrics=_with_common_rows(metrics),
        epochs=_counter(metrics),
        finals=finals,
        losses=tuple(losses),
    )


def _counter(metrics: Mapping[str, Metric]) -> EpochCounter | None:
    """Return the epoch as the user's framework counts it, which nothing here says."""
    epoch = axes.epoch_name(metrics)
    return EpochCounter(epoch, "unknown", f"DVCLive has a metric {epoch!r}") if epoch else None


def _is_known(path: Path) -> bool:
    try:
        return looks_like(path.name, head_of(path))
    except NotReadable:
        return False


def _tables(root: Path) -> Path:
    return root / PLOTS / "metrics"


def _metrics(paths: Iterable[Path], root: Path) -> tuple[dict[str, Metric], list[str]]:
    metrics: dict[str, Metric] = {}
    losses: list[str] = []
    for path in paths:
        name = path.relative_to(root).with_suffix("").as_posix()
        try:
            log = csv_table.read(path, ("step",))
        except NotReadable as error:
            losses.append(f"{name}.tsv could not be read: {error.why}")
            continue
        losses.extend(f"{name}.tsv: {loss}" for loss in log.losses)
        if path.stem in log.metrics:
            metrics[name] = replace(log.metrics[path.stem], name=name)
    return metrics, losses


def _with_common_rows(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """Return metrics whose rows have one number where they have one step.

    A table that goes back in its steps was continued by a resumed run, whose rows come after.
    """
    places = [_places(metric) for metric in metrics.values()]
    if not places:
        return {}
    _, numbers = np.unique(np.concatenate(places), axis=0, return_inverse=True)
    ends = np.cumsum([len(of_metric) for of_metric in places])[:-1]
    rows: list[Integers] = np.split(numbers.reshape(-1).astype(np.int64), ends)
    return {
        name: replace(metric, rows=own)
        for (name, metric), own in zip(metrics.items(), rows, strict=True)
    }


def _places(metric: Metric) -> "Floats":
    """Return of each point how often its table went back before it, and its step."""
    steps = np.nan_to_num(metric.steps, nan=-1.0)
    back = np.diff(steps, prepend=steps[:1]) < 0
    return np.stack([np.cumsum(back, dtype=np.float64), steps], axis=1)


def _finals(path: Path, metrics: Mapping[str, Metric]) -> dict[str, Final]:
    """Return the last values of what no table holds, at the step they are from."""
    document, _ = read_document(path)
    if not isinstance(document, Mapping):
        raise not_readable(path, "it holds no values with names")
    named = {n: parsed(v) for n, v in leaves(cast("Mapping[str, object]", document))}
    step = named.pop("step", None)
    if not (isinstance(step, float) or metrics):
        raise not_readable(path, "it has neither tables below it nor a step")
    return {
        name: Final(value, f"{FILE_NAME}: {name}", step if isinstance(step, float) else None)
        for name, value in named.items()
        if isinstance(value, float) and name not in metrics
    }
