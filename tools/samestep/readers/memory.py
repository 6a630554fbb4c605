"""Runs given as Python data."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from samestep.errors import BadArgument, NoSuchRun
from samestep.model import (
    EpochCounter,
    Final,
    History,
    Listing,
    Metric,
    ReadReport,
    Run,
    RunHead,
    RunRef,
    Source,
    State,
)
from samestep.readers.facts import epoch_length, planned_length, seed_of

STEP = "step"
TIME = "time"
NOT_METRICS = (STEP, TIME)


@dataclass(frozen=True, slots=True)
class MemoryRun:
    """One run as Python data.

    A row is what one log call wrote: `step` and `time` (seconds since 1970) where there are any,
    and a value for each metric. Rows stand in the order they were written.
    """

    full_name: str
    rows: Sequence[Mapping[str, float]] = ()
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    state: State = "unknown"
    started: datetime | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()
    finals: Mapping[str, Final] = field(default_factory=dict[str, Final])
    epochs: EpochCounter | None = None
    steps_per_epoch: float | None = None
    append_only: bool = True
    row_counter: str | None = None
    losses: tuple[str, ...] = ()


_held: dict[str, tuple[MemoryRun, ...]] = {}


def remember(name: str, runs: Sequence[MemoryRun]) -> str:
    """Hold runs under a name for this process and return their source, `memory:<name>`."""
    names = [run.full_name for run in runs]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise BadArgument("runs", twice, "each full name once")
    _held[name] = tuple(runs)
    return str(Source("memory", name))


def forget(name: str) -> None:
    """Let go of the runs held under a name."""
    _held.pop(name, None)


def held() -> list[str]:
    """Return the names under which runs are held, the latest last."""
    return list(_held)


class MemoryReader:
    """Reads the runs held under a name."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def list(self) -> Listing:
        """Return every run held under the name."""
        return Listing(tuple(map(self._head, _held.get(self.source.location, ()))))

    def read(self, run_id: str) -> Run:
        """Return one run."""
        runs = {run.full_name: run for run in _held.get(self.source.location, ())}
        if run_id not in runs:
            raise NoSuchRun(run_id, list(runs), str(self.source))
        run = runs[run_id]
        return Run(
            head=self._head(run),
            history=_history(run),
            state=run.state,
            seed=seed_of(run.config),
            group=run.group,
            tags=run.tags,
            config=run.config,
            finals=run.finals,
            planned=planned_length(run.config),
        )

    def _head(self, run: MemoryRun) -> RunHead:
        return RunHead(RunRef(self.source, run.full_name), run.full_name, run.started)


def _history(run: MemoryRun) -> History:
    names = dict.fromkeys(name for row in run.rows for name in row if name not in NOT_METRICS)
    return History(
        metrics={name: _metric(name, run.rows) for name in names},
        read=ReadReport("memory", run.losses),
        epochs=run.epochs,
        steps_per_epoch=run.steps_per_epoch or epoch_length(run.config, names),
        append_only=run.append_only,
        row_counter=run.row_counter,
    )


def _number(name: str, value: object) -> float:
    if isinstance(value, int | float):
        with suppress(OverflowError):
            return float(value)
    raise BadArgument(f"rows: {name}", value, "numbers")


def _metric(name: str, rows: Sequence[Mapping[str, float]]) -> Metric:
    at = [number for number, row in enumerate(rows) if name in row]
    times = [rows[number].get(TIME, np.nan) for number in at]
    return Metric(
        name=name,
        steps=np.array([rows[number].get(STEP, np.nan) for number in at], dtype=np.float64),
        values=np.array([_number(name, rows[number][name]) for number in at], dtype=np.float64),
        rows=np.array(at, dtype=np.int64),
        times=None if np.isnan(times).all() else np.array(times, dtype=np.float64),
    )
