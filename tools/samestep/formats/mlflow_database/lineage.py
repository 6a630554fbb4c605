"""What a run of a database read and made: data sets and models."""

from collections.abc import Iterator

from samestep.formats.mlflow_database.connection import Database
from samestep.formats.mlflow_database.schema import Schema, text
from samestep.formats.mlflow_records import DATASET_CONTEXT, DatasetInput, LoggedModel

INPUTS = ("source_type", "source_id", "destination_type", "destination_id")
MOST = 1_000  # data sets or models of one run


def datasets(database: Database, schema: Schema, run_id: str) -> Iterator[DatasetInput]:
    """Yield the data sets a run read; none where the version knew of none."""
    if not (
        schema.has("inputs", "input_uuid", *INPUTS)
        and schema.has("datasets", "dataset_uuid", "name", "digest")
        and schema.has("input_tags", "input_uuid", "name", "value")
    ):
        return
    for name, digest, context in database.rows(
        "select d.name, d.digest, t.value from inputs i "
        "join datasets d on d.dataset_uuid = i.source_id "
        "left join input_tags t on t.input_uuid = i.input_uuid and t.name = ? "
        "where i.source_type = 'DATASET' and i.destination_type = 'RUN' "
        "and i.destination_id = ? order by i.rowid limit ?",
        DATASET_CONTEXT,
        run_id,
        MOST,
    ):
        yield DatasetInput(text(name), _optional(digest), _optional(context))


def models(database: Database, schema: Schema, run_id: str) -> Iterator[LoggedModel]:
    """Yield the models a run used and made; none where the version knew of none."""
    if not schema.has("logged_models", "model_id", "name", "source_run_id"):
        return
    for model_id, name in database.rows(
        "select destination_id, name from inputs left join logged_models "
        "on model_id = destination_id where source_type = 'RUN_INPUT' and source_id = ? "
        "and destination_type = 'MODEL_INPUT' order by inputs.rowid limit ?",
        run_id,
        MOST,
    ):
        yield LoggedModel(text(model_id), _optional(name), "input")
    for model_id, name in database.rows(
        "select model_id, name from logged_models where source_run_id = ?1 or model_id in "
        "(select destination_id from inputs where source_type = 'RUN_OUTPUT' and source_id = ?1 "
        "and destination_type = 'MODEL_OUTPUT') order by rowid limit ?2",
        run_id,
        MOST,
    ):
        yield LoggedModel(text(model_id), _optional(name), "output")


def _optional(value: object) -> str | None:
    return None if value is None else text(value)
