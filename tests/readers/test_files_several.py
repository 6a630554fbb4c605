"""Files that hold several runs: what the runs are called, and what stands beside them."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from samestep.errors import NoSuchRun
from samestep.model import RunRef, Source
from samestep.readers.files import FilesReader

SEEDS = "step,reward,seed\n0,1.0,3\n100,2.0,3\n0,1.5,1\n100,2.5,1\n"


def reader(directory: Path) -> FilesReader:
    return FilesReader(Source("files", "results"), directory)


def put(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def ids(directory: Path) -> list[str]:
    return [head.ref.id for head in reader(directory).list().runs]


def test_a_run_of_a_file_is_named_by_the_file_and_what_tells_it_apart(tmp_path: Path):
    put(tmp_path / "sac" / "walker.csv", SEEDS)
    heads = reader(tmp_path).list().runs

    assert [str(head.ref) for head in heads] == [
        "files:results#sac/walker.csv?seed=1",
        "files:results#sac/walker.csv?seed=3",
    ]
    assert [head.full_name for head in heads] == [head.ref.id for head in heads]
    assert [RunRef.parse(str(head.ref)) for head in heads] == [head.ref for head in heads]
    assert [reader(tmp_path).read(head.ref.id).head for head in heads] == list(heads)
    assert all(fnmatchcase(head.full_name, "sac/walker.csv?seed=*") for head in heads)


def test_the_column_s_seed_is_the_run_s_whatever_lies_beside_the_file(tmp_path: Path):
    put(tmp_path / "walker.csv", SEEDS)
    put(tmp_path / "config.yaml", "seed: 0\nlr: 0.1\n")
    run = reader(tmp_path).read("walker.csv?seed=3")

    assert (run.seed, run.config) == ("3", {"seed": 3, "lr": 0.1})
    assert run.history.metrics["reward"].values.tolist() == [1.0, 2.0]


def test_files_that_hold_one_run_are_grouped_as_ever(tmp_path: Path):
    put(tmp_path / "walker.csv", SEEDS)
    put(tmp_path / "train.csv", "step,loss\n1,2.5\n")
    put(tmp_path / "val.csv", "step,loss\n1,2.6\n")

    assert ids(tmp_path) == ["train.csv", "walker.csv?seed=1", "walker.csv?seed=3"]
    assert sorted(reader(tmp_path).read("train.csv").history.metrics) == ["train/loss", "val/loss"]


def test_a_file_that_gains_a_run_is_listed_anew(tmp_path: Path):
    path = put(tmp_path / "walker.csv", SEEDS)
    before = ids(tmp_path)
    path.write_text(SEEDS + "0,1.1,2\n100,2.1,2\n")

    assert (len(before), len(ids(tmp_path))) == (2, 3)


def test_a_run_that_a_file_does_not_hold_is_refused_with_those_it_does(tmp_path: Path):
    put(tmp_path / "walker.csv", SEEDS)

    for run_id in ("walker.csv", "walker.csv?seed=9", "?seed=1", "walker.csv?../x", "x" * 300):
        with pytest.raises(NoSuchRun, match="seed=1"):
            reader(tmp_path).read(run_id)


def test_names_longer_than_a_file_s_may_be_are_read(tmp_path: Path):
    rows = "".join(f"{step},1.0,{name * 180}\n" for name in "ab" for step in (1, 2))
    put(tmp_path / "walker.csv", f"step,loss,run_name\n{rows}")

    for head in reader(tmp_path).list().runs:
        assert reader(tmp_path).read(head.ref.id).head == head


def test_a_file_of_runs_that_cannot_be_read_is_listed(tmp_path: Path):
    put(tmp_path / "run" / "log.csv", "step,loss\n1,2.5\n")
    put(tmp_path / "run" / "5bdc3988-496c-4232-b4ef-53764cb81c92.txt", "import torch\n")
    (one,) = reader(tmp_path).list().unreadable

    assert ids(tmp_path) == ["run"]
    assert one.why == "it holds no line with a step and its figures"


def test_a_pipe_beside_the_runs_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "walker.log")
    put(tmp_path / "walker.csv", SEEDS)

    assert len(ids(tmp_path)) == 2


SHARED = Path(__file__).parents[2].parent / "shared" / "data"
NANOGPT = SHARED / "speedrun-logs" / "KellerJordan__modded-nanogpt" / "records"
TDMPC2 = SHARED / "multiseed" / "nicklashansen__tdmpc2"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")


@needs_shared_data
def test_the_ten_runs_of_one_normuon_log_are_listed_and_finished():
    directory = NANOGPT / "track_3_optimization" / "results" / "20260503_normuon"
    opened = reader(directory)
    runs = [opened.read(head.ref.id) for head in opened.list().runs]
    losses = [float(run.history.metrics["val_loss"].values[-1]) for run in runs[:3]]

    assert len(runs) == 20
    assert runs[0].full_name == "08ffadff-3576-496b-9795-2dc5cf8f4f46.txt?run=1"
    assert losses == [3.2768, 3.2763, 3.27767]
    assert {run.planned and (run.planned.length, run.planned.unit) for run in runs} == {
        (3300.0, "steps")
    }


@needs_shared_data
def test_the_records_of_modded_nanogpt_are_79_runs_all_readable():
    listing = reader(NANOGPT).list()

    assert (len(listing.runs), listing.unreadable) == (79, ())
    assert len({head.full_name for head in listing.runs}) == 79


@needs_shared_data
def test_tdmpc2_s_96_curves_are_runs_with_their_seeds():
    opened = reader(TDMPC2)
    heads = opened.list().runs
    run = opened.read("results/dreamerv3/walker-run.csv?seed=3")

    assert (len(heads), run.seed) == (96, "3")
    assert len(run.history.metrics["reward"].values) == 37
