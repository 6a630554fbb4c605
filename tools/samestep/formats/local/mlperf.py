"""The `:::MLLOG` lines of MLPerf training: one event in JSON per line, between lines of other text.

An event has a `key` (`eval_accuracy`, `train_loss`), a `value` and `metadata` that place it:
`step_num` or `step` is the step, `samples_count` the samples seen, `epoch_num` the epochs trained
so far, except where a benchmark writes its samples there (BERT). Events that nothing places are
settings, `seed` and `global_batch_size` among them; `submission_benchmark` names what was trained.
No commit. `run_stop` says whether the target was reached (`success`) or not (`aborted`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from samestep.formats.local.columns import Columns
from samestep.formats.local.json_lines import leaves
from samestep.formats.local.log import Log
from samestep.formats.local.text import is_text, not_readable, open_lines, text_of
from samestep.formats.local.values import Cell, parsed
from samestep.model import EpochCounter

SUFFIXES = (".log", ".txt", ".out")
MARK = ":::MLLOG {"
PLACES = {
    "step_num": "step",
    "step": "step",
    "iteration": "step",
    "samples_count": "samples_count",
    "epoch_num": "epoch_num",
}
"""Where an event says when it happened, and the column it is read as."""
EPOCH = "epoch_num"
MOST_EPOCHS = 10_000  # more than any benchmark trains; BERT's samples are beyond it
ENDS = {"success": "finished", "aborted": "failed"}

Event = Mapping[str, object]


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a text has lines of MLPerf's logger."""
    return name.lower().endswith(SUFFIXES) and is_text(head) and MARK in text_of(head)


def read(path: Path) -> Log:
    """Read the events of one training.

    Raises:
        NotReadable: It is empty, too large, not text, may not be read, or holds no event.
    """
    columns = Columns()
    config: dict[str, object] = {}
    end = ""
    broken = events = 0
    with open_lines(path) as lines:
        for line in lines:
            event = _event(line)
            if event is None:
                broken += MARK in line
                continue
            events += 1
            end = _end(event) or end
            places, figures = dict(_places(event)), list(_figures(event))
            if places and figures:
                columns.add(
                    [*places.items(), *figures, ("timestamp", parsed(event.get("time_ms")))]
                )
            elif not places:
                config = {**dict(_setting(event)), **config}
        losses = lines.losses()
    if not events:
        raise not_readable(path, "it holds no whole event")
    if broken:
        losses.append(f"{broken} events that are not whole were skipped")
    log = columns.log(path.name, config, losses)
    ended = ENDS.get(end)
    return replace(log, epochs=_epochs(log), finished=ended == "finished", failed=ended == "failed")


def _event(line: str) -> Event | None:
    _, mark, rest = line.partition(MARK)
    if not mark:
        return None
    try:
        event = cast("object", json.JSONDecoder().raw_decode("{" + rest)[0])
    except (ValueError, RecursionError):
        return None
    return cast("Event", event) if isinstance(event, dict) else None


def _metadata(event: Event) -> Event:
    found = event.get("metadata")
    return cast("Event", found) if isinstance(found, Mapping) else {}


def _places(event: Event) -> Iterator[tuple[str, Cell]]:
    """Yield when an event happened, on each axis it names."""
    for key, value in _metadata(event).items():
        place = parsed(value)
        if key in PLACES and isinstance(place, float):
            yield PLACES[key], place


def _figures(event: Event) -> Iterator[tuple[str, Cell]]:
    """Yield the numbers an event logs; `tracked_stats` logs several by name."""
    value, key = event.get("value"), str(event.get("key"))
    if isinstance(value, Mapping):
        for name, figure in leaves(cast("Event", value)):
            yield name, parsed(figure)
    elif isinstance(parsed(value), float):
        yield key, parsed(value)


def _setting(event: Event) -> Iterator[tuple[str, object]]:
    value = event.get("value")
    if isinstance(value, str | int | float) and event.get("event_type") == "POINT_IN_TIME":
        yield str(event.get("key")), value


def _end(event: Event) -> str:
    return str(_metadata(event).get("status", "")) if event.get("key") == "run_stop" else ""


def _epochs(log: Log) -> EpochCounter | None:
    counted = log.metrics.get(EPOCH)
    if counted is None or (counted.values > MOST_EPOCHS).any():
        return None
    return EpochCounter(EPOCH, "epochs completed", "MLPerf logs the epochs trained so far")
