"""Runs that strangers logged with Ray, stable-baselines3 and DVCLive, read beside other readers."""

import json
from collections import Counter
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from samestep.model import Run, Source
from samestep.readers.files import FilesReader

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
RAY = SHARED / "ray" / "ray-project__rl-experiments"
AGENTS = SHARED / "multiseed" / "DLR-RM__rl-trained-agents"
DENSE_GPT = SHARED / "dvclive" / "msh2481__DenseGPT"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")


def runs(directory: Path) -> dict[str, Run]:
    reader = FilesReader(Source("files", directory.name), directory)
    listing = reader.list()
    assert listing.unreadable == ()
    return {head.full_name: reader.read(head.ref.id) for head in listing.runs}


def points(run: Run, name: str) -> list[list[float]]:
    metric = run.history.metrics[name]
    return [metric.steps.tolist(), metric.values.tolist()]


def test_ray_s_trials_are_whole_although_their_tables_are_cut_inside_a_quote():
    trials = runs(RAY)

    for name, run in trials.items():
        results = (RAY / name / "result.json").read_text()
        rows = [json.loads(line) for line in results.splitlines()]
        reward = run.history.metrics["episode_reward_mean"]
        logged = [row for row in rows if row["episode_reward_mean"] is not None]
        assert reward.steps.tolist() == [row["timesteps_total"] for row in logged]
        assert reward.values.tolist() == [row["episode_reward_mean"] for row in logged]
        assert len(run.history.metrics["training_iteration"].values) == len(rows)
        assert run.config["gamma"] == rows[0]["config"]["gamma"]
        assert run.history.read.losses == ()
    lengths = [len(run.history.metrics["pid"].values) for run in trials.values()]
    assert lengths == [935, 262]
    assert {run.state for run in trials.values()} == {"unknown"}


def test_the_evaluations_of_22_agents_are_as_numpy_reads_them():
    agents = runs(AGENTS)

    assert Counter(name.partition("/")[0] for name in agents) == {
        **dict.fromkeys(["a2c", "ddpg", "ppo", "sac", "td3", "tqc", "trpo"], 3),
        "ars": 1,
    }
    for name, run in agents.items():
        with np.load(AGENTS / name / "evaluations.npz", allow_pickle=False) as arrays:
            reward = run.history.metrics["eval/mean_reward"]
            assert np.array_equal(reward.steps, arrays["timesteps"])
            assert np.allclose(reward.values, np.mean(arrays["results"], axis=1), rtol=1e-12)
            assert run.config["n_eval_episodes"] == arrays["results"].shape[1]
        assert run.history.read.losses == ()


def test_an_agent_s_seed_and_environments_come_from_rl_zoo_s_files():
    agent = FilesReader(Source("files", "agents"), AGENTS).read("a2c/LunarLanderContinuous-v2_1")

    assert (agent.seed, agent.config["n_envs"]) == ("3025281308", 4)
    # One of four environments, which took a quarter of the run's 5 million steps.
    assert agent.history.metrics["0.monitor/steps"].values[-1] == 1_249_676
    assert agent.history.metrics["eval/mean_reward"].steps[-1] == 5_000_000


def test_dvclive_s_directories_agree_with_pandas():
    import pandas as pd

    found = runs(DENSE_GPT)
    tables = DENSE_GPT / "commit-b699839" / "dvclive" / "plots" / "metrics"

    assert list(found) == ["commit-b699839/dvclive", "commit-fa4f9fa/dvclive"]
    long = found["commit-b699839/dvclive"]
    for name in ("loss", "epoch", "learning_rate", "train/loss"):
        table = pd.read_csv(tables / f"{name}.tsv", sep="\t")
        column = cast("pd.Series[float]", table[name.rpartition("/")[2]])
        assert points(long, name) == [table["step"].tolist(), column.tolist()]
    assert [len(points(run, "loss")[0]) for run in found.values()] == [150, 14]
    assert (points(long, "loss")[1][-1], points(long, "train/loss")[1]) == (
        2.3511,
        [3.0925246114095053],
    )
