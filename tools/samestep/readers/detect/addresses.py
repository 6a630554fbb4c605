"""What an MLflow tracking URI says: a server, or a store on this machine."""

from collections.abc import Iterator

from samestep.errors import SamestepError
from samestep.model import Source
from samestep.readers.detect.code import Code
from samestep.readers.detect.stores import Store
from samestep.readers.places import location_of, path_of, without_credentials
from samestep.settings import Project

SETTING = "MLFLOW_TRACKING_URI"
SERVERS = ("http", "https", "databricks")


def addresses(project: Project, code: Code) -> Iterator[Store]:
    """Yield the places that the environment and the code give as MLflow's, each with who says so.

    An address comes without its credentials, and a path as it is written from the project.
    """
    set_to = project.environment.get(SETTING)
    if set_to:
        yield _source(set_to, project), f"{SETTING} is set"
    for mention in code.of("mlflow"):
        if mention.said.address:
            yield _source(mention.said.address, project), str(mention)


def is_server(location: str) -> bool:
    """Return whether an MLflow location is behind a network."""
    return location.partition(":")[0].lower() in SERVERS


def _source(address: str, project: Project) -> Source:
    if "://" in address and not address.startswith(("sqlite:///", "file:///")):
        return Source("mlflow", without_credentials(address))
    if is_server(address):
        return Source("mlflow", address)
    try:
        return Source("mlflow", location_of("mlflow", project.path(path_of(address)), project))
    except SamestepError:  # opening the source says the same
        return Source("mlflow", address)
