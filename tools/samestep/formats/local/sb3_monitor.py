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
    start = about.pop("t_start", None)
    episodes = log.metrics
    seconds = episodes.pop(SECONDS, None)
    if LENGTH in episodes:
        lengths = episodes[LENGTH]
        episodes["steps"] = replace(lengths, values=np.cumsum(lengths.values))
    times = start + seconds.values if isinstance(start, float) and seconds is not None else None
    place = path.name.removesuffix(".csv")
    metrics = {f"{place}/{name}": _metric(place, m, times) for name, m in episodes.items()}
    return replace(log, metrics=metrics, config={**about, **log.config})


def _about(lines: Lines) -> dict[str, object]:
    """Return what the first line says of the environment."""
    try:
        about = cast("object", json.loads(next(lines, "").removeprefix("#")))
    except (ValueError, RecursionError):
        return {}
    named = cast("dict[str, object]", about) if isinstance(about, dict) else {}
    return {key: value for key, value in named.items() if isinstance(value, str | float | int)}


def _metric(place: str, metric: Metric, times: "Floats | None") -> Metric:
    whole = times is not None and len(times) == len(metric.values)
    return replace(metric, name=f"{place}/{metric.name}", times=times if whole else None)
