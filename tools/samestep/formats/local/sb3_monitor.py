"""The `monitor.csv` in which stable-baselines3's Monitor keeps every episode of one environment.

The first line is `#` and a JSON object with `t_start` and `env_id`; `r`, `l` and `t` are an
episode's reward, length and seconds since the start. A run with four environments steps four times
as fast as each of them, and their number is not written: so the steps of this environment alone
are the counter `<file>/steps`, and no point claims to stand at a step of the run.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from samestep.formats.local import csv_table
from samestep.formats.local.log import Log
from samestep.formats.local.text import Lines, open_lines, text_of
from samestep.formats.local.values import Cell, parsed
from samestep.model import Metric

if TYPE_CHECKING:
    from samestep.model import Floats

SUFFIX = "monitor.csv"
REWARD, LENGTH, SECONDS = "r", "l", "t"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file has the name and the two first lines of a monitor's log."""
    lines = text_of(head).splitlines()
    if not name.endswith(SUFFIX) or not lines or not lines[0].startswith("#{"):
        return False
    return len(lines) == 1 or lines[1].startswith(f"{REWARD},{LENGTH},{SECONDS}")


def read(path: Path) -> Log:
    """Read the episodes of one environment.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    with open_lines(path) as lines:
        about = _about(lines)
        log = csv_table.read_lines(lines, path.name)
    start = parsed(about.pop("t_start", None))
    times = _times(start, log.metrics.get(SECONDS))
    place = path.name.removesuffix(".csv")
    metrics = {
        f"{place}/{name}": _timed(replace(metric, name=f"{place}/{name}"), times)
        for name, metric in _episodes(log).items()
    }
    return replace(log, metrics=metrics, config={**about, **log.config})


def _about(lines: Lines) -> dict[str, object]:
    """Return what the first line says of the environment."""
    try:
        about = cast("object", json.loads(next(lines, "").removeprefix("#")))
    except (ValueError, RecursionError):
        return {}
    named = cast("dict[str, object]", about) if isinstance(about, dict) else {}
    return {key: value for key, value in named.items() if isinstance(value, str | float | int)}


def _episodes(log: Log) -> dict[str, Metric]:
    """Return what was logged of each episode, with the steps taken by its end."""
    episodes = {name: metric for name, metric in log.metrics.items() if name != SECONDS}
    if LENGTH in episodes:
        lengths = episodes[LENGTH]
        with np.errstate(all="ignore"):  # a damaged length may be infinite
            episodes["steps"] = replace(lengths, values=np.cumsum(lengths.values))
    return episodes


def _times(start: Cell, seconds: Metric | None) -> "Floats | None":
    """Return when each episode ended; None where the file does not say."""
    return start + seconds.values if isinstance(start, float) and seconds is not None else None


def _timed(metric: Metric, times: "Floats | None") -> Metric:
    whole = times is not None and len(times) == len(metric.values)
    return replace(metric, times=times if whole else None)
