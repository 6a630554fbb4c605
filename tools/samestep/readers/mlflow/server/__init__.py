"""MLflow tracking servers, over MLflow's REST interface.

Not through MLflow's own client, by measurement: against one server (MLflow 3.17.2, one worker,
two cores) `mlflow-skinny` takes 3.1 s of CPU and 83 MB to import, 0.24 s to list 521 runs and 1.2 s
to read one run of 50 metrics with 1,000 points each; `httpx2`, which comes with the MCP SDK, takes
0.25 s and 32 MB, 0.01 s and 0.13 s for the same 2 and 50 requests. The server itself is busy for
about 1 s and 3 s either way. The client has no deadline over its retries, and asks for the history
of one metric of one run at a time: twenty runs of eight metrics are 160 requests, here 18.
"""

from samestep.model import Source
from samestep.readers.base import Reader
from samestep.readers.mlflow.server import access, databricks
from samestep.readers.mlflow.server.address import address_of
from samestep.readers.mlflow.server.connection import Connection
from samestep.readers.mlflow.server.reader import MlflowServerReader
from samestep.readers.mlflow.server.refusals import Refusals
from samestep.settings import Project

__all__ = ["opened_server"]


def opened_server(source: Source, project: Project) -> Reader:
    """Return the reader of a server; nothing is asked before something is read.

    Args:
        source: `mlflow:http(s)://host[:port][/path]`, `mlflow:databricks` or
            `mlflow:databricks://profile`.
        project: Its environment signs in, its deadline holds for each call to the server.

    Raises:
        BadReference: It is no address of a server.
        BadArgument: A variable of the environment cannot be used.
        NotAllowed: The address's login is redacted and was not named before.
    """
    environment = project.environment
    patience = access.patience(environment)
    if source.location.partition("://")[0] == databricks.FORM:
        profile = databricks.profile_of(source)
        refusals = Refusals(str(source), source.location, databricks.SIGN_IN)
        connection = Connection(
            lambda: databricks.client_of(source, profile, environment),
            refusals,
            project.deadline,
            patience,
        )
        return MlflowServerReader(source, connection)
    address = address_of(source, environment)
    refusals = Refusals(str(address.source), address.host, access.sign_in(address))
    connection = Connection(
        lambda: access.client_of(address, environment), refusals, project.deadline, patience
    )
    return MlflowServerReader(address.source, connection)
