"""Runs in plain files: which there are, what they are called, and what stands beside them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import Source
from samestep.readers.files import FilesReader, holds_runs, is_candidate
from samestep.readers.sidecars import config_beside
from samestep.readers.tree import DEEPEST, walk

LOG = "step,loss\n1,2.5\n2,2.0\n"


def reader(directory: Path) -> FilesReader:
    return FilesReader(Source("files", "runs"), directory)


def put(directory: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return directory


def ids(directory: Path) -> list[str]:
    return [head.ref.id for head in reader(directory).list().runs]


def unreadable(directory: Path) -> dict[str, str]:
    return {one.where: one.why for one in reader(directory).list().unreadable}


def test_a_directory_with_a_log_is_a_run_named_after_its_path(tmp_path: Path):
    put(
        tmp_path,
        {"resnet50/seed0/log.csv": LOG, "resnet50/seed1/log.jsonl": '{"step": 1, "a": 1}\n'},
    )
    listing = reader(tmp_path).list()

    assert [str(head.ref) for head in listing.runs] == [
        "files:runs#resnet50/seed0",
        "files:runs#resnet50/seed1",
    ]
    assert [head.full_name for head in listing.runs] == ["resnet50/seed0", "resnet50/seed1"]


def test_the_location_itself_is_a_run_with_the_directory_s_name(tmp_path: Path):
    run = reader(put(tmp_path / "resnet50", {"log.csv": LOG})).read(".")

    assert (run.ref.id, run.full_name) == (".", "resnet50")
    assert run.history.metrics["loss"].values.tolist() == [2.5, 2.0]
    assert (run.history.read.how, run.history.read.losses) == ("log.csv", ())


def test_files_that_log_one_thing_differently_are_runs_of_their_own(tmp_path: Path):
    put(tmp_path, {"a/seed0.csv": LOG, "a/seed1.csv": "step,loss\n1,2.6\n2,2.1\n"})

    assert ids(tmp_path) == ["a/seed0.csv", "a/seed1.csv"]
    assert reader(tmp_path).read("a/seed1.csv").history.metrics["loss"].values.tolist() == [
        2.6,
        2.1,
    ]


def test_every_run_listed_is_read_and_names_itself_as_it_was_listed(tmp_path: Path):
    other = "step,loss\n1,9.0\n"
    put(tmp_path, {"log.csv": LOG, "a/one.csv": LOG, "a/two.csv": other, "a/b/log.csv": LOG})
    opened = reader(tmp_path)

    heads = opened.list().runs
    assert [opened.read(head.ref.id).head for head in heads] == list(heads)
    assert [head.ref.id for head in heads] == [".", "a/b", "a/one.csv", "a/two.csv"]


def test_what_is_no_log_is_no_run(tmp_path: Path):
    other = {
        "package.json": '{"name": "app", "version": 1}',
        "tsconfig.json": '{"compilerOptions": {}}',
        "requirements.txt": "numpy>=1.26\n",
        "data/prices.csv": "name,price\na,1\n",
        "data/metadata.json": '{"images": 5}',
        "config.json": '{"lr": 0.1}',
        "wandb/run-1/log.csv": LOG,
        ".hidden/log.csv": LOG,
    }
    listing = reader(put(tmp_path, other)).list()

    assert (listing.runs, listing.unreadable) == ((), ())
    assert not any(map(holds_runs, walk(tmp_path)))


def test_a_directory_that_holds_runs_is_known_by_its_files_beginnings(tmp_path: Path):
    put(tmp_path, {"a/log.csv": LOG, "b/data.csv": "name\nx\n", "c/notes.md": LOG})

    assert [directory.relative for directory in walk(tmp_path) if holds_runs(directory)] == ["a"]
    assert is_candidate("trainer_state.json")
    assert not is_candidate("events.out.tfevents.1")


def test_a_run_nobody_has_is_refused_with_those_that_exist(tmp_path: Path):
    put(tmp_path, {"a/log.csv": LOG, "mlruns/log.csv": LOG, "wandb/debug.log": "", ".b/c.csv": LOG})
    put(tmp_path, {"wandb/log.csv": LOG})

    others = ("b", "a/log.csv", "../" + tmp_path.name + "/a", "a/..", "mlruns", ".b", "", "/")
    for run_id in (*others, "wandb", "wandb/log.csv"):
        with pytest.raises(NoSuchRun, match="Known runs: 'a'"):
            reader(tmp_path).read(run_id)


def test_files_that_cannot_be_read_are_listed_and_do_not_hide_the_others(tmp_path: Path):
    put(tmp_path, {"a/log.csv": LOG, "a/empty.csv": "", "b/log.jsonl": "step 1\n", "c/log.csv": ""})
    (tmp_path / "c" / "log.csv").write_bytes(b"\x1f\x8b\x00\x01\x02\xff")

    assert ids(tmp_path) == ["a"]
    assert unreadable(tmp_path) == {
        "files:runs#a/empty.csv": "it is empty",
        "files:runs#b": "it is no JSON from its start",
        "files:runs#c": "it is not text",
    }
    assert reader(tmp_path).read("a").history.read.losses == (
        "a/empty.csv could not be read: it is empty",
    )
    with pytest.raises(NotReadable, match="it is not text"):
        reader(tmp_path).read("c")


def test_one_broken_file_among_several_is_told_apart(tmp_path: Path):
    half = '{"log_history": [{"step": 1, "loss": 2.5}], "max_'
    put(tmp_path, {"run/log.csv": LOG, "run/trainer_state.json": half})

    assert ids(tmp_path) == ["run"]
    assert list(unreadable(tmp_path)) == ["files:runs#run/trainer_state.json"]


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "log.csv")

    assert list(unreadable(tmp_path).values()) == ["it is no regular file"]


def test_results_without_a_log_are_a_run_without_a_history(tmp_path: Path):
    put(tmp_path, {"eval/results.json": '{"acc": 0.9, "checkpoint": "out/checkpoint-500"}'})
    run = reader(tmp_path).read("eval")

    assert ids(tmp_path) == ["eval"]
    assert (run.finals["acc"].value, run.finals["acc"].step) == (0.9, 500.0)
    assert (run.history.metrics, run.history.read.how) == ({}, "results.json")


def test_results_beside_a_log_are_its_final_values(tmp_path: Path):
    put(tmp_path, {"run/log.csv": LOG, "run/test_results.json": '{"test/acc": 0.9}'})
    put(tmp_path, {"run/results.json": '{"test/acc": 0.9, "test/f1": 0.8}'})
    run = reader(tmp_path).read("run")

    assert {name: final.value for name, final in run.finals.items()} == {
        "test/acc": 0.9,
        "test/f1": 0.8,
    }
    assert list(run.history.metrics) == ["loss"]


def test_results_that_disagree_each_stand_under_their_file(tmp_path: Path):
    put(tmp_path, {"run/log.csv": LOG, "run/a_results.json": '{"acc": 0.9}'})
    put(tmp_path, {"run/b_results.json": '{"acc": 0.8, "f1": 0.7}'})
    finals = reader(tmp_path).read("run").finals

    assert {name: final.value for name, final in finals.items()} == {
        "f1": 0.7,
        "a_results/acc": 0.9,
        "b_results/acc": 0.8,
    }


def test_results_go_to_the_run_whose_name_they_bear(tmp_path: Path):
    put(tmp_path, {"seed0.csv": LOG, "seed1.csv": "step,loss\n1,9\n2,8\n"})
    put(tmp_path, {"results_seed1.json": '{"acc": 0.9}', "results.json": '{"acc": 0.5}'})

    assert ids(tmp_path) == ["results.json", "seed0.csv", "seed1.csv"]
    assert reader(tmp_path).read("seed1.csv").finals["acc"].value == 0.9
    assert reader(tmp_path).read("seed0.csv").finals == {}


def test_the_config_beside_a_log_gives_its_seed_and_its_plan(tmp_path: Path):
    put(tmp_path, {"run/log.csv": LOG, "run/args.yaml": "seed: 3\nepochs: 100\n"})
    put(tmp_path, {"run/flags_0.json": "{", "run/hparams.json": '{"lr": 0.1}'})
    run = reader(tmp_path).read("run")

    assert run.config == {"seed": 3, "epochs": 100, "lr": 0.1}
    assert (run.seed, run.planned and run.planned.length, run.state) == ("3", 100.0, "unknown")
    assert run.history.read.losses[0].startswith("flags_0.json could not be read: it is not whole")


def test_a_seed_beside_several_runs_is_not_the_seed_of_each(tmp_path: Path):
    put(tmp_path, {"a.csv": LOG, "b.csv": "step,loss\n1,9\n2,8\n", "config.json": '{"seed": 3}'})

    assert reader(tmp_path).read("a.csv").seed is None


def test_config_files_are_merged_and_what_differs_is_said(tmp_path: Path):
    put(tmp_path, {"config.json": '{"lr": 0.1}', "args.yaml": "lr: 0.2\nwd: 0\n"})
    put(tmp_path, {"run-meta.json": '{"host": "a"}', "meta.json": '{"step": [1], "acc": [0.5]}'})
    put(tmp_path, {"results.json": '{"acc": 1}', "metadata.json": "[1]", "configs.json": "{}"})

    assert config_beside(tmp_path) == (
        {"lr": 0.1, "wd": 0, "host": "a"},
        ("args.yaml differs from the config files before it in lr; the first are used",),
    )


def test_a_log_is_read_again_when_it_grows(tmp_path: Path):
    opened = reader(put(tmp_path, {"run/log.csv": LOG}))
    before = opened.read("run").history.metrics["loss"].values.tolist()
    put(tmp_path, {"run/log.csv": LOG + "3,1.5\n"})

    assert before == [2.5, 2.0]
    assert opened.read("run").history.metrics["loss"].values.tolist() == [2.5, 2.0, 1.5]


def test_reading_leaves_the_directory_as_it_was(tmp_path: Path):
    put(tmp_path, {"a/log.csv": LOG, "a/config.json": json.dumps({"lr": 0.1}), "b/x.csv": ""})
    before = sorted((path, path.stat()) for path in tmp_path.rglob("*"))
    reader(tmp_path).read("a")
    reader(tmp_path).list()

    after = sorted((path, path.stat()) for path in tmp_path.rglob("*"))
    assert [(path, status.st_mtime_ns, status.st_size) for path, status in before] == [
        (path, status.st_mtime_ns, status.st_size) for path, status in after
    ]


NAMES = ("log.csv", "val.tsv", "log.jsonl", "results.json", "trainer_state.json", "config.yaml")
PIECES = (
    "step,loss\n",
    "1,2.5\n",
    '{"step": 1, "a": ',
    "[",
    "}",
    '"',
    "\n",
    "\0",
    "1e999",
    "9" * 400,
)
CONTENTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


@given(st.dictionaries(st.sampled_from(NAMES), CONTENTS, min_size=1))
def test_whatever_the_files_hold_a_run_is_read_or_refused(files: dict[str, str]):
    with TemporaryDirectory() as directory:
        opened = reader(put(Path(directory), files))
        listing = opened.list()
        for head in listing.runs:
            try:
                history = opened.read(head.ref.id).history
            except NotReadable:
                continue
            assert all(len(m.values) == len(m.steps) for m in history.metrics.values())


def test_a_run_below_a_directory_called_wandb_that_is_no_store_is_read(tmp_path: Path):
    put(tmp_path, {"wandb/tables/log.csv": LOG})

    assert ids(tmp_path) == ["wandb/tables"]
    assert reader(tmp_path).read("wandb/tables").history.metrics


def test_what_the_walk_passes_over_is_said_beside_the_runs(tmp_path: Path):
    put(tmp_path, {"a/log.csv": LOG, f"{'d/' * DEEPEST}deeper/log.csv": LOG})

    assert reader(tmp_path).list().left_out == (
        (
            "files:runs: passed over: 1 directory deeper than 16 levels "
            f"(the first is {'d/' * DEEPEST}deeper)."
        ),
    )
