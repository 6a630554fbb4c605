"""Log known runs with the real MLflow client; a process of its own runs this."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from mlflow import MlflowClient  # noqa: TID253 # this file is the process that needs it
from mlflow.entities import Metric, Param  # noqa: TID253 # as above

STARTED = 1_790_000_000_000  # milliseconds since 1970


def main(plan: Path) -> None:
    """Write every world of a plan into a store of its own, of the kind its directory is named for.

    Making a database takes seconds, so all begin as copies of an empty one.
    """
    fresh = plan.with_suffix(".db")
    MlflowClient(f"sqlite:///{fresh}").get_experiment("0")
    for directory, runs in json.loads(plan.read_text()).items():
        if Path(directory).name.startswith("files-"):
            write(MlflowClient(f"file://{directory}/mlruns"), runs)
        else:
            shutil.copy(fresh, f"{directory}/mlflow.db")
            write(MlflowClient(f"sqlite:///{directory}/mlflow.db"), runs)


def write(client: MlflowClient, runs: list[dict[str, Any]]) -> None:  # Any: JSON
    """Log the runs of one world, a second between two rows."""
    experiment = client.create_experiment("contract") if runs else "0"
    for run in runs:
        logged = client.create_run(experiment, run_name=run["name"], start_time=STARTED)
        points = [
            Metric(metric, value, STARTED + 1000 * row, int(values["step"]))
            for row, values in enumerate(run["rows"])
            for metric, value in values.items()
            if metric != "step"
        ]
        params = [Param(key, str(value)) for key, value in run["config"].items()]
        client.log_batch(logged.info.run_id, params=params)
        for first in range(0, len(points), 1000):  # as many as the client takes at once
            client.log_batch(logged.info.run_id, metrics=points[first : first + 1000])
        client.set_terminated(logged.info.run_id, end_time=STARTED + 1_000_000)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
