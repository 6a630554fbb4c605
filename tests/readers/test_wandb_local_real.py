import csv
from pathlib import Path

import pytest

from samestep import compare_same_epoch
from samestep.model import Run, Source
from samestep.readers.tensorboard import TensorBoardReader
from samestep.readers.wandb.local import LocalReader
from samestep.settings import Project

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "wandb" / "Bokai-Ji__ConceptPPO"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")
RUNS = {
    "lcoremr1": "starpilot_test_2509_1690024149",
    "mxaehod4": "starpilot_test_2509_1690076253",
    "61qqbz3a": "starpilot_test_2509_1690085872",
}


def read(run_id: str) -> Run:
    return LocalReader(Source("wandb", "."), REAL).read(run_id)


def by_step(run: Run, name: str) -> dict[float, float]:
    metric = run.history.metrics[name]
    return dict(zip(metric.steps.tolist(), metric.values.tolist(), strict=True))


def test_logs_of_2023_are_listed_by_their_names():
    listing = LocalReader(Source("wandb", "."), REAL).list()

    assert {head.ref.id: head.full_name for head in listing.runs} == RUNS
    assert listing.unreadable == ()


@pytest.mark.parametrize("run_id", RUNS)
def test_the_log_says_at_every_step_what_the_event_files_say(run_id: str):
    run = read(run_id)
    beside = TensorBoardReader(Source("tensorboard", "logs"), REAL / "logs").read(RUNS[run_id])

    assert len(beside.history.metrics) == 9
    assert {name: by_step(run, name) for name in beside.history.metrics} == {
        name: by_step(beside, name) for name in beside.history.metrics
    }
    assert run.history.row_counter is None
    assert (run.state, run.history.read.losses) == ("finished", ())


@pytest.mark.parametrize("run_id", RUNS)
def test_the_log_says_at_every_step_what_the_table_says(run_id: str):
    with (REAL / "logs" / RUNS[run_id] / "log.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    rewards = by_step(read(run_id), "Rewards/mean_episodes")

    assert len(table) == len(rewards) == 763
    assert [rewards[float(row["timesteps"])] for row in table] == pytest.approx(
        [float(row["mean_episode_rewards"]) for row in table], rel=1e-6
    )


def test_the_run_with_another_config_is_told_from_its_seeds():
    config = {run_id: dict(read(run_id).config) for run_id in RUNS}
    differ = {
        (one, key)
        for one in ("mxaehod4", "61qqbz3a")
        for key, value in config[one].items()
        if value != config["lcoremr1"].get(key)
    }

    assert differ == {("61qqbz3a", "shared_head")}
    assert read("lcoremr1").environment["gpu"] == "NVIDIA GeForce RTX 4090"


def test_two_of_them_are_compared_at_the_same_global_step():
    answer = compare_same_epoch(
        "wandb:.#mxaehod4",
        ["wandb:.#lcoremr1"],
        metrics=["Rewards/mean_episodes"],
        x="step",
        at=12_500_000,
        project=Project(REAL),
    )
    [row] = answer.proxy

    assert (row.student.full_name, row.baseline.full_name) == (RUNS["mxaehod4"], RUNS["lcoremr1"])
    assert row.student.x == row.baseline.x == 12_484_608
    assert row.student.value == by_step(read("mxaehod4"), "Rewards/mean_episodes")[12_484_608]
