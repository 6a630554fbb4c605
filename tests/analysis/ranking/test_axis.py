"""The axis of many runs, and who has no place on it."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from samestep import MemoryRun, forget, remember
from samestep.analysis.ranking.axis import most_shared_axis
from samestep.errors import NoSuchAxis
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader

Rows = Sequence[Mapping[str, float]]


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    yield
    forget("axes")


def runs(*rows: Rows) -> list[Run]:
    remember("axes", [MemoryRun(f"run{at}", of_run) for at, of_run in enumerate(rows)])
    reader = MemoryReader(Source("memory", "axes"))
    return [reader.read(f"run{at}") for at in range(len(rows))]


def epochs(count: int) -> Rows:
    return [{"epoch": e, "step": 10 * e, "loss": 1.0} for e in range(1, count + 1)]


def steps(count: int) -> Rows:
    return [{"step": 10 * e, "loss": 1.0} for e in range(1, count + 1)]


def test_a_run_that_has_only_begun_decides_no_axis() -> None:
    chosen, without = most_shared_axis(runs(epochs(9), epochs(9), steps(1)), "loss")

    assert (chosen.name, list(without)) == ("epoch", ["memory:axes#run2"])


def test_runs_that_got_as_far_share_the_axis_all_have() -> None:
    chosen, without = most_shared_axis(runs(epochs(9), steps(9)), "loss")

    assert (chosen.name, without) == ("step", {})


def test_where_none_is_shared_the_axis_of_most_stands_and_the_others_are_told() -> None:
    only = [[{"epoch": e, "loss": 1.0} for e in range(1, 10)] for _ in range(2)]
    chosen, without = most_shared_axis(runs(*only, steps(9)), "loss")

    assert (chosen.name, list(without)) == ("epoch", ["memory:axes#run2"])


def test_runs_without_any_axis_are_refused() -> None:
    with pytest.raises(NoSuchAxis):
        most_shared_axis(runs([{"loss": 1.0}], [{"loss": 2.0}]), "loss")
