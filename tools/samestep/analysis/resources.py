"""What runs cost up to one x: time, GPU memory, throughput, latency, size."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from samestep.analysis.axis import RunAxis, Unplaced, run_axis
from samestep.analysis.configs import typed
from samestep.analysis.key_words import words_of
from samestep.model import Run

if TYPE_CHECKING:
    from samestep.model import Floats

What = Literal[
    "training time", "peak GPU memory", "mean GPU memory", "throughput", "latency", "model size"
]
How = Literal["at x", "highest up to x", "mean up to x", "newest up to x", "logged once", "config"]

TIME = re.compile(
    r"(.*_)?(wall_?time|elapsed|elapsed_time|time_elapsed|total_time|time_total_s|runtime"
    r"|(train|training)_(time|runtime|seconds)|accumulated_submission_time)"
)
MEMORY = frozenset(["mem", "memory", "vram"])
OF_A_GPU = frozenset("gpu cuda max peak allocated reserved".split())
SYSTEM = frozenset(["system", "monitoring"])
"""What the names begin with of all that a tracker itself logs of the machine."""
IN_USE = frozenset("allocated used usage bytes".split())
NOT_OF_A_GPU = frozenset("cpu ram proc process disk host".split())
THROUGHPUT = re.compile(r"(.*_)?(per_(s|sec|second)|throughput|fps|it_s|samples_s|tokens_s)")
LATENCY = re.compile(r"(.*_)?(latency|inference_time|time_per_(sample|image|token))(_ms|_s)?")
SIZE = re.compile(
    r"(num|n|total|trainable|num_trainable|model)_(params|parameters)|model_size|params_m|g?flops"
)
RECORDS = "time of the records"


@dataclass(frozen=True, slots=True)
class Resource:
    """One cost as every run has it, by reference; a run that does not log it is left out."""

    what: What
    origin: str
    """The metric or setting it is read from."""
    how: How
    values: Mapping[str, float]


def resources(runs: Sequence[Run], axes: Mapping[str, RunAxis], x: float | None) -> list[Resource]:
    """Return what is logged of the costs of runs, up to one x.

    Args:
        runs: The runs.
        axes: The axis of each run, by reference; empty where they share none.
        x: An x that all have reached; None where they share no axis.
    """
    spent = _Spent(runs, axes, x)
    found = [spent.time(), *spent.logged(), *_once(runs), *_configured(runs)]
    return [one for one in found if one.values]


class _Spent:
    """The costs of runs up to x, each run's clock read once."""

    def __init__(self, runs: Sequence[Run], axes: Mapping[str, RunAxis], x: float | None) -> None:
        self._runs = runs
        self._axes = axes
        self._x = x
        seconds = {str(run.ref): self._seconds_at(run) for run in runs}
        self._seconds = {ref: known for ref, known in seconds.items() if known is not None}

    def time(self) -> Resource:
        """Return the seconds from the first record that counts to x."""
        known = {ref: at - start for ref, (start, at) in self._seconds.items()}
        return Resource("training time", RECORDS, "at x", known)

    def logged(self) -> Iterator[Resource]:
        """Yield the costs that are metrics."""
        names = dict.fromkeys(name for run in self._runs for name in run.history.metrics)
        for name in names:
            for what, how in _kinds(name):
                values = {str(run.ref): self._until_x(run, name) for run in self._runs}
                told = {ref: _reduced(points, how) for ref, points in values.items() if len(points)}
                yield Resource(what, name, how, told)

    def _until_x(self, run: Run, name: str) -> "Floats":
        """Return the finite values of a metric up to x, by its place or, without one, by time."""
        axis = self._axes.get(str(run.ref))
        seconds = self._seconds.get(str(run.ref))
        curve = None if axis is None else axis.curves.get(name)
        limit = self._x
        if curve is None and seconds is not None:
            clock = run_axis(run.history, "seconds")
            curve = None if isinstance(clock, Unplaced) else clock.curves.get(name)
            limit = seconds[1]
        if curve is None or limit is None:
            return np.zeros(0)
        values = curve.values[curve.x <= limit * (1.0 + 1e-9)]
        return values[np.isfinite(values)]

    def _seconds_at(self, run: Run) -> tuple[float, float] | None:
        """Return the seconds since the run's first record where its curve starts, and at x.

        What an earlier launch wrote and a restart wrote again is no part of the curve.
        """
        axis = self._axes.get(str(run.ref))
        clock = run_axis(run.history, "seconds")
        if axis is None or self._x is None or isinstance(clock, Unplaced):
            return None
        shared = [name for name in axis.curves if name in clock.curves]
        longest = max(shared, key=lambda name: len(axis.curves[name]), default=None)
        if longest is None:
            return None
        placed, timed = axis.curves[longest], clock.curves[longest]
        if len(placed) != len(timed) or placed.x[0] > self._x:
            return None
        seconds = np.maximum.accumulate(timed.x)
        return float(seconds[0]), float(np.interp(self._x, placed.x, seconds))


def _kinds(name: str) -> Iterator[tuple[What, How]]:
    """Yield what a metric costs, by its name."""
    words = words_of(name)
    joined = "_".join(words_of(name.rsplit("/", 1)[-1]))
    if TIME.fullmatch(joined):
        yield "training time", "newest up to x"
    elif THROUGHPUT.fullmatch(joined):
        yield "throughput", "mean up to x"
    elif LATENCY.fullmatch(joined):
        yield "latency", "newest up to x"
    elif SIZE.fullmatch(joined):
        yield "model size", "newest up to x"
    elif _is_gpu_memory(words):
        yield "peak GPU memory", "highest up to x"
        yield "mean GPU memory", "mean up to x"


def _is_gpu_memory(words: Sequence[str]) -> bool:
    """Return whether a metric is memory in use on a GPU: a framework's `memory` is, W&B's is not."""
    told = set(words)
    if not told & MEMORY or told & NOT_OF_A_GPU:
        return False
    if words[0] in SYSTEM:
        return "gpu" in told and bool(told & IN_USE)
    return bool(told & OF_A_GPU) or words[-1] in MEMORY


def _reduced(values: "Floats", how: How) -> float:
    match how:
        case "highest up to x":
            return float(values.max())
        case "mean up to x":
            return float(values.mean())
        case _:
            return float(values[-1])


def _once(runs: Sequence[Run]) -> Iterator[Resource]:
    """Yield costs that were written once, outside the history."""
    names = dict.fromkeys(name for run in runs for name in run.finals)
    logged = {name for run in runs for name in run.history.metrics}
    for name in names:
        for what, _ in _kinds(name) if name not in logged else ():
            known = {
                str(run.ref): run.finals[name].value
                for run in runs
                if name in run.finals and np.isfinite(run.finals[name].value)
            }
            yield Resource(what, name, "logged once", known)


def _configured(runs: Sequence[Run]) -> Iterator[Resource]:
    """Yield model sizes that stand in the configs."""
    sizes: dict[str, dict[str, float]] = {}
    for run in runs:
        for key, value in typed(run.config).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                continue
            if SIZE.fullmatch("_".join(words_of(re.split(r"[./]", key)[-1]))):
                sizes.setdefault(key, {})[str(run.ref)] = float(value)
    yield from (Resource("model size", f"config {key}", "config", of) for key, of in sizes.items())
