"""Which files of a directory are parts of one run, and how their points come together."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from samestep.model import Run, Source
from samestep.readers.files import FilesReader


def put(directory: Path, files: Mapping[str, Sequence[Sequence[object]]]) -> FilesReader:
    for name, rows in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        text = "".join(",".join(map(str, row)) + "\n" for row in rows)
        (directory / name).write_text(text)
    return FilesReader(Source("files", "runs"), directory)


def ids(reader: FilesReader) -> list[str]:
    return [head.ref.id for head in reader.list().runs]


def points(run: Run, metric: str) -> list[tuple[float, float]]:
    found = run.history.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def epochs_of(run: Run, metric: str) -> list[float]:
    """Return the epoch logged in the row of each of a metric's points."""
    counted = run.history.metrics["epoch"]
    by_row = dict(zip(counted.rows.tolist(), counted.values.tolist(), strict=True))
    return [by_row[row] for row in run.history.metrics[metric].rows.tolist()]


def test_logs_that_share_no_metric_are_one_run(tmp_path: Path):
    reader = put(
        tmp_path / "runs",
        {
            "run/loss.csv": [["step", "loss"], [10, 2.5], [20, 2.0]],
            "run/acc.csv": [["step", "acc"], [20, 0.5]],
        },
    )
    run = reader.read("run")

    assert ids(reader) == ["run"]
    assert (points(run, "loss"), points(run, "acc")) == ([(10, 2.5), (20, 2.0)], [(20, 0.5)])
    assert run.history.read.how == "acc.csv, loss.csv"


def test_rows_of_different_files_stand_in_the_order_of_their_steps(tmp_path: Path):
    train = [["step", "epoch", "loss"], [10, 0, 2.5], [20, 0, 2.4], [30, 1, 2.0]]
    reader = put(
        tmp_path, {"a.csv": train, "b.csv": [["step", "epoch", "acc"], [20, 0, 0.5], [40, 1, 0.6]]}
    )
    metrics = reader.read(".").history.metrics

    assert metrics["loss"].rows.tolist() == [0, 1, 3]
    assert metrics["acc"].rows.tolist() == [2, 4]
    assert metrics["epoch"].steps.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert metrics["epoch"].values.tolist() == [0.0, 0.0, 1.0, 1.0]


def test_files_without_steps_keep_the_epoch_of_each_of_their_rows(tmp_path: Path):
    reader = put(
        tmp_path,
        {
            "loss.csv": [["epoch", "loss"], [0, 2.5], [1, 2.0], [2, 1.9]],
            "acc.csv": [["epoch", "acc"], [1, 0.5], [2, 0.6]],
        },
    )
    run = reader.read(".")

    assert epochs_of(run, "loss") == [0.0, 1.0, 2.0]
    assert epochs_of(run, "acc") == [1.0, 2.0]
    assert run.history.metrics["epoch"].values.tolist() == [0.0, 1.0, 1.0, 2.0, 2.0]


def test_a_restarted_file_is_numbered_apart_and_keeps_its_order(tmp_path: Path):
    restarted = [["step", "epoch", "loss"], [10, 0, 2.5], [20, 1, 2.4], [10, 0, 2.3]]
    reader = put(tmp_path, {"a.csv": restarted, "b.csv": [["step", "epoch", "acc"], [15, 0, 0.5]]})
    metrics = reader.read(".").history.metrics

    assert metrics["loss"].steps.tolist() == [10.0, 20.0, 10.0]
    assert (metrics["loss"].rows.tolist(), metrics["acc"].rows.tolist()) == ([0, 1, 2], [3])
    assert metrics["epoch"].steps.tolist() == [10.0, 20.0, 10.0]


def test_a_file_that_repeats_another_adds_no_points(tmp_path: Path):
    whole = [["step", "loss", "acc"], [1, 2.5, ""], [2, "", 0.5], [3, 2.0, 0.6]]
    some = [["step", "acc", "wer"], [2, 0.5000000001, 0.9], [3, 0.6, 0.8]]
    reader = put(tmp_path, {"run/metrics.csv": whole, "run/other.csv": some})
    run = reader.read("run")

    assert ids(reader) == ["run"]
    assert points(run, "acc") == [(2, 0.5), (3, 0.6)]
    assert points(run, "wer") == [(2, 0.9), (3, 0.8)]
    assert run.history.read.losses == ()


def test_points_that_only_the_shorter_of_two_files_has_are_counted(tmp_path: Path):
    longer = [["step", "acc"], [1, 0.1], [2, 0.2], [3, 0.3]]
    reader = put(
        tmp_path,
        {
            "a.csv": longer,
            "b.csv": [
                ["step", "acc"],
                [2, 0.2],
                [3, 0.3],
                [9, 0.9],
            ],
        },
    )
    losses = reader.read(".").history.read.losses

    assert losses == (
        "1 points were left out: another file logs more of the same metrics, but not these steps",
    )


def test_one_shared_point_is_no_sign_of_one_run(tmp_path: Path):
    """Two runs of one seed log the same first loss before their first update."""
    baseline = [["step", "loss"], [0, 6.9], [1, 5.0], [2, 4.0]]
    reader = put(tmp_path, {"baseline.csv": baseline, "student.csv": [["step", "loss"], [0, 6.9]]})

    assert ids(reader) == ["baseline.csv", "student.csv"]


def test_files_named_for_their_split_are_one_run(tmp_path: Path):
    reader = put(
        tmp_path,
        {
            "run/train.csv": [["epoch", "loss"], [0, 2.5], [1, 2.0]],
            "run/val.csv": [["epoch", "loss"], [0, 3.0], [1, 2.8]],
            "run/lr.csv": [["epoch", "lr"], [0, 0.1], [1, 0.05]],
        },
    )
    run = reader.read("run")

    assert ids(reader) == ["run"]
    assert sorted(run.history.metrics) == ["epoch", "lr", "train/loss", "val/loss"]
    assert run.history.metrics["val/loss"].name == "val/loss"
    assert epochs_of(run, "val/loss") == [0.0, 1.0]


def test_splits_of_several_runs_are_paired_by_the_rest_of_their_names(tmp_path: Path):
    losses = {"seed0_train": 2.5, "seed0_val": 3.0, "seed1_train": 2.6, "seed1_val": 3.1}
    files = {f"{name}.csv": [["step", "loss"], [1, loss]] for name, loss in losses.items()}
    reader = put(tmp_path, files)

    assert ids(reader) == ["seed0_train.csv", "seed1_train.csv"]
    assert points(reader.read("seed1_train.csv"), "val/loss") == [(1, 3.1)]


def test_splits_with_columns_of_their_own_keep_their_names(tmp_path: Path):
    reader = put(
        tmp_path,
        {"train.csv": [["epoch", "train_loss"], [0, 2.5]], "val.csv": [["epoch", "acc"], [0, 0.5]]},
    )

    assert sorted(reader.read(".").history.metrics) == ["acc", "epoch", "train_loss"]


def test_a_log_apart_from_the_others_is_attached_to_none_of_them(tmp_path: Path):
    reader = put(
        tmp_path,
        {
            "seed0.csv": [["step", "loss"], [1, 2.5], [2, 2.0]],
            "seed1.csv": [["step", "loss"], [1, 2.6], [2, 2.1]],
            "timing.csv": [["step", "seconds"], [1, 0.5]],
        },
    )

    assert ids(reader) == ["seed0.csv", "seed1.csv", "timing.csv"]


def state(path: Path, losses: Sequence[float], max_steps: int = 100) -> None:
    rows = [{"epoch": n / 10, "loss": loss, "step": n} for n, loss in enumerate(losses, 1)]
    top = {"epoch": len(losses) / 10, "global_step": len(losses), "max_steps": max_steps}
    path.mkdir(parents=True)
    (path / "trainer_state.json").write_text(json.dumps({**top, "log_history": rows}))


def test_checkpoints_of_one_training_are_one_run(tmp_path: Path):
    for steps in (1, 2, 3):
        state(tmp_path / "out" / f"checkpoint-{steps}", [2.5, 2.0, 1.9][:steps], max_steps=3)
    (tmp_path / "out" / "all_results.json").write_text('{"eval_loss": 1.8, "epoch": 0.3}')
    reader = FilesReader(Source("files", "runs"), tmp_path)
    run = reader.read("out")

    assert ids(reader) == ["out"]
    assert points(run, "loss") == [(1, 2.5), (2, 2.0), (3, 1.9)]
    assert run.history.read.how == "checkpoint-3/trainer_state.json, all_results.json"
    assert (run.state, run.finals["eval_loss"].value) == ("finished", 1.8)


def test_a_checkpoint_of_another_training_is_a_run_of_its_own(tmp_path: Path):
    state(tmp_path / "checkpoint-1", [2.5])
    state(tmp_path / "checkpoint-2", [2.5, 2.0])
    state(tmp_path / "checkpoint-3", [9.5, 9.0, 8.0])
    reader = FilesReader(Source("files", "runs"), tmp_path)

    assert ids(reader) == ["checkpoint-2/trainer_state.json", "checkpoint-3/trainer_state.json"]
    assert points(reader.read("checkpoint-2/trainer_state.json"), "loss") == [(1, 2.5), (2, 2.0)]


def test_a_checkpoint_that_cannot_be_read_is_said(tmp_path: Path):
    state(tmp_path / "out" / "checkpoint-1", [2.5])
    state(tmp_path / "out" / "checkpoint-2", [2.5, 2.0])
    (tmp_path / "out" / "checkpoint-2" / "trainer_state.json").write_text('{"log_history": [')
    reader = FilesReader(Source("files", "runs"), tmp_path)
    (loss,) = reader.read("out").history.read.losses

    assert points(reader.read("out"), "loss") == [(1, 2.5)]
    assert loss.startswith("out/checkpoint-2/trainer_state.json could not be read: it is not whole")
