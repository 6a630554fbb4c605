"""Trials of Ray Tune, as the JsonLoggerCallback and CSVLoggerCallback of Ray 2.60.0 wrote them.

The callbacks' output is copied here as it was, for Ray itself is too heavy to install.
"""

import csv
import json
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, ray_tune
from samestep.model import Run, Source
from samestep.readers.files import FilesReader

RESULTS = """\
{"info": {"learner": {"loss": 2.5}}, "episode_reward_mean": null, "timesteps_total": 1000, \
"training_iteration": 1, "timestamp": 1790000000, "done": false, "time_this_iter_s": 1.5, \
"time_total_s": 1.5, "time_since_restore": 1.5, "iterations_since_restore": 1, \
"trial_id": "ab12_00000", "date": "2026-11-20_10-00-00", "pid": 12, "hostname": "h", \
"node_ip": "1.2.3.4", "config": {"lr": 0.1, "seed": 7, "model": {"dim": 8}}}
{"info": {"learner": {"loss": 2.0}}, "episode_reward_mean": NaN, "timesteps_total": 2000, \
"training_iteration": 2, "timestamp": 1790000010, "done": true, "time_this_iter_s": 1.5, \
"time_total_s": 3.0, "time_since_restore": 3.0, "iterations_since_restore": 2, \
"experiment_tag": "0", "trial_id": "ab12_00000", "date": "2026-11-20_10-00-00", "pid": 12, \
"hostname": "h", "node_ip": "1.2.3.4", "config": {"lr": 0.1, "seed": 7, "model": {"dim": 8}}}
"""
TABLE = """\
episode_reward_mean,timesteps_total,training_iteration,timestamp,done,time_this_iter_s,\
time_total_s,time_since_restore,iterations_since_restore,trial_id,date,pid,hostname,node_ip,\
info/learner/loss
,1000,1,1790000000,False,1.5,1.5,1.5,1,ab12_00000,2026-11-20_10-00-00,12,h,1.2.3.4,2.5
nan,2000,2,1790000010,True,1.5,3.0,3.0,2,ab12_00000,2026-11-20_10-00-00,12,h,1.2.3.4,2.0
"""
PARAMS = '{\n  "lr": 0.1,\n  "model": {\n    "dim": 8\n  },\n  "seed": 7\n}'
TRIAL = "PPO_env_ab12_00000_0_2026-11-20_10-00-00"
FILES = {"result.json": RESULTS, "progress.csv": TABLE, "params.json": PARAMS}


def trial(directory: Path, files: dict[str, str]) -> Path:
    (directory / TRIAL).mkdir()
    for name, content in files.items():
        (directory / TRIAL / name).write_text(content)
    return directory


def run_of(directory: Path) -> Run:
    return FilesReader(Source("files", "ray"), directory).read(TRIAL)


def results(directory: Path, content: str) -> Log:
    (directory / "result.json").write_text(content)
    return ray_tune.read_results(directory / "result.json")


def test_the_files_of_a_trial_are_one_run_named_after_it(tmp_path: Path):
    reader = FilesReader(Source("files", "ray"), trial(tmp_path, FILES))

    assert [head.full_name for head in reader.list().runs] == [TRIAL]
    assert reader.list().unreadable == ()
    run = run_of(tmp_path)
    assert (run.state, run.seed, run.history.read.losses) == ("finished", "7", ())


def test_a_report_s_step_is_its_timesteps_and_its_iteration_a_metric(tmp_path: Path):
    log = results(tmp_path, RESULTS)
    rows = [json.loads(line) for line in RESULTS.splitlines()]

    loss = log.metrics["info/learner/loss"]
    assert loss.steps.tolist() == [row["timesteps_total"] for row in rows] == [1000, 2000]
    assert loss.values.tolist() == [row["info"]["learner"]["loss"] for row in rows]
    assert loss.times is not None
    assert loss.times.tolist() == [1790000000.0, 1790000010.0]
    assert log.metrics["training_iteration"].values.tolist() == [1.0, 2.0]
    assert log.epochs is None


def test_what_was_null_is_not_logged_and_what_is_nan_is(tmp_path: Path):
    reward = results(tmp_path, RESULTS).metrics["episode_reward_mean"]

    assert (reward.steps.tolist(), str(reward.values.tolist())) == ([2000.0], "[nan]")


def test_the_config_of_every_line_is_config_once_and_no_metric(tmp_path: Path):
    log = results(tmp_path, RESULTS)

    assert (log.config["lr"], log.config["model"]) == (0.1, {"dim": 8})
    assert log.config["trial_id"] == "ab12_00000"
    assert not any("lr" in name or "dim" in name for name in log.metrics)


@pytest.mark.parametrize(
    ("key", "steps"),
    [("num_env_steps_sampled_lifetime", [1000.0, 2000.0]), ("step", [1000.0, 2000.0])],
)
def test_without_timesteps_newer_names_and_the_user_s_step_place_the_rows(
    tmp_path: Path, key: str, steps: list[float]
):
    log = results(tmp_path, RESULTS.replace("timesteps_total", key))

    assert log.metrics["info/learner/loss"].steps.tolist() == steps


def test_timesteps_that_are_null_leave_the_iteration_for_a_step(tmp_path: Path):
    rows = [json.loads(line) | {"timesteps_total": None} for line in RESULTS.splitlines()]
    log = results(tmp_path, "".join(json.dumps(row) + "\n" for row in rows))

    assert log.metrics["info/learner/loss"].steps.tolist() == [1.0, 2.0]


def test_a_trial_with_an_error_beside_it_failed_unless_it_was_done(tmp_path: Path):
    (tmp_path / "error.txt").write_text("Traceback")

    assert not results(tmp_path, RESULTS).failed
    running = results(tmp_path, RESULTS.splitlines(keepends=True)[0])
    assert (running.finished, running.failed) == (False, True)


def test_without_results_the_table_is_read(tmp_path: Path):
    trial(tmp_path, {name: FILES[name] for name in ("progress.csv", "params.json")})
    metrics = run_of(tmp_path).history.metrics
    rows = list(csv.DictReader(TABLE.splitlines()))

    assert metrics["info/learner/loss"].steps.tolist() == [1000.0, 2000.0]
    assert metrics["info/learner/loss"].values.tolist() == [
        float(row["info/learner/loss"]) for row in rows
    ]
    assert str(metrics["episode_reward_mean"].values.tolist()) == "[nan]"


def test_the_config_columns_of_an_older_table_are_config(tmp_path: Path):
    header, *rows = TABLE.splitlines()
    table = "\n".join([f"{header},config/lr,config/env", *(f"{row},0.1,Pong" for row in rows)])
    trial(tmp_path, {"progress.csv": f"{table}\n"})
    run = run_of(tmp_path)

    assert (run.config["lr"], run.config["env"]) == (0.1, "Pong")
    assert "config/lr" not in run.history.metrics
    assert "done" not in run.config


def test_a_table_cut_inside_a_quoted_field_takes_nothing_from_the_results(tmp_path: Path):
    cut = TABLE + "\"{'a': 1, 'b"
    run = FilesReader(Source("files", "ray"), trial(tmp_path, {**FILES, "progress.csv": cut})).read(
        TRIAL
    )

    assert run.history.metrics["pid"].values.tolist() == [12, 12]
    assert run.history.read.losses == ()


def test_half_a_report_is_dropped_and_said(tmp_path: Path):
    log = results(tmp_path, RESULTS[:-40])

    assert log.metrics["info/learner/loss"].values.tolist() == [2.5]
    assert log.losses == ("the last line is half-written and was dropped",)
    assert not log.finished


def test_empty_results_leave_the_table_to_be_read(tmp_path: Path):
    run = FilesReader(Source("files", "ray"), trial(tmp_path, {**FILES, "result.json": ""})).read(
        TRIAL
    )

    assert run.history.metrics["info/learner/loss"].values.tolist() == [2.5, 2.0]
    with pytest.raises(NotReadable, match="it is empty"):
        ray_tune.read_results(tmp_path / TRIAL / "result.json")
