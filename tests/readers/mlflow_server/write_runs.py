"""Log runs that many are asked for at once into a database, and note what MLflow's client reads.

`python -m tests.readers.mlflow_server.write_runs DATABASE ANSWERS` is a process of its own:
importing mlflow takes seconds.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlflow import MlflowClient  # noqa: TID253 # this file is the process that needs it
from mlflow.entities import Metric, Param  # noqa: TID253 # as above

STARTED = 1_700_000_000_000  # milliseconds since 1970
SEEDS = 20
METRICS = ("accuracy", "epoch", "grad norm", "loss", "lr", "val/accuracy", "val/loss", "β")
STEPS = 30


def main(database: Path, answers: Path) -> None:
    """Log twenty seeds, three of which are peculiar, and one long run."""
    client = MlflowClient(f"sqlite:///{database}")
    experiment = client.create_experiment("many seeds")
    for seed in range(SEEDS):
        run = client.create_run(experiment, run_name=f"vit-s16 seed {seed}", start_time=STARTED)
        client.log_batch(run.info.run_id, params=[Param("seed", str(seed))])
        log(client, run, [*plain(seed), *peculiar(seed)])
        client.set_terminated(run.info.run_id)
    long = client.create_run(experiment, run_name="long", start_time=STARTED)
    log(client, long, [Metric("loss", 1 / (at + 1), STARTED + at, at) for at in range(3000)])
    runs = client.search_runs([experiment], max_results=1000)
    answers.write_text(json.dumps({run.info.run_id: answer(client, run) for run in runs}))


def plain(seed: int) -> Iterator[Metric]:
    """Yield thirty steps of every metric."""
    for step in range(STEPS):
        for number, name in enumerate(METRICS):
            yield Metric(name, seed + number + 1 / (step + 1), STARTED + 1000 * step, 10 * step)


def peculiar(seed: int) -> Iterator[Metric]:
    """Yield what does not fit into a window of steps, for the first three seeds."""
    if seed == 0:
        for at in range(2600):  # more points than a window returns, all at one step
            yield Metric("loss", float(at), STARTED + 10**6 + at, 290)
    elif seed == 1:
        yield Metric("accuracy", 0.5, STARTED - 1000, -7)
        yield Metric("accuracy", float("nan"), STARTED + 10**6, 300)
        yield Metric("accuracy", float("inf"), STARTED + 10**6, 301)
    elif seed == 2:  # the third
        yield Metric("lr", 0.25, STARTED + 10**7, 6000)


def log(client: MlflowClient, run: Any, points: list[Metric]) -> None:  # Any: mlflow's own Run
    """Log points, as many in one call as the client takes."""
    for first in range(0, len(points), 1000):
        client.log_batch(run.info.run_id, metrics=points[first : first + 1000])


def answer(client: MlflowClient, run: Any) -> dict[str, object]:  # Any: as above
    """Return what the client reads of one run; numbers as Python writes them."""
    return {
        "name": run.info.run_name,
        "points": {
            name: [
                [one.timestamp, one.step, repr(one.value)]
                for one in client.get_metric_history(run.info.run_id, name)
            ]
            for name in run.data.metrics
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
