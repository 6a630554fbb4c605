"""Several runs in one table or one file of JSON lines, told apart by a column."""

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.formats.local import Log, format_of
from samestep.formats.local.several import label
from samestep.formats.local.text import head_of


def read(directory: Path, content: str, name: str = "results.csv") -> Log:
    path = directory / name
    path.write_text(content)
    found = format_of(name, head_of(path))
    assert found is not None
    assert found.several(head_of(path)) or not found.read(path).runs
    return found.read(path)


def curve(log: Log, metric: str) -> list[tuple[float, float]]:
    found = log.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def test_a_seed_column_makes_a_run_of_each_seed(tmp_path: Path):
    log = read(tmp_path, "step,reward,seed\n0,1.0,3\n100,2.0,3\n0,1.5,1\n100,2.5,1\n200,3.5,1\n")

    assert list(log.runs) == ["seed=3", "seed=1"]
    assert curve(log.runs["seed=3"], "reward") == [(0.0, 1.0), (100.0, 2.0)]
    assert curve(log.runs["seed=1"], "reward") == [(0.0, 1.5), (100.0, 2.5), (200.0, 3.5)]
    assert [run.config for run in log.runs.values()] == [{"seed": 3}, {"seed": 1}]
    assert [list(run.metrics) for run in log.runs.values()] == [["reward"], ["reward"]]
    assert [run.losses for run in log.runs.values()] == [(), ()]


def test_rows_of_several_runs_may_alternate(tmp_path: Path):
    log = read(tmp_path, "step,loss,run\n1,9.0,a\n1,8.0,b\n2,7.0,a\n2,6.0,b\n")

    assert curve(log.runs["run=a"], "loss") == [(1.0, 9.0), (2.0, 7.0)]
    assert curve(log.runs["run=b"], "loss") == [(1.0, 8.0), (2.0, 6.0)]


def test_only_the_columns_that_are_needed_name_the_runs(tmp_path: Path):
    log = read(
        tmp_path,
        "run_id,method,seed,task,step,reward\n"
        "x1,sac,0,walker,0,1\nx1,sac,0,walker,1,2\n"
        "x2,sac,1,walker,0,3\nx2,sac,1,walker,1,4\n"
        "x3,ppo,0,walker,0,5\nx3,ppo,0,walker,1,6\n",
    )

    assert list(log.runs) == ["method=sac&seed=0", "method=sac&seed=1", "method=ppo&seed=0"]
    assert log.runs["method=ppo&seed=0"].config == {
        "run_id": "x3",
        "method": "ppo",
        "seed": 0,
        "task": "walker",
    }


def test_json_lines_are_told_apart_as_tables_are(tmp_path: Path):
    rows = [{"step": step, "loss": step + seed, "seed": seed} for seed in (0, 1) for step in (1, 2)]
    log = read(tmp_path, "".join(f"{json.dumps(row)}\n" for row in rows), "log.jsonl")

    assert curve(log.runs["seed=0"], "loss") == [(1.0, 1.0), (2.0, 2.0)]
    assert curve(log.runs["seed=1"], "loss") == [(1.0, 2.0), (2.0, 3.0)]


def test_the_splits_of_a_row_are_no_runs_but_its_seeds_are(tmp_path: Path):
    rows = [
        {"epoch": epoch, "mode": mode, "loss": 1.0, "seed": seed}
        for seed in (0, 1)
        for epoch in (0, 1)
        for mode in ("train", "val")
    ]
    log = read(tmp_path, "".join(f"{json.dumps(row)}\n" for row in rows), "log.jsonl")

    assert list(log.runs) == ["seed=0", "seed=1"]
    assert list(log.runs["seed=1"].metrics) == ["epoch", "train/loss", "val/loss"]
    assert log.runs["seed=1"].epochs is not None


def test_one_value_in_every_row_is_one_run(tmp_path: Path):
    log = read(tmp_path, "step,loss,seed\n1,9.0,3\n2,8.0,3\n")

    assert (log.runs, log.config) == ({}, {"seed": 3})


def test_a_seed_drawn_anew_for_every_step_is_one_run(tmp_path: Path):
    log = read(tmp_path, "step,loss,seed\n1,9.0,31\n2,8.0,72\n3,7.0,5\n")

    assert log.runs == {}
    assert log.losses == (
        "seed changes from row to row: several runs share this file, and they are not told apart",
    )


def test_the_results_of_several_seeds_at_one_step_are_runs_of_one_point(tmp_path: Path):
    log = read(tmp_path, "step,acc,seed\n100,0.5,0\n100,0.6,1\n")

    assert [curve(run, "acc") for run in log.runs.values()] == [[(100.0, 0.5)], [(100.0, 0.6)]]


def test_more_values_than_a_file_has_runs_are_not_told_apart(tmp_path: Path):
    rows = "".join(f"{step},1.0,{run}\n" for run in range(1_001) for step in (1, 2))
    log = read(tmp_path, f"step,loss,run\n{rows}")

    assert log.runs == {}
    assert log.losses != ()


def test_a_run_without_a_value_in_the_column_is_one_too(tmp_path: Path):
    log = read(tmp_path, "step,loss,seed\n1,9.0,\n2,8.0,\n1,7.0,4\n2,6.0,4\n")

    assert list(log.runs) == ["seed=", "seed=4"]
    assert [run.config for run in log.runs.values()] == [{}, {"seed": 4}]


def test_a_value_that_looks_like_a_path_stays_a_name():
    assert label({"run": "../a/b&c=d%\\\n"}) == "run=..%2Fa%2Fb%26c=d%25%5C "


def test_a_last_row_cut_short_is_lost_to_its_run_alone(tmp_path: Path):
    log = read(tmp_path, "step,reward,seed\n0,1.0,3\n100,2.0,3\n0,1.5,1\n100,2.5,1\n200,3")

    assert [len(run.metrics["reward"].values) for run in log.runs.values()] == [2, 2]
    assert log.runs["seed=1"].losses == ("the last row is cut short and was dropped",)


ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.floats(-1e6, 1e6), st.integers(0, 3)), min_size=1, max_size=40
)


@given(ROWS)
def test_every_point_is_in_the_run_that_csv_says(rows: list[tuple[int, float, int]]):
    text = io.StringIO()
    csv.writer(text).writerows([("step", "loss", "seed"), *rows])
    with TemporaryDirectory() as directory:
        log = read(Path(directory), text.getvalue())
    if not log.runs:
        return

    for seed in {seed for _, _, seed in rows}:
        expected = [(float(step), loss) for step, loss, of in rows if of == seed]
        assert curve(log.runs[f"seed={seed}"], "loss") == expected


SHARED = Path(__file__).parents[2].parent / "shared" / "data"
TDMPC2 = SHARED / "multiseed" / "nicklashansen__tdmpc2" / "results"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_seeds_of_tdmpc2_are_read_as_csv_reads_them():
    curves = 0
    for path in sorted(TDMPC2.glob("*/*.csv")):
        found = format_of(path.name, head_of(path))
        assert found is not None
        runs = found.read(path).runs
        with path.open() as file:
            rows = list(csv.DictReader(file))
        metric = "success" if "success" in rows[0] else "reward"
        for seed in {row["seed"] for row in rows}:
            curves += 1
            assert curve(runs[f"seed={seed}"], metric) == [
                (float(row["step"]), float(row[metric])) for row in rows if row["seed"] == seed
            ]

    assert curves == 96
