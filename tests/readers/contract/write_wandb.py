"""Log known runs with the real wandb, offline; a process of its own runs this."""

import json
import sys
from pathlib import Path
from typing import Any

import wandb  # noqa: TID253 # this file is the process that needs it


def main(plan: Path) -> None:
    """Write every world of a plan into the `wandb/` of its own directory."""
    for directory, runs in json.loads(plan.read_text()).items():
        for number, run in enumerate(runs):
            write(directory, f"{number:08x}", run)


def write(directory: str, run_id: str, run: dict[str, Any]) -> None:  # Any: JSON
    """Log one run, its step in each row."""
    logged = wandb.init(
        project="contract",
        dir=directory,
        id=run_id,
        name=run["name"],
        config=run["config"],
        settings=wandb.Settings(console="off", x_disable_stats=True, x_disable_meta=True),
    )
    for row in run["rows"]:
        logged.log({"global_step": row["step"], **{k: v for k, v in row.items() if k != "step"}})
    logged.finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
