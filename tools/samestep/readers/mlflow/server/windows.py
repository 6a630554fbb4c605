"""The histories of one metric of many runs in few requests, where that is sure to be complete.

`get-history-bulk-interval` returns a sample where a range of steps holds more than it may return,
and says nothing of it. A window of as many steps as it returns points holds no more, unless steps
repeat; what fills a window is therefore read again by itself, and so is what lies before step 0.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from samestep.errors import SamestepError, Unreachable
from samestep.formats.mlflow_records import Latest
from samestep.readers.mlflow.server.answers import (
    Fields,
    Stored,
    columns,
    number,
    points,
    rows,
    text,
)
from samestep.readers.mlflow.server.connection import Request
from samestep.readers.mlflow.server.histories import Read
from samestep.readers.mlflow.server.inquiry import Inquiry
from samestep.readers.together import together

INTERVAL = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
WIDTH = 2_500
"""Steps in a window, and the most points of a run that it returns."""
MOST_RUNS = 100
EARLIEST = -(2**63)

Series = tuple[str, str]
"""A run's id and a metric's name."""


@dataclass(frozen=True, slots=True)
class Window:
    """A range of steps, both ends included, and how many points of a run it may return."""

    first: int
    last: int
    most: int


BEFORE = Window(EARLIEST, -1, 1)
"""What no window covers: one point says that there is something."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One metric of several runs, and the windows that cover its steps."""

    metric: str
    latest: Mapping[str, Latest]
    """The newest point by run."""
    windows: Sequence[Window]


def shared_histories(
    inquiry: Inquiry, runs: Sequence[Stored], wanted: Callable[[str], bool]
) -> dict[Series, Read]:
    """Return the histories that are cheaper to ask for together, and that came whole.

    Those that are missing are to be asked for by themselves.

    Raises:
        Unreachable: The server does not answer.
    """
    batches = list(_batches(runs, wanted))
    asked = [(batch, window) for batch in batches for window in batch.windows]
    answers = together([partial(_points, inquiry, *one) for one in asked])
    by_metric: dict[Series, Read] = {}
    found = iter(answers)
    for batch in batches:
        windows = [next(found) for _ in batch.windows]
        by_metric |= _whole(batch, windows)
    return by_metric


def _batches(runs: Sequence[Stored], wanted: Callable[[str], bool]) -> Iterator[Batch]:
    bearers: dict[str, dict[str, Latest]] = defaultdict(dict)
    for run in runs:
        for metric, latest in run.latest.items():
            if wanted(metric):
                bearers[metric][run.record.id] = latest
    for metric, latest in bearers.items():
        ids = list(latest)
        for first in range(0, len(ids), MOST_RUNS):
            some = {run_id: latest[run_id] for run_id in ids[first : first + MOST_RUNS]}
            newest = max(int(one.step) for one in some.values())
            if newest // WIDTH + 2 < len(some):  # else each by itself takes no more requests
                starts = range(0, newest + 1, WIDTH)
                covering = [Window(start, start + WIDTH - 1, WIDTH) for start in starts]
                yield Batch(metric, some, [BEFORE, *covering])


def _points(inquiry: Inquiry, batch: Batch, window: Window) -> dict[str, list[Fields]]:
    """Return the points of a window by run."""
    asked = {
        "run_ids": list(batch.latest),
        "metric_key": batch.metric,
        "start_step": window.first,
        "end_step": window.last,
        "max_results": window.most,
    }
    by_run: dict[str, list[Fields]] = defaultdict(list)
    for point in rows(inquiry.ask(Request("GET", INTERVAL, asked)).get("metrics")):
        by_run[text(point.get("run_id")) or ""].append(point)
    return by_run


def _whole(
    batch: Batch, answers: Sequence[Mapping[str, list[Fields]] | SamestepError]
) -> dict[Series, Read]:
    """Return the histories that are sure to be complete; none where a window was refused.

    Raises:
        Unreachable: The server did not answer.
    """
    windows: list[Mapping[str, list[Fields]]] = []
    for answer in answers:
        if isinstance(answer, Unreachable):
            raise answer
        if isinstance(answer, SamestepError):  # an old server, or one run of them is forbidden
            return {}
        windows.append(answer)
    found: dict[Series, Read] = {}
    for run_id, latest in batch.latest.items():
        parts = [window.get(run_id, []) for window in windows]
        if _is_whole(batch.windows, parts, latest):
            found[run_id, batch.metric] = Read(*points([columns(part) for part in parts]))
    return found


def _is_whole(windows: Sequence[Window], parts: Sequence[list[Fields]], latest: Latest) -> bool:
    full = any(len(part) >= window.most for window, part in zip(windows, parts, strict=True))
    steps = [number(point.get("step", 0)) for part in parts for point in part]
    return not full and any(step is not None and step >= latest.step for step in steps)
