"""Results of EleutherAI's lm-evaluation-harness: one JSON document for each evaluated checkpoint.

Its `results` hold an object per task, `{"acc,none": 0.36, "acc_stderr,none": 0.01}` since version
0.4 and `{"acc": 0.36}` before; a metric is named `<task>/acc`, as the harness's own loggers do.

The step is that of the checkpoint: `revision=step1000` or a path ending in `checkpoint-500` in the
`model_args` of the `config`, else a `step1000` in the file's name. There is no epoch. The model's
name is the `pretrained` of the `model_args`; the commit of the harness is `git_hash`. The results
of one model under one number of examples (`num_fewshot`, `n-shot`) are a series: points of one
history.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import numpy as np

from samestep.formats.config_files import plain, read_document
from samestep.formats.local.json_results import LARGEST_DOCUMENT
from samestep.formats.local.log import Log
from samestep.formats.local.several import label
from samestep.formats.local.text import is_text, not_readable, text_of
from samestep.formats.local.values import parsed
from samestep.model import Direction, Final, Metric

OPENING = re.compile(r'\s*\{\s*"results"\s*:\s*\{\s*"[^"]+"\s*:\s*\{')
MARKS = re.compile(r'"[^"]+,[^"]+"\s*:|_stderr"\s*:')
CHECKPOINT = re.compile(r"(?:^|[/_.-])(?:step|checkpoint|iter|ckpt)[-_=]?(\d+)(?=$|[/_.-])")
MODEL_KEYS = ("peft", "delta", "pretrained", "model", "path", "engine")
"""Keys of `model_args` that name the model, in the order in which the harness looks for it."""
SETTINGS = (
    "git_hash",
    "model_name",
    "model_source",
    "n-shot",
    "versions",
    "lm_eval_version",
    "date",
)
NO_FILTER = "none"

Document = Mapping[str, object]


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a document begins with the results of tasks as the harness names them."""
    if not name.lower().endswith(".json") or not is_text(head):
        return False
    text = text_of(head)
    return OPENING.match(text) is not None and MARKS.search(text) is not None


def read(path: Path) -> Log:
    """Read the results of one evaluation: a history of one point where the step is known.

    Raises:
        NotReadable: It is broken, too large, or holds no task.
    """
    document = _mapping(read_document(path, LARGEST_DOCUMENT)[0])
    values = dict(_values(document))
    if not values:
        raise not_readable(path, "it holds no task with a number")
    arguments = _model_arguments(document)
    step = _step(arguments, path.name)
    config, losses = _config(document, arguments)
    log = Log(path.name, config=config, losses=losses, series=_series(document, arguments, path))
    if step is None:
        origin = f"{path.name}: "
        log.finals.update({name: Final(value, f"{origin}{name}") for name, value in values.items()})
        return log
    directions = _directions(document)
    for name, value in values.items():
        log.metrics[name] = _point(name, step, value, directions.get(name), _time(document))
    return log


def _values(document: Document) -> Iterator[tuple[str, float]]:
    """Yield every number of every task; the "N/A" of an unknown error is none."""
    for task, scores in _mapping(document.get("results")).items():
        for key, score in _mapping(scores).items():
            value = parsed(score)
            if isinstance(value, float):
                yield f"{task}/{_metric_name(key)}", value


def _metric_name(key: str) -> str:
    name, _, of_filter = key.partition(",")
    return name if of_filter in ("", NO_FILTER) else key


def _point(
    name: str, step: float, value: float, direction: Direction | None, time: float | None
) -> Metric:
    return Metric(
        name,
        steps=np.array([step]),
        values=np.array([value]),
        rows=np.array([0], dtype=np.int64),
        times=None if time is None else np.array([time]),
        direction=direction,
    )


def _directions(document: Document) -> dict[str, Direction]:
    """Return which way is better for each metric, as the harness says it; errors have no better."""
    return {
        f"{task}/{_metric_name(key)}": "higher" if known[plain_name] else "lower"
        for task, scores in _mapping(document.get("results")).items()
        if (known := _mapping(_mapping(document.get("higher_is_better")).get(task)))
        for key in _mapping(scores)
        if isinstance(known.get(plain_name := key.partition(",")[0]), bool)
    }


def _model_arguments(document: Document) -> dict[str, object]:
    """Return the arguments that made the model, which the harness keeps as text or as an object."""
    written = _mapping(document.get("config")).get("model_args")
    if isinstance(written, Mapping):
        return dict(_mapping(cast("object", written)))
    pairs = (pair.partition("=") for pair in str(written or "").split(","))
    return {name.strip(): value.strip() for name, mark, value in pairs if mark}


def _step(arguments: Document, file_name: str) -> float | None:
    places = [arguments.get("revision"), *map(arguments.get, MODEL_KEYS), file_name]
    for place in places:
        found = CHECKPOINT.findall(place) if isinstance(place, str) else []
        if found:
            return float(found[-1])
    return None


def _config(
    document: Document, arguments: dict[str, object]
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the settings of the evaluation, without the checkpoint that changes along a series."""
    settings = {**_mapping(document.get("config"))}
    settings |= {key: document[key] for key in SETTINGS if key in document}
    if arguments:
        settings["model_args"] = {
            name: value for name, value in arguments.items() if name != "revision"
        }
    return plain(cast("Mapping[object, object]", settings))


def _series(document: Document, arguments: Document, path: Path) -> str:
    """Return the model and the number of examples that all points of one history share."""
    named = next((arguments[key] for key in MODEL_KEYS if arguments.get(key)), None)
    model = str(named or document.get("model_name") or path.stem)
    values = {"model": CHECKPOINT.sub("", model).rstrip("/")}
    shots = _shots(document)
    return label({**values, "num_fewshot": shots} if shots else values)


def _shots(document: Document) -> str:
    of_tasks = {str(shots) for shots in _mapping(document.get("n-shot")).values()}
    if len(of_tasks) == 1:
        return of_tasks.pop()
    if of_tasks:
        return "by task"
    written = _mapping(document.get("config")).get("num_fewshot")
    return "" if written is None else str(written)


def _time(document: Document) -> float | None:
    date = parsed(document.get("date"))
    return date if isinstance(date, float) else None


def _mapping(value: object) -> Document:
    return cast("Document", value) if isinstance(value, Mapping) else {}
