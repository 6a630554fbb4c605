"""Log runs with the real MLflow client into a database and a file store, and note what it reads.

Run with `uv run --group tests python tests/record/mlflow_runs.py DIRECTORY`. It writes
`mlflow.db`, `mlruns` and, for each, what `MlflowClient` answers about every run: `mlflow.db.json`
and `mlruns.json`. Beside them it makes `first.db`, a database as MLflow 0.9 did.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ |= {
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "false",
}
# The client leaves much of itself untyped, and a module's attributes are Any.
mlflow: Any = import_module("mlflow")
entities: Any = import_module("mlflow.entities")
numpy_datasets: Any = import_module("mlflow.data")
np: Any = import_module("numpy")
sqlalchemy: Any = import_module("sqlalchemy")
first_models: Any = import_module("mlflow.store.tracking.dbmodels.initial_models")

NOW = 1_700_000_000_000  # milliseconds since 1970
EPOCHS = 12
NOT_FINITE = (float("nan"), float("inf"), float("-inf"), 0.25)
OUT_OF_ORDER = ((5, 0.5), (1, 0.1), (3, 0.3), (3, 0.33), (-2, 0.2))
COMMIT = "8855254d201ebd6e6b7dd5f7a5ef8b46b1775c29"


def record(directory: Path) -> None:
    """Fill both stores and note what the client reads in them."""
    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "connect", hurry)
    for name, address in (("mlflow.db", "sqlite:///mlflow.db"), ("mlruns", "file:mlruns")):
        os.chdir(directory)
        mlflow.set_tracking_uri(address)
        client = mlflow.MlflowClient()
        mlflow.set_experiment("cifar10")
        for write in (seeds, sweep, ends, odd_numbers, inputs_and_models, deleted):
            write(client)
        answers = {run.info.run_id: answer(client, run) for run in all_runs(client)}
        (directory / f"{name}.json").write_text(json.dumps(answers, indent=1), encoding="utf-8")
    first_database(directory / "first.db")


def hurry(connection: Any, _record: Any) -> None:
    """Leave it to the system when to write; a power cut here costs nothing."""
    connection.execute("pragma synchronous = off")


def seeds(client: Any) -> None:
    """Two runs that differ in their seed, with everything that a user logs."""
    for seed in (0, 1):
        with mlflow.start_run(run_name=f"resnet18 seed {seed}") as run:
            mlflow.log_params({"seed": seed, "max_epochs": EPOCHS, "optimizer/lr": 1e-4})
            mlflow.log_param("model", {"depth": 18, "width": [64, 128]})
            mlflow.set_tags({"team": "vision", "stage": "final"})
            client.set_tag(run.info.run_id, "mlflow.source.git.commit", COMMIT)
            client.set_tag(run.info.run_id, "mlflow.source.git.repoURL", "https://example.org/r")
            for epoch in range(EPOCHS):
                values = {"val/acc top 1": 0.5 + epoch / 100, "train/loss": 1 / (epoch + 1 + seed)}
                log(client, run, values, epoch * 100, NOW + 1000 * epoch)
            for sample in range(EPOCHS // 2):
                usage = {"system/cpu_utilization_percentage": 50.0 + sample}
                log(client, run, usage, sample, NOW + 2000 * sample + 7)


def sweep(client: Any) -> None:
    """A run with a nested one, and a second run of the nested one's name elsewhere."""
    with mlflow.start_run(run_name="sweep"), mlflow.start_run(run_name="trial", nested=True):
        mlflow.log_metric("loss", 0.5, step=1)
    elsewhere = client.create_experiment("imagenet")
    run = client.create_run(elsewhere, run_name="trial")
    client.set_terminated(run.info.run_id, "KILLED")


def ends(_client: Any) -> None:
    """A run that failed, and one whose process was killed."""
    with suppress(ZeroDivisionError), mlflow.start_run(run_name="failed"):
        mlflow.log_metric("loss", 1.0, step=0)
        raise ZeroDivisionError
    child = os.fork()
    if not child:
        mlflow.start_run(run_name="killed")
        mlflow.log_metric("loss", 0.75, step=3)
        os._exit(9)
    os.waitpid(child, 0)


def odd_numbers(client: Any) -> None:
    """Runs without steps, with values that are not finite, and with steps in disorder."""
    with mlflow.start_run(run_name="no steps"):
        for value in (0.9, 0.8, 0.7):
            mlflow.log_metric("loss", value)
    with mlflow.start_run(run_name="not finite") as run:
        for step, value in enumerate(NOT_FINITE):
            log(client, run, {"loss": value}, step, NOW + step)
    with mlflow.start_run(run_name="out of order") as run:
        for number, (step, value) in enumerate(OUT_OF_ORDER):
            log(client, run, {"loss": value}, step, NOW + number)


def inputs_and_models(client: Any) -> None:
    """A run that read a data set and made a model, whose metric names both."""
    training = numpy_datasets.from_numpy(np.arange(6.0), name="cifar10-train")
    with mlflow.start_run(run_name="makes a model") as run:
        mlflow.log_input(training, context="training", tags={"fold": "2"})
        model = client.create_logged_model(
            run.info.experiment_id, name="resnet18", source_run_id=run.info.run_id
        )
        outputs = [entities.LoggedModelOutput(model.model_id, step=20)]
        client.log_outputs(run.info.run_id, models=outputs)
        mlflow.log_metric("acc", 0.75, step=20, model_id=model.model_id, dataset=training)
    with mlflow.start_run(run_name="evaluates it") as run:
        used = [entities.LoggedModelInput(model.model_id)]
        client.log_inputs(run.info.run_id, models=used)


def deleted(client: Any) -> None:
    """A deleted run and a deleted experiment with one."""
    with mlflow.start_run(run_name="deleted") as run:
        mlflow.log_metric("loss", 9.0, step=1)
    client.delete_run(run.info.run_id)
    experiment = client.create_experiment("abandoned")
    client.create_run(experiment, run_name="in a deleted experiment")
    client.delete_experiment(experiment)


def first_database(path: Path) -> None:
    """Make a database with the tables of MLflow 0.9: no steps, no NaN, times in seconds."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    first_models.Base.metadata.create_all(engine)
    with sqlalchemy.orm.Session(engine) as session:
        session.add(first_models.SqlExperiment(experiment_id=1, name="mnist"))
        session.add(
            first_models.SqlRun(
                run_uuid="a1" * 16,
                experiment_id=1,
                status="FINISHED",
                start_time=NOW,
                user_id="ada",
                source_name="train.py",
                source_version=COMMIT,
            )
        )
        session.add(first_models.SqlTag(run_uuid="a1" * 16, key="mlflow.runName", value="first"))
        session.add(first_models.SqlParam(run_uuid="a1" * 16, key="seed", value="7"))
        for second, value in enumerate((0.5, 0.25)):
            point = {"key": "loss", "value": value, "timestamp": NOW // 1000 + second}
            session.add(first_models.SqlMetric(run_uuid="a1" * 16, **point))
        session.commit()


def log(client: Any, run: Any, values: dict[str, float], step: int, time: int) -> None:
    """Log several metrics in one call, at a time of our own."""
    metrics = [entities.Metric(name, value, time, step) for name, value in values.items()]
    client.log_batch(run.info.run_id, metrics=metrics)


def all_runs(client: Any) -> Iterator[Any]:
    """Yield every run that is not deleted."""
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    yield from client.search_runs(experiments, max_results=1000)


def answer(client: Any, run: Any) -> dict[str, object]:
    """Return what the client says of one run; numbers as Python writes them."""
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "started": run.info.start_time,
        "params": dict(run.data.params),
        "tags": dict(run.data.tags),
        "datasets": [
            [one.dataset.name, one.dataset.digest, {tag.key: tag.value for tag in one.tags}]
            for one in run.inputs.dataset_inputs
        ],
        "points": {
            name: [
                [point.timestamp, repr(point.value), point.step]
                for point in client.get_metric_history(run.info.run_id, name)
            ]
            for name in run.data.metrics
        },
    }


if __name__ == "__main__":
    record(Path(sys.argv[1]).resolve())
