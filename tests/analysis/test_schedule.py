from collections.abc import Mapping, Sequence

import pytest

from samestep.analysis.choose import own_axis
from samestep.analysis.schedule import is_rate, schedule_open
from samestep.model import Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

COSINE = [1.0, 0.98, 0.9, 0.79, 0.65, 0.5, 0.35, 0.21, 0.1, 0.02]
WARMING_UP = [0.1 * epoch for epoch in range(1, 11)]
DROPPED_ONCE = [0.1] * 5 + [0.01] * 5
RESTARTED = [1.0, 0.5, 0.01, 1.0, 0.5, 0.01, 1.0, 0.6, 0.2, 0.01]
STEADY = [0.001] * 10


def is_open(
    rates: Sequence[float],
    planned_end: float | None = None,
    name: str = "lr",
    config: Mapping[str, object] | None = None,
) -> bool | None:
    rows = [
        {"epoch": float(epoch), "val/loss": 1.0 / (epoch + 1), name: rate}
        for epoch, rate in enumerate(rates)
    ]
    source = remember("schedules", [MemoryRun("resnet50-cosine/seed0", rows, config or {})])
    run = MemoryReader(Source.parse(source)).read("resnet50-cosine/seed0")
    forget("schedules")
    return schedule_open(run, own_axis("epoch", run), planned_end)


@pytest.mark.parametrize(
    "name",
    [
        "lr",
        "learning_rate",
        "train/learning_rate",
        "Learning Rate",
        "epoch_learning_rate",
        "lr-AdamW",
        "lr-SGD/pg1",
        "lr/pg0",
        "info/learner/cur_lr",
    ],
)
def test_a_learning_rate_is_known_by_the_names_that_trainers_give_it(name: str) -> None:
    assert is_rate(name)
    assert is_open(WARMING_UP, name=name) is True


@pytest.mark.parametrize("name", ["train/loss", "lr_loss", "colour", "rate", "dropout_rate"])
def test_other_names_are_no_learning_rates(name: str) -> None:
    assert not is_rate(name)


@pytest.mark.parametrize(
    ("rates", "planned_end", "expected"),
    [
        (COSINE, None, False),
        (COSINE[:8], None, True),
        (WARMING_UP, None, True),
        (RESTARTED, None, True),
        (STEADY, None, None),
        (COSINE, 10.0, False),
        (COSINE, 100.0, True),
        (RESTARTED, 10.0, False),
        (DROPPED_ONCE, 10.0, False),
        (DROPPED_ONCE, 20.0, True),
        (COSINE, 8.0, False),
        ([float("nan"), *COSINE[:8], float("nan")], None, True),
        ([float("nan")] * 10, None, None),
        ([0.0] * 10, None, None),
    ],
    ids=[
        "at its end",
        "half-way",
        "warming up",
        "may come back again",
        "steady",
        "at its end and the plan's",
        "at its end and the plan goes on",
        "no time to come back",
        "a step above zero at the plan's end",
        "a step above zero before",
        "beyond the plan",
        "not always finite",
        "never finite",
        "zero",
    ],
)
def test_a_rate_that_moves_is_open_until_it_or_the_plan_is_at_its_end(
    rates: Sequence[float], planned_end: float | None, *, expected: bool | None
) -> None:
    assert is_open(rates, planned_end) is expected


@pytest.mark.parametrize(
    ("planned_end", "expected"), [(None, None), (100.0, True), (10.0, False), (0.0, None)]
)
def test_a_schedule_in_the_config_is_open_until_the_planned_end(
    planned_end: float | None, *, expected: bool | None
) -> None:
    config = {"lr_scheduler": "cosine"}

    assert is_open(STEADY, planned_end, config=config) is expected
    assert is_open(STEADY, planned_end) is None
