"""Which runs a listing names, in which order, and which it says it could not read."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.record.wandb_runs import recorded as recorded_runs

from samestep import MemoryRun, Project, forget, list_runs, remember
from samestep.errors import BadArgument, BadExpression
from samestep.readers.tree import DEEPEST


@pytest.fixture
def sweep() -> Iterator[str]:
    """Hold a small sweep and return its source."""
    yield remember(
        "sweep",
        [
            MemoryRun(
                f"lr{rate}/seed{seed}",
                [{"epoch": epoch, "step": epoch * 10, "loss": rate} for epoch in range(1, epochs)],
                config={"lr": rate, "seed": seed, "optimizer": {"name": "sgd"}},
                state="finished" if epochs > 4 else "crashed",
                started=datetime(2026, 1, epochs, tzinfo=UTC),
            )
            for rate, seed, epochs in ((0.1, 0, 6), (0.1, 1, 3), (0.01, 0, 9))
        ],
    )
    forget("sweep")


def test_the_newest_run_comes_first_with_how_far_it_has_come(sweep: str) -> None:
    answer = list_runs(sweep)

    assert [(item.full_name, item.current.epoch, item.current.step) for item in answer.items] == [
        ("lr0.01/seed0", 8, 80),
        ("lr0.1/seed0", 5, 50),
        ("lr0.1/seed1", 2, 20),
    ]
    assert answer.items[0].started == "2026-01-09T00:00:00+00:00"
    assert answer.items[0].run == "memory:sweep#lr0.01/seed0"


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("config.lr < 0.1", ["lr0.01/seed0"]),
        ('state == "crashed" or metric.loss < 0.05', ["lr0.01/seed0", "lr0.1/seed1"]),
        ("seed == 0 and current.epoch >= 5", ["lr0.01/seed0", "lr0.1/seed0"]),
        (
            'config.optimizer.name == "sgd" and not startswith(full_name, "lr0.1/")',
            ["lr0.01/seed0"],
        ),
        ("config.lr > 1", []),
    ],
)
def test_a_condition_speaks_of_config_metrics_and_progress(
    sweep: str, where: str, names: list[str]
) -> None:
    assert [item.full_name for item in list_runs(sweep, where=where).items] == names


def test_a_condition_cannot_be_used_to_guess_a_secret() -> None:
    remember("keys", [MemoryRun("wide", [{"step": 1, "loss": 1.0}], config={"api_key": "hunter2"})])

    listed = list_runs("memory:keys", where='config.api_key == "hunter2"')
    forget("keys")

    assert listed.items == []


def test_a_condition_over_what_no_run_has_names_what_they_have(sweep: str) -> None:
    with pytest.raises(BadExpression) as refused:
        list_runs(sweep, where="config.learning_rate > 0.1")

    assert "config.lr" in str(refused.value)


def test_names_are_matched_whole(sweep: str) -> None:
    assert [item.full_name for item in list_runs(sweep, match="lr0.1/*").items] == [
        "lr0.1/seed0",
        "lr0.1/seed1",
    ]
    assert list_runs(sweep, match="seed0").items == []


@pytest.mark.parametrize(
    ("order_by", "first"),
    [
        ("full_name", "lr0.01/seed0"),
        ("-full_name", "lr0.1/seed1"),
        ("epoch", "lr0.1/seed1"),
        ("-step", "lr0.01/seed0"),
        ("state", "lr0.1/seed1"),
    ],
)
def test_runs_come_in_the_order_asked(sweep: str, order_by: str, first: str) -> None:
    assert list_runs(sweep, order_by=order_by).items[0].full_name == first


def test_pages_lead_from_one_to_the_next_until_there_is_none(sweep: str) -> None:
    first = list_runs(sweep, limit=2)
    second = list_runs(sweep, limit=2, cursor=first.next_cursor)

    assert (len(first.items), len(second.items), first.matched) == (2, 1, 3)
    assert second.next_cursor is None


def test_files_that_hold_nothing_are_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "runs/empty").mkdir(parents=True)
    (tmp_path / "runs/empty/events.out.tfevents.1.host").write_bytes(b"")
    (tmp_path / "runs/noise").mkdir()
    (tmp_path / "runs/noise/events.out.tfevents.1.host").write_bytes(bytes(range(256)) * 4)

    answer = list_runs("tensorboard:runs", project=Project(tmp_path))

    assert answer.items == []
    assert [one.run for one in answer.unreadable] == [
        "tensorboard:runs#empty",
        "tensorboard:runs#noise",
    ]
    assert all(one.why for one in answer.unreadable)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"order_by": "loss"}, "started, full_name"),
        ({"cursor": "next"}, "next_cursor"),
        ({"source": "runs"}, "tensorboard:runs"),
        ({"source": "tensorbord:runs"}, "one of the trackers"),
    ],
)
def test_what_cannot_be_listed_is_refused(sweep: str, arguments: dict[str, str], says: str) -> None:
    with pytest.raises(BadArgument) as refused:
        list_runs(**{"source": sweep, **arguments})  # pyright: ignore[reportArgumentType] # each case is one bad argument

    assert says in str(refused.value)


def test_settings_kept_as_text_are_compared_as_the_numbers_they_are() -> None:
    source = remember(
        "texts",
        [
            MemoryRun("mlflow/seed0", config={"lr": "0.1", "name": "a"}),
            MemoryRun("wandb/seed0", config={"lr": 0.001, "name": "7"}),
        ],
    )

    cheap = list_runs(source, where="config.lr < 0.01")
    named = list_runs(source, where="config.name == '7'")
    forget("texts")
    assert [item.full_name for item in cheap.items] == ["wandb/seed0"]
    assert [item.full_name for item in named.items] == ["wandb/seed0"]


@pytest.fixture(name="wandb_directory")
def recorded_wandb(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """Copy one run that the real wandb wrote, which ended and says how."""
    recorded = recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")
    [made] = recorded.glob("offline-run-*-yolo")
    shutil.copytree(made, tmp_path / "wandb" / made.name)
    return tmp_path / "wandb"


def test_a_run_whose_log_is_damaged_says_so_in_the_listing(wandb_directory: Path) -> None:
    [log] = wandb_directory.glob("*/*.wandb")
    log.write_bytes(log.read_bytes()[:-20])
    answer = list_runs(project=Project(wandb_directory.parent))

    [item] = answer.items
    assert item.lost is not None
    assert "cut off" in item.lost
    assert [(one.severity, one.text) for one in answer.caveats] == [
        ("warns", f"Read in part, each with what is lost: {item.full_name}.")
    ]
    assert f"Read in part: {item.full_name}: " in answer.to_markdown()


def test_a_run_that_is_whole_says_nothing_of_the_kind(sweep: str) -> None:
    answer = list_runs(sweep)

    assert [item.lost for item in answer.items] == [None] * 3
    assert answer.caveats == []


def test_measurements_of_the_machine_are_no_metrics_of_a_run() -> None:
    row = {"step": 1, "loss": 1.0, "system.gpu.0.temp": 60.0, "system/cpu": 5.0}
    remember("machine", [MemoryRun("wide", [row])])
    [item] = list_runs("memory:machine").items
    forget("machine")

    assert item.metrics == 1


def test_what_a_source_leaves_out_is_said_beside_its_runs(tmp_path: Path) -> None:
    deep = tmp_path / "runs" / "/".join("d" * DEEPEST)
    (deep / "deeper").mkdir(parents=True)
    (tmp_path / "runs/metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    answer = list_runs("files:runs", project=Project(tmp_path))

    assert (len(answer.items), answer.unreadable) == (1, [])
    assert [one.text for one in answer.caveats] == [
        (
            "files:runs: passed over: 1 directory deeper than 16 levels "
            f"(the first is {'d/' * DEEPEST}deeper)."
        )
    ]
