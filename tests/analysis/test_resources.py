from collections.abc import Mapping, Sequence

import pytest

from samestep.analysis.axis import RunAxis
from samestep.analysis.choose import common_axis
from samestep.analysis.resources import Resource, resources
from samestep.model import Final, Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

Rows = Sequence[Mapping[str, float]]


def run(name: str, rows: Rows, config: Mapping[str, object] | None = None, **finals: float) -> Run:
    known = {key.replace("__", "/"): Final(value, "results.json") for key, value in finals.items()}
    source = remember("costs", [MemoryRun(name, rows, config or {}, finals=known)])
    found = MemoryReader(Source.parse(source)).read(name)
    forget("costs")
    return found


def rows(metric: str, *values: float, seconds: float = 2.0) -> Rows:
    """Return one row a step, `seconds` apart; the metric has these values."""
    return [
        {"step": n, "time": 1000.0 + seconds * n, "loss": 1.0, metric: value}
        for n, value in enumerate(values, start=1)
    ]


def costs(*runs: Run, x: float) -> dict[str, Resource]:
    axes = common_axis("step", runs[:1], runs[1:]).axes
    return {one.what: one for one in resources(runs, axes, x)}


def test_time_is_counted_up_to_the_same_x() -> None:
    slow = run("slow", rows("val/loss", 3, 2, 1, 1, 1, seconds=60.0))
    fast = run("fast", rows("val/loss", 3, 2, 1, seconds=1.0))

    found = costs(slow, fast, x=3)["training time"]
    assert (found.how, list(found.values.values())) == ("at x", [120.0, 2.0])


@pytest.mark.parametrize(
    ("metric", "what", "value"),
    [
        ("system.gpu.0.memoryAllocatedBytes", "peak GPU memory", 9.0),
        ("gpu_mem", "mean GPU memory", 6.0),
        ("system/gpu_0_memory_usage_megabytes", "mean GPU memory", 6.0),
        ("memory", "peak GPU memory", 9.0),
        ("max_memory_allocated", "peak GPU memory", 9.0),
        ("train/samples_per_second", "throughput", 6.0),
        ("fps", "throughput", 6.0),
        ("val/latency_ms", "latency", 9.0),
        ("num_parameters", "model size", 9.0),
        ("elapsed_time", "training time", 9.0),
    ],
)
def test_costs_are_told_by_their_names_and_read_up_to_x(
    metric: str, what: str, value: float
) -> None:
    found = resources([one := run("one", rows(metric, 3, 6, 9, 100))], axes_of(one), 3)

    told = [cost for cost in found if (cost.what, cost.origin) == (what, metric)]
    assert [list(cost.values.values()) for cost in told] == [[value]]


def axes_of(one: Run) -> Mapping[str, RunAxis]:
    return common_axis("step", [one], []).axes


@pytest.mark.parametrize(
    "metric", ["system.memory", "system.gpu.0.memory", "memory_bank_loss", "val/loss", "lr"]
)
def test_other_metrics_cost_nothing(metric: str) -> None:
    one = run("one", rows(metric, 1, 2))

    assert [cost.what for cost in resources([one], axes_of(one), 2)] == ["training time"]


def test_what_is_logged_by_the_clock_alone_is_read_up_to_the_time_of_x() -> None:
    logged = [{"step": n, "time": 10.0 * n, "loss": 1.0} for n in range(1, 6)]
    system = [{"time": 10.0 * n + 1.0, "gpu_memory": float(n)} for n in range(1, 6)]

    found = costs(run("one", [*logged, *system]), x=3)["peak GPU memory"]
    assert list(found.values.values()) == [2.0]


def test_a_size_that_was_written_once_or_stands_in_the_config_is_told() -> None:
    once = run("once", rows("val/loss", 1), num_params=7e6)
    configured = run("configured", rows("val/loss", 1), {"model": {"n_params": 9e6}})

    found = resources([once, configured], {}, None)
    assert [(cost.origin, list(cost.values.values())) for cost in found] == [
        ("num_params", [7e6]),
        ("config model.n_params", [9e6]),
    ]


def test_a_run_that_does_not_log_a_cost_is_left_out() -> None:
    one, other = run("one", rows("fps", 1, 2)), run("other", rows("val/loss", 1, 2))

    assert list(costs(one, other, x=2)["throughput"].values) == [str(one.ref)]
