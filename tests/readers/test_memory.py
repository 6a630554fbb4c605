from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from samestep.errors import NoSuchRun
from samestep.model import EpochCounter, Final, Planned, Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, held, remember

NAN = float("nan")
STARTED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget("demo")


def reader(*runs: MemoryRun) -> MemoryReader:
    return MemoryReader(Source.parse(remember("demo", runs)))


def read(run: MemoryRun) -> Run:
    return reader(run).read(run.full_name)


def test_runs_are_listed_by_their_full_names_in_the_order_given() -> None:
    listing = reader(
        MemoryRun("vit-small/seed1", started=STARTED), MemoryRun("vit-small/seed0")
    ).list()

    assert [(head.full_name, str(head.ref), head.started) for head in listing.runs] == [
        ("vit-small/seed1", "memory:demo#vit-small/seed1", STARTED),
        ("vit-small/seed0", "memory:demo#vit-small/seed0", None),
    ]
    assert listing.unreadable == ()


def test_each_metric_keeps_its_own_rows_steps_and_times() -> None:
    found = read(
        MemoryRun(
            "vit-small/seed0",
            [
                {"step": 1, "time": 1000.0, "loss": 2.0},
                {"step": 2, "loss": 1.5, "val/loss": 1.8},
                {"val/loss": NAN},
            ],
        )
    ).history.metrics

    assert list(found) == ["loss", "val/loss"]
    assert found["loss"].rows.tolist() == [0, 1]
    assert found["loss"].times is not None
    assert str(found["loss"].times.tolist()) == "[1000.0, nan]"
    assert found["val/loss"].rows.tolist() == [1, 2]
    assert str(found["val/loss"].steps.tolist()) == "[2.0, nan]"
    assert str(found["val/loss"].values.tolist()) == "[1.8, nan]"
    assert found["val/loss"].times is None


def test_points_stand_in_the_order_written() -> None:
    rows = [{"step": 5, "loss": 1.0}, {"step": 3, "loss": 2.0}]

    assert read(MemoryRun("vit-small/seed0", rows)).history.metrics["loss"].steps.tolist() == [5, 3]


def test_the_config_tells_seed_and_planned_length() -> None:
    found = read(MemoryRun("vit-small/seed0", config={"seed": 3, "train": {"max_epochs": 90}}))

    assert (found.seed, found.planned) == ("3", Planned(90, "epochs", "train.max_epochs"))


def test_what_is_told_of_a_run_is_handed_on() -> None:
    counter = EpochCounter("epoch", "first is 0", "said so")
    final = Final(0.7, "results.json: test/top1")
    run = MemoryRun(
        "vit-small/seed0",
        [{"epoch": 0, "loss": 1.0}],
        state="crashed",
        group="vit",
        tags=("sweep",),
        finals={"test/top1": final},
        epochs=counter,
        steps_per_epoch=100.0,
        append_only=False,
        losses=("1 row was lost.",),
    )
    found = read(run)

    assert (found.state, found.group, found.tags) == ("crashed", "vit", ("sweep",))
    assert found.finals == {"test/top1": final}
    assert (found.history.epochs, found.history.steps_per_epoch) == (counter, 100)
    assert not found.history.append_only
    assert (found.history.read.how, found.history.read.losses) == ("memory", ("1 row was lost.",))


def test_a_run_without_rows_has_no_metrics() -> None:
    assert read(MemoryRun("vit-small/seed0")).history.metrics == {}


def test_a_run_that_is_not_held_is_refused_with_those_that_are() -> None:
    with pytest.raises(NoSuchRun, match=r"No run 'seed9' in memory:demo. Known runs: 'seed0'"):
        reader(MemoryRun("seed0")).read("seed9")


def test_runs_are_held_until_they_are_forgotten() -> None:
    source = remember("demo", [MemoryRun("seed0")])
    before = held()
    forget("demo")

    assert source == "memory:demo"
    assert "demo" in before
    assert "demo" not in held()
    assert MemoryReader(Source.parse(source)).list().runs == ()


def test_holding_other_runs_under_a_name_lets_go_of_the_first() -> None:
    remember("demo", [MemoryRun("seed0")])

    assert [head.full_name for head in reader(MemoryRun("seed1")).list().runs] == ["seed1"]
