"""Logs runs offline with Neptune's own clients, below the directory given, and is killed.

What is logged here stands in `left.py` as data.
"""

import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any

from tests.readers.neptune_stub.left import (
    BRANCHED,
    KILLED,
    MOMENT,
    POINTS_OF_THE_KILLED,
    POINTS_OF_THE_ROLLED,
    PROJECT,
    RESNET,
    ROLLED,
    STEADY,
    TWIN,
    WIDE,
)

# What the clients hand out carries no types, and a module's attributes are Any.
neptune = import_module("neptune")
operations = import_module("neptune.internal.operation")
disk_queue = import_module("neptune.core.components.queue.disk_queue")
neptune_scale = import_module("neptune_scale")
Started = Any


def main(directory: Path) -> None:
    """Log everything; the last run is still open when the process ends."""
    os.chdir(directory)
    log_resnet(started(RESNET))
    for number in range(2):
        twin = started(TWIN)
        twin["val/loss"].append(float(number), step=1)
        twin.stop()
    log_rolled()
    log_wide()
    log_branched()
    killed = opened_scale(KILLED)
    for step in range(POINTS_OF_THE_KILLED):
        killed.log_metrics({"val/loss": step / 8}, step=step)
    os._exit(9)


def started(name: str) -> Started:
    """Start a run of Neptune 1.x without what it logs of itself."""
    return neptune.init_run(
        project=PROJECT,
        mode="offline",
        name=name,
        source_files=[],
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
        git_ref=False,
    )


def log_resnet(run: Started) -> None:
    """Log a run with everything that Neptune 1.x keeps of a run."""
    run["parameters"] = {"lr": 0.125, "seed": 3, "max_epochs": 5, "amp": True, "name": "sgd"}
    run["parameters/when"] = datetime.fromtimestamp(MOMENT, UTC)
    run["sys/tags"].add(["vision", "baseline"])
    run["sys/tags"].remove("vision")
    run["sys/group_tags"].add(["sweep 1", "imagenet"])
    for epoch in range(5):
        run["train/loss"].append(STEADY[epoch], step=10 * epoch, timestamp=MOMENT + epoch)
        run["train/epoch"].append(epoch, step=10 * epoch, timestamp=MOMENT + epoch)
        run["val/acc"].append(epoch / 8)
    run["train/loss"].append(0.5, step=42.5, timestamp=MOMENT + 9)
    run["train/loss"].append(float("nan"), step=43)
    run["monitoring/cpu"].append(99.0)
    run["train/mistake"].append(1.0, step=1)
    del run["train/mistake"]
    run["logs"].append("text")
    run["test/acc"] = 0.875
    run["sys/failed"] = True
    run.stop()


def log_rolled() -> None:
    """Log points through the client's own queue, whose files roll long before their 64 MB."""
    directory = Path(".neptune/offline") / f"run__{ROLLED}__1__abcdefgh"
    directory.mkdir()
    from_dict = operations.Operation.from_dict
    with disk_queue.DiskQueue(directory, written, from_dict, RLock(), 1_000) as queue:
        for step in range(POINTS_OF_THE_ROLLED):
            point = operations.LogFloats.ValueType(step / 8, step, MOMENT + step)
            queue.put(operations.LogFloats(["val", "loss"], [point]))


def written(operation: Any) -> dict[str, Any]:
    """Return an operation as its own class writes it."""
    return operation.to_dict()


def opened_scale(run_id: str, **options: Any) -> Started:
    """Start a run of Neptune 3.x."""
    return neptune_scale.Run(
        project=PROJECT,
        run_id=run_id,
        mode="offline",
        enable_console_log_capture=False,
        source_tracking_config=None,
        **options,
    )


def log_wide() -> None:
    """Log a run with everything that Neptune 3.x keeps of a run, in two processes' databases."""
    run = opened_scale(WIDE, experiment_name="wide-resnet50")
    run.log_configs({"parameters/lr": 0.125, "parameters/seed": 2**40, "parameters/amp": False})
    run.log_configs({"parameters/when": datetime.fromtimestamp(MOMENT, UTC), "test/acc": 0.875})
    run.add_tags(["vision", "baseline"])
    run.remove_tags(["vision"])
    run.add_tags(["sweep 1"], group_tags=True)
    for step, value in enumerate(STEADY):
        time = datetime.fromtimestamp(MOMENT + step, UTC)
        run.log_metrics({"val/loss": value, "epoch": step + 1}, step=step / 10, timestamp=time)
    for step, value in ((1, float("nan")), (2, float("inf")), (3, float("-inf"))):
        run.log_metrics({"val/loss": value}, step=step)
    run.log_metrics({"val/loss": 8.0}, step=4, preview=True, preview_completion=0.5)
    run.log_string_series({"notes": "text"}, step=1)
    run.close()
    other = opened_scale(WIDE)
    other.log_metrics({"val/loss": 2.0}, step=5)
    other.close()


def log_branched() -> None:
    """Log a run that goes on from a step of another."""
    run = opened_scale(BRANCHED, fork_run_id=WIDE, fork_step=2.5)
    run.log_metrics({"val/loss": 1.5}, step=3)
    run.close()


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[3]))
    main(Path(sys.argv[1]))
