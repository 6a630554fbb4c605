"""Every store the contract is held against; a new tracker adds its module and a row here."""

from collections.abc import Mapping

from tests.readers.contract.files import FilesStore
from tests.readers.contract.memory import MemoryStore
from tests.readers.contract.mlflow_local import MLFLOW_DATABASE, MLFLOW_FILES
from tests.readers.contract.mlflow_server import MlflowServerStore
from tests.readers.contract.neptune_server import NeptuneServerStore
from tests.readers.contract.store import Store
from tests.readers.contract.tensorboard import TensorBoardStore
from tests.readers.contract.wandb_local import WandbStore
from tests.readers.contract.wandb_online import WandbServerStore
from tests.readers.neptune_stub.store import DATABASES, LOGS, ExportStore

STORES: tuple[Store, ...] = (
    TensorBoardStore(),
    FilesStore(),
    MemoryStore(),
    WandbStore(),
    MLFLOW_DATABASE,
    MLFLOW_FILES,
    ExportStore(),
    LOGS,
    DATABASES,
    WandbServerStore(),
    MlflowServerStore(),
    NeptuneServerStore(),
)

_PATHS = "a run's name is its path, and no two share one"
_SORTED = "it gives a history in the order of its steps, in which nothing goes back"
_WHOLE = "a transaction is there or it is not"
_HELD = "nothing of it lies on a disk"

GAPS: Mapping[tuple[str, str], str] = {
    ("tensorboard", "several runs of one name"): _PATHS,
    ("files", "several runs of one name"): _PATHS,
    ("memory", "several runs of one name"): "a name is held once",
    ("mlflow database", "restart"): _SORTED,
    ("mlflow database", "torn"): _WHOLE,
    ("mlflow database", "unreadable neighbour"): "all runs are in one file",
    ("mlflow files", "restart"): _SORTED,
    ("mlflow server", "restart"): _SORTED,
    ("neptune export", "restart"): _SORTED,
    ("neptune export", "torn"): "what is at the end of a Parquet file is needed to read it",
    ("neptune logs", "values that are no numbers"): "the client passes over them with a warning",
    ("neptune databases", "torn"): _WHOLE,
    ("neptune server", "restart"): _SORTED,
    ("neptune server", "two points at one step"): "a server keeps one point of a step",
    ("neptune server", "steps in a listing"): "its tables hold newest values without their steps",
    **{
        (store, ability): _HELD
        for store in ("memory", "wandb online", "mlflow server", "neptune server")
        for ability in ("detected", "torn", "unreadable neighbour")
    },
}
"""What a store cannot show by its nature, and why; a gap that turns out to be none fails."""
