"""A project on a stub, and the reader of it, through the real neptune-query."""

import base64
import json
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.readers.neptune_stub.server import Stub, serving

from samestep.model import Source
from samestep.readers.base import Selective
from samestep.readers.neptune import opened
from samestep.settings import Project

SOURCE = "neptune:lab/nets"


@pytest.fixture(scope="session")
def running_stub() -> Generator[Stub]:
    with serving() as stub:
        yield stub


@pytest.fixture
def stub(running_stub: Stub) -> Stub:
    """Return a stub without runs, requests and faults."""
    running_stub.reset()
    return running_stub


def token(address: str) -> str:
    """Return a token for a server."""
    said = {"api_address": address, "api_url": address, "api_key": "secret-in-token"}
    return base64.b64encode(json.dumps(said).encode()).decode()


def reader(address: str, source: str = SOURCE, deadline: str = "30") -> Selective:
    """Open the reader of a project on a server."""
    environment = {"NEPTUNE_API_TOKEN": token(address), "SAMESTEP_DEADLINE": deadline}
    project = Project(Path(), environment=environment)
    found = opened(Source.parse(source), project)
    assert isinstance(found, Selective)
    return found
