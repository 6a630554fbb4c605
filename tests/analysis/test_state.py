from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from samestep.analysis.state import newest_on, newest_record, reached_plan, state_of
from samestep.model import History, Metric, ReadReport, Run, Source, State
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def run(
    steps: list[float],
    config: dict[str, object] | None = None,
    written: datetime | None = None,
    state: State = "unknown",
) -> Run:
    rows = [{"step": step, "loss": 1.0} for step in steps]
    if written is not None and rows:
        rows[-1]["time"] = written.timestamp()
    return read(MemoryRun("resnet50-cosine/seed0", rows, config=config or {}, state=state))


def epochs(*logged: float, planned: float) -> Run:
    rows = [{"epoch": epoch, "loss": 1.0} for epoch in logged]
    return read(MemoryRun("resnet50-cosine/seed0", rows, config={"max_epochs": planned}))


def read(held: MemoryRun) -> Run:
    found = MemoryReader(Source.parse(remember("state", [held]))).read(held.full_name)
    forget("state")
    return found


@pytest.mark.parametrize("said", ["running", "finished", "failed", "crashed"])
def test_the_trackers_word_comes_first(said: State) -> None:
    done = run([1000], {"max_steps": 1000}, written=NOW, state=said)

    assert state_of(done, NOW, known_finished=True) == said


def test_a_run_that_reached_its_planned_length_has_finished() -> None:
    assert state_of(run([1000], {"max_steps": 1000}), NOW) == "finished"
    assert state_of(epochs(1, 2, 3, planned=3), NOW) == "finished"


def test_a_run_known_to_the_settings_has_finished() -> None:
    assert state_of(run([10]), NOW, known_finished=True) == "finished"


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (MINUTE * 0, "running"),
        (MINUTE * 10, "running"),
        (MINUTE * 10.1, "unknown"),
        (-MINUTE * 5, "running"),
        (-MINUTE * 11, "unknown"),
    ],
)
def test_a_run_is_running_for_ten_minutes_after_its_newest_record(
    age: timedelta, state: State
) -> None:
    assert state_of(run([10], written=NOW - age), NOW) == state


def test_a_run_whose_records_carry_no_time_is_unknown() -> None:
    assert state_of(run([10]), NOW) == "unknown"
    assert state_of(run([]), NOW) == "unknown"


def test_a_finished_run_is_not_running_because_it_was_written_just_now() -> None:
    assert state_of(run([1000], {"max_steps": 1000}, written=NOW), NOW) == "finished"


@pytest.mark.parametrize(("last", "reached"), [(999, True), (1000, True), (998, False)])
def test_the_last_step_of_a_count_from_0_reaches_the_plan(last: float, *, reached: bool) -> None:
    assert reached_plan(run([0, last], {"max_steps": 1000})) == reached


def test_the_end_of_the_last_epoch_reaches_the_plan() -> None:
    assert reached_plan(epochs(0, 1, 2, planned=3))
    assert not reached_plan(epochs(0, 1, planned=3))
    assert reached_plan(epochs(1, 2, 3, planned=3))
    assert not reached_plan(epochs(1, 2, planned=3))


def test_an_epoch_plan_without_epochs_is_not_reached() -> None:
    assert not reached_plan(run([1000], {"max_epochs": 1}))


def test_without_a_plan_nothing_is_reached() -> None:
    assert not reached_plan(run([1000]))


def test_newest_x_is_known_where_the_run_has_the_axis() -> None:
    assert newest_on(run([5, 7]).history, "step") == 7
    assert newest_on(run([5, 7]).history, "epoch") is None


def test_the_newest_record_is_that_of_any_metric() -> None:
    times = [np.array([1.0, 5.0, float("nan")]), np.array([7.0, 2.0, 3.0]), None]
    steps = np.arange(3, dtype=np.float64)
    metrics = {
        name: Metric(name, steps, steps, np.arange(3), times=time)
        for name, time in zip(("loss", "val/loss", "lr"), times, strict=True)
    }

    assert newest_record(History(metrics, ReadReport("x"))) == datetime.fromtimestamp(7, UTC)


@pytest.mark.parametrize("time", [1e300, float("inf")])
def test_a_time_outside_the_calendar_is_no_record(time: float) -> None:
    one = np.ones(1)
    metric = Metric("loss", one, one, np.zeros(1, np.int64), times=np.array([time]))

    assert newest_record(History({"loss": metric}, ReadReport("x"))) is None
