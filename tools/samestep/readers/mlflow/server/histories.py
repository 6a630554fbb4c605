"""Whole histories, metric by metric and page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from samestep.errors import NotReadable
from samestep.formats.local.axes import is_axis
from samestep.formats.mlflow_records import Points
from samestep.readers.mlflow.server.answers import columns, points, rows
from samestep.readers.mlflow.server.connection import Asked, Request
from samestep.readers.mlflow.server.inquiry import Inquiry
from samestep.readers.together import together

HISTORY = "/api/2.0/mlflow/metrics/get-history"
A_PAGE_OF_POINTS = 25_000
"""What MLflow's own client asks for, and the most that Databricks gives."""
SEEN = frozenset(
    "epochs tokens tokens_seen num_tokens total_tokens num_input_tokens_seen samples samples_seen "
    "num_samples examples_seen consumed_samples".split()
)
"""Counters of what training has seen, by the last part of their names."""


@dataclass(frozen=True, slots=True)
class Read:
    """One metric's points, and how many of them were none."""

    points: Points
    lost: int = 0


def histories(inquiry: Inquiry, run_id: str, metrics: Sequence[str]) -> dict[str, Read]:
    """Return every point of several metrics of a run, asked for side by side.

    Raises:
        NoSuchResource: The run is gone.
        NotReadable: The server refuses one of them; those that wait are not asked for any more.
    """
    refused: list[NotReadable] = []

    def one(metric: str) -> Read:
        if refused:
            raise refused[0]
        try:
            return history(inquiry, run_id, metric)
        except NotReadable as refusal:
            refused.append(refusal)
            raise

    answers = together([partial(one, metric) for metric in metrics])
    if refused:
        raise refused[0]
    read = zip(metrics, answers, strict=True)
    return {metric: answer for metric, answer in read if isinstance(answer, Read)}


def history(inquiry: Inquiry, run_id: str, metric: str, size: int = A_PAGE_OF_POINTS) -> Read:
    """Return every point of a metric; each page is asked for by its size and the last's token.

    Raises:
        NotReadable: As in `histories`; or its pages have no end.
    """
    asked: Asked = {"run_id": run_id, "metric_key": metric, "max_results": size}
    pages = inquiry.pages(Request("GET", HISTORY, asked))
    return Read(*points([columns(rows(page.get("metrics"))) for page in pages]))


def with_counters(wanted: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return whether a metric is wanted, or places those that are."""
    return lambda name: wanted(name) or is_counter(name)


def is_counter(name: str) -> bool:
    """Return whether a metric's name says that it counts epochs, steps, tokens or samples."""
    return is_axis(name) or name.rsplit("/", 1)[-1].strip().lower() in SEEN
