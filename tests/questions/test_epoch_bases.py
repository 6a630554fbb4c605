"""Writers that count their first epoch as 0 and as 1, side by side."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from samestep import Project, compare_same_epoch

EPOCHS = 5


def lightning(directory: Path, metric: str) -> None:
    """Write what Lightning's CSVLogger does: the epoch in progress, counted from 0."""
    rows = [f"{e},{100 * e + 99},{0.5 * (e + 1)}" for e in range(EPOCHS)]
    written = "\n".join([f"epoch,step,{metric}", *rows, ""])
    (directory / "version_0").mkdir(parents=True)
    (directory / "version_0/metrics.csv").write_text(written)
    (directory / "version_0/hparams.yaml").write_text("lr: 0.1\n")


def ultralytics(directory: Path, metric: str) -> None:
    """Write what Ultralytics does: epochs counted from 1."""
    rows = [f"{e},{10.0 * e},{1 / e},{0.25 * e}" for e in range(1, EPOCHS + 1)]
    written = "\n".join([f"epoch,time,train/box_loss,{metric}", *rows, ""])
    directory.mkdir()
    (directory / "results.csv").write_text(written)
    (directory / "args.yaml").write_text("lr0: 0.1\n")


def hf_trainer(directory: Path, metric: str) -> None:
    """Write what Hugging Face's Trainer does: epochs completed."""
    log = [{"epoch": float(e), "step": 80 * e, metric: 0.25 * e} for e in range(1, EPOCHS + 1)]
    state = {"log_history": log, "global_step": 400, "max_steps": 400, "num_train_epochs": EPOCHS}
    directory.mkdir()
    (directory / "trainer_state.json").write_text(json.dumps(state))


@pytest.mark.parametrize(
    ("write", "metric"),
    [(ultralytics, "metrics/mAP50(B)"), (hf_trainer, "eval_accuracy")],
    ids=["Ultralytics", "Hugging Face"],
)
def test_equal_epochs_completed_are_compared(
    write: Callable[[Path, str], None], metric: str, tmp_path: Path
) -> None:
    lightning(tmp_path / "runs/lightning", metric)
    write(tmp_path / "runs/other", metric)

    answer = compare_same_epoch(
        "files:runs#lightning/version_0",
        ["files:runs#other"],
        metrics=[metric.replace("(B)", r"\(B\)")],
        at=3,
        project=Project(tmp_path),
    )

    [row] = answer.proxy
    assert (answer.at.axis, answer.at.value) == ("epoch", 3)
    assert (row.student.value, row.student.x, row.student.match) == (1.5, 3, "exact")
    assert (row.baseline.value, row.baseline.x, row.baseline.match) == (0.75, 3, "exact")
    assert "first is 0" in answer.runs[0].x_from
    assert "first is 0" not in answer.runs[1].x_from
