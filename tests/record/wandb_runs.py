"""Writes runs with the real wandb, offline, in a process of their own.

`python wandb_runs.py DIRECTORY` writes every run into `DIRECTORY/wandb`, and
`python wandb_runs.py DIRECTORY live` two that go on until their process is killed.
"""

import os
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

SECONDS = 120  # on a machine that is busy with other things
NAN, INFINITY = float("nan"), float("inf")
COMMIT = "5f1d0b5d7c3a4e0f9a6b2c8d1e7f3a5b9c0d2e4f"


@cache
def recorded(directory: Path) -> Path:
    """Run this script on a directory, once a process, and return W&B's directory in it."""
    subprocess.run(
        [sys.executable, __file__, str(directory)],
        env=environment(directory),
        check=True,
        timeout=SECONDS,
        stdout=subprocess.DEVNULL,
    )
    return directory / "wandb"


def environment(directory: Path) -> dict[str, str]:
    """Return the environment of a writer: its home is below the directory, and no server is."""
    home = directory / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "WANDB_MODE": "offline",
        "WANDB_DIR": str(directory),
        "WANDB_SILENT": "true",
        "WANDB_ERROR_REPORTING": "false",
    }


def start(run_id: str, name: str | None = None, **more: Any) -> Any:  # Any: wandb's own arguments
    """Start a run."""
    # Keyword arguments of two hundred types are passed on.
    wandb: Any = import_module("wandb")
    settings: dict[str, Any] = more.pop("settings", {})
    return wandb.init(
        project="vision",
        id=run_id,
        name=name,
        settings=wandb.Settings(**{"console": "off", "x_disable_stats": True, **settings}),
        **more,
    )


def everything() -> None:
    """Log a run that has something of every kind."""
    wandb: Any = import_module("wandb")  # as above
    run = start(
        "cosine01",
        "resnet50-cosine/seed3",
        config={"lr": 0.1, "seed": 3, "optimizer": {"name": "sgd", "nesterov": True}, "gone": 1},
        group="resnet50-cosine",
        tags=["baseline", "imagenet"],
        settings={
            "git_commit": COMMIT,
            "git_remote_url": "https://someone:secret@example.org/vision.git",
            "x_disable_stats": False,
        },
    )
    run.define_metric("val/top1", step_metric="epoch", summary="max")
    run.define_metric("val/*", summary="min")
    run.config.update({"optimizer": {"name": "adam"}, "epochs": 3}, allow_val_change=True)
    for step in range(1, 13):
        run.log(
            {
                "train/loss": 1.0 / step,
                "global_step": step,
                "nested": {"a": step, "b": {"c": -step}},
            }
        )
        if step % 4 == 0:
            run.log({"epoch": step // 4 - 1})
            run.log({"val/top1": 10.0 * step, "val/loss": 2.0 / step})
    run.log({"diverged": NAN, "up": INFINITY, "down": -INFINITY, "big": 2**70, "tiny": 5e-324})
    run.log({"text": "hello", "flag": True, "nothing": None, "list": [1, 2], "diverged": "lost"})
    run.log({"weights": wandb.Histogram([1, 2, 3]), "table": wandb.Table(["a"], [[1]])})
    run.summary["test/top1"] = 91.25
    run.summary["test/nested"] = {"ece": 0.5}
    run.log_artifact(wandb.Artifact("resnet50", type="model"))
    run.finish()


def failed() -> None:
    """Log a run that ends with an exit code, has no name and counts nothing but its log calls."""
    run = start("nameless")
    for loss in (4.0, 2.0, 1.0):
        run.log({"loss": loss})
    run.finish(exit_code=1)


def twins() -> None:
    """Log two runs of one name that pass a step of their own."""
    for run_id, loss in (("twin0000", 8.0), ("twin0001", 16.0)):
        run = start(run_id, "twin", config={"seed": int(run_id[-1])})
        for step in range(0, 500, 100):
            run.log({"loss": loss - step / 100}, step=step)
        run.finish()


def resumed(run_id: str, *, with_steps: bool) -> None:
    """Log a run that is started, stopped within its third epoch, and resumed from its second."""
    for epochs, offset in ((range(3), 0.0), (range(2, 4), 10.0)):
        run = start(run_id, run_id, resume="allow", config={"epochs": 4, "resumed": offset > 0})
        for epoch in epochs:
            row = {"epoch": epoch, "val/top1": offset + epoch}
            run.log({**row, "global_step": 10 * epoch + 10} if with_steps else row)
        run.finish(exit_code=0 if offset else 1)


def frameworks() -> None:
    """Log as Lightning's and Ultralytics' own callbacks do."""
    run = start("lightning", "lightning")
    run.define_metric("trainer/global_step")
    run.define_metric("*", step_metric="trainer/global_step", step_sync=True)
    for epoch in range(2):
        run.log({"train_loss": 1.0, "epoch": epoch, "trainer/global_step": 50 * epoch + 49})
        run.log({"val_loss": 2.0, "epoch": epoch, "trainer/global_step": 50 * epoch + 49})
    run.finish()
    run = start("yolo", "yolo")
    for epoch in range(3):
        run.log({"train/box_loss": 1.0 - epoch / 4}, step=epoch + 1)
        run.log({"lr/pg0": 0.01}, step=epoch + 1)
        run.log({"metrics/mAP50(B)": epoch / 8}, step=epoch + 1)
    run.finish()


def forked() -> None:
    """Log a run that is forked from another one."""
    run = start("forked", "forked", fork_from="cosine01?_step=3")
    run.log({"loss": 1.0})
    run.finish()


def live() -> None:
    """Log two runs, say so, and go on: the rows of one are written at once, the other's later."""
    flushed = start(
        "flushed",
        "flushed",
        reinit="create_new",
        settings={"x_transaction_log_flush_interval": 0.2},
    )
    waiting = start("waiting", "waiting", reinit="create_new")
    for step in range(5):
        flushed.log({"loss": 1.0 / (step + 1)})
        waiting.log({"loss": 1.0})
    sys.stdout.write("logged\n")
    sys.stdout.flush()
    sys.stdin.read()


def main(directory: Path, *which: str) -> None:
    """Write the runs."""
    os.chdir(directory)
    if which:
        live()
        return
    everything()
    failed()
    twins()
    resumed("resumed-steps", with_steps=True)
    resumed("resumed-epochs", with_steps=False)
    frameworks()
    forked()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
