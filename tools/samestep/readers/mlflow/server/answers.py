"""What MLflow's REST interface answers, as MLflow's records."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from samestep.formats.mlflow_records import (
    DATASET_CONTEXT,
    DELETED,
    DatasetInput,
    Latest,
    LoggedModel,
    Points,
    RunRecord,
    is_read,
    unclamped,
)

if TYPE_CHECKING:
    from samestep.model import Floats

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stored:
    """One run as a server has it, without its histories."""

    record: RunRecord
    latest: Mapping[str, Latest]
    """The newest point of every metric the run has."""
    is_deleted: bool = False


def fields(value: object) -> Fields:
    """Return a JSON object's fields; none of anything else."""
    return cast("Fields", value) if isinstance(value, dict) else {}


def rows(value: object) -> Iterator[Fields]:
    """Yield the objects of a JSON list."""
    return map(fields, cast("list[object]", value) if isinstance(value, list) else [])


def text(value: object) -> str | None:
    """Return a JSON text that is not empty."""
    return value if isinstance(value, str) and value else None


def number(value: object) -> float | None:
    """Return a JSON number; MLflow writes one that is not finite as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def stored(run: Fields, experiments: Mapping[str, str]) -> Stored | None:
    """Return a run with its params, tags and newest points; None of what is no run.

    Args:
        run: The JSON object.
        experiments: The experiments' names by their ids.
    """
    about, held = fields(run.get("info")), fields(run.get("data"))
    run_id = text(about.get("run_id")) or text(about.get("run_uuid"))
    if run_id is None:
        return None
    inputs, outputs = fields(run.get("inputs")), fields(run.get("outputs"))
    record = RunRecord(
        id=run_id,
        name=text(about.get("run_name")),
        experiment=experiments.get(str(about.get("experiment_id"))),
        status=text(about.get("status")),
        started=number(about.get("start_time")),
        tags={key: value for key, value in _pairs(held.get("tags")) if is_read(key)},
        params=dict(_pairs(held.get("params"))),
        datasets=tuple(_datasets(inputs.get("dataset_inputs"))),
        models=(
            *(LoggedModel(one, None, "input") for one in _models(inputs.get("model_inputs"))),
            *(LoggedModel(one, None, "output") for one in _models(outputs.get("model_outputs"))),
        ),
    )
    is_deleted = about.get("lifecycle_stage") == DELETED
    return Stored(record, dict(_latest(held.get("metrics"))), is_deleted)


def columns(metrics: Iterable[Fields]) -> "Floats":
    """Return the time, step and value of points, shape (points, 3); NaN where one has no number.

    A step that is left out is 0, as MLflow itself has it.
    """
    read = [(number(one.get("timestamp")), _step(one), number(one.get("value"))) for one in metrics]
    lacking = (np.nan, np.nan, np.nan)
    whole = [lacking if None in one else one for one in read]
    return np.array(whole, dtype=np.float64).reshape(-1, 3)


def points(parts: Sequence["Floats"]) -> tuple[Points, int]:
    """Return points in the order of their times, and how many lack a number.

    Args:
        parts: What `columns` returned of each page.
    """
    found = np.concatenate([np.empty((0, 3)), *parts])
    whole = found[np.isfinite(found[:, :2]).all(axis=1)]
    times, steps, values = whole[np.lexsort((whole[:, 1], whole[:, 0]))].T
    return Points(steps, unclamped(values), times), len(found) - len(whole)


def _step(point: Fields) -> float | None:
    step = number(point.get("step", 0))
    return step if step is not None and math.isfinite(step) else None


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    for one in rows(value):
        key = text(one.get("key"))
        if key is not None:
            yield key, text(one.get("value")) or ""


def _latest(value: object) -> Iterator[tuple[str, Latest]]:
    named = [(key, one) for one in rows(value) if (key := text(one.get("key"))) is not None]
    newest = [_known(number(one.get("value"))) for _, one in named]
    whole = unclamped(np.array(newest, dtype=np.float64)).tolist()
    for (key, one), latest in zip(named, whole, strict=True):
        yield key, Latest(_step(one) or 0.0, latest, number(one.get("timestamp")) or 0.0)


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


def _datasets(value: object) -> Iterator[DatasetInput]:
    for one in rows(value):
        dataset = fields(one.get("dataset"))
        tags = dict(_pairs(one.get("tags")))
        name = text(dataset.get("name")) or "a data set without a name"
        yield DatasetInput(name, text(dataset.get("digest")), tags.get(DATASET_CONTEXT))


def _models(value: object) -> Iterator[str]:
    return filter(None, (text(one.get("model_id")) for one in rows(value)))
