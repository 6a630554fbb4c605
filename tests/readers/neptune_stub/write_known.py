"""Logs the runs of a plan offline with one of Neptune's clients, which the environment names."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

Known = dict[str, Any]  # JSON


def log_with_scale(known: Known, number: int) -> None:
    """Log a run with the client of Neptune 3.x."""
    run = import_module("neptune_scale").Run(
        project="lab/nets",
        run_id=f"NET-{number}",
        experiment_name=known["name"],
        mode="offline",
        enable_console_log_capture=False,
        source_tracking_config=None,
    )
    run.log_configs(known["config"])
    for row in known["rows"]:
        run.log_metrics({name: row[name] for name in row if name != "step"}, step=row["step"])
    run.close()


def log_with_neptune(known: Known, _number: int) -> None:
    """Log a run with the client of Neptune 1.x and 2.x, which passes over what is not finite."""
    run = import_module("neptune").init_run(
        project="lab/nets",
        mode="offline",
        name=known["name"],
        source_files=[],
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
        git_ref=False,
    )
    for path, value in known["config"].items():
        run[path] = value
    for row in known["rows"]:
        for name in row:
            if name != "step":
                run[name].append(row[name], step=row["step"])
    run.stop()


def main(plan: Path) -> None:
    """Log every run of the plan into the directory it names."""
    log = log_with_scale if os.environ["CLIENT"] == "neptune_scale" else log_with_neptune
    for directory, runs in json.loads(plan.read_text()).items():
        os.chdir(directory)
        for number, known in enumerate(runs):
            log(known, number)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
