"""What fairseq's trainer prints: figures behind `date | INFO | train_inner |` in JSON or plain text.

With `--log-format json` a line ends with an object whose values are texts; with `simple` it ends
with `epoch 001: 100 / 1129 loss=9.1, num_updates=100` or `epoch 001 | loss 8.9 | num_updates 1129`.
Figures of a whole epoch bear the subset: `train_loss`, `valid_loss`; the simple form does not write
it, and they are named as in JSON.

The step is `num_updates` (`train_num_updates`, `valid_num_updates`), the epoch in progress counts
from 1. The seed and the planned length (`max_update`, `max_epoch`) stand in the settings printed
at the start; there is no name and no commit.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from samestep.formats.local.columns import Columns
from samestep.formats.local.log import Log
from samestep.formats.local.text import is_text, not_readable, open_lines, text_of
from samestep.formats.local.values import Cell, parsed, written
from samestep.model import EpochCounter

SUFFIXES = (".log", ".txt", ".out")
MARK = re.compile(r"\| INFO \| (fairseq[\w.]*|train|train_inner|valid\w*) \|")
RECORD = re.compile(r"\| INFO \| (?P<tag>\w+) \| (?P<json>\{\"epoch\".*|\{\"\w+_loss\".*)$")
INNER = re.compile(r"\| INFO \| (?P<tag>\w+) \| epoch (?P<epoch>\d+):\s+\d+ / \d+ (?P<pairs>.*)$")
WHOLE = re.compile(r"\| INFO \| (?P<tag>\w+) \| epoch (?P<epoch>\d+) \| (?P<pairs>.*)$")
PAIR = re.compile(r"(\w+)[= ](\S+)")
UPDATES = re.compile(r"(\w+_)?num_updates")
SETTINGS = re.compile(r"\| INFO \| fairseq[\w.]*train\w* \| (Namespace\(|\{')")
SETTING = re.compile(r"\b(seed|max_update|max_epoch|batch_size|max_tokens)'?[=:] ?(\d+)\b")
DONE = "| done training in "

Cells = list[tuple[str, Cell]]


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a text has lines of fairseq's loggers."""
    return name.lower().endswith(SUFFIXES) and is_text(head) and bool(MARK.search(text_of(head)))


def read(path: Path) -> Log:
    """Read what a training printed.

    Raises:
        NotReadable: It is empty, too large, not text, may not be read, or holds no figures.
    """
    columns = Columns()
    config: dict[str, object] = {}
    broken = rows = 0
    finished = False
    with open_lines(path) as lines:
        for line in lines:
            cells = _cells(line.rstrip())
            if cells:
                columns.add(cells)
                rows += 1
            elif cells is not None:
                broken += 1
            elif SETTINGS.search(line):
                config |= {name: int(value) for name, value in SETTING.findall(line)}
            finished = finished or DONE in line
        losses = lines.losses()
    if not rows:
        raise not_readable(path, "it holds no line with figures")
    if broken:
        losses.append(f"{broken} lines whose figures are not whole were skipped")
    log = columns.log(path.name, config, losses)
    why = "fairseq counts the epoch in progress from 1"
    epochs = log.epochs and EpochCounter(log.epochs.metric, "first is 1", why)
    return replace(log, epochs=epochs, finished=finished)


def _cells(line: str) -> Cells | None:
    """Return the figures of a line, none where it is cut short; None where it has none."""
    record = RECORD.search(line)
    if record is not None:
        row = _object(record["json"])
        return [(_name(key), _cell(value)) for key, value in row.items()]
    inner = INNER.search(line)
    if inner is not None:
        return [("epoch", float(inner["epoch"])), *_pairs(inner["pairs"].split(", "), "")]
    whole = WHOLE.search(line)
    if whole is None:
        return None
    prefix = f"{whole['tag']}_"
    return [("epoch", float(whole["epoch"])), *_pairs(whole["pairs"].split(" | "), prefix)]


def _object(text: str) -> Mapping[str, object]:
    try:
        return cast("Mapping[str, object]", json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _pairs(items: list[str], prefix: str) -> Iterator[tuple[str, Cell]]:
    for item in items:
        pair = PAIR.fullmatch(item.strip())
        if pair is not None:
            yield _name(f"{prefix}{pair[1]}"), written(pair[2])


def _name(key: str) -> str:
    """Return the name of a figure; each subset writes the step under a name of its own."""
    return "num_updates" if UPDATES.fullmatch(key) else key


def _cell(value: object) -> Cell:
    return written(value) if isinstance(value, str) else parsed(value)
