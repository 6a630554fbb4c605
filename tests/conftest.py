"""What every test runs under: no tracker's environment, no ledger of the user's, no network."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

TRACKERS = ("WANDB_", "NEPTUNE_", "MLFLOW_", "SAMESTEP_")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True, scope="session")
def _no_ledger() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SAMESTEP_LEDGER", "off")
        yield


@pytest.fixture(autouse=True)
def _no_tracker_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(TRACKERS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAMESTEP_LEDGER", "off")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Any) -> Any:  # Any: two methods of one shape, handed through
    def only_to_loopback(self: socket.socket, address: Any) -> Any:  # Any: a family's own address
        is_remote = self.family in {socket.AF_INET, socket.AF_INET6} and not (
            str(address[0]) in {"localhost", "::1"} or str(address[0]).startswith("127.")
        )
        if is_remote:
            pytest.fail(f"a test reached for the network: {address!r}")
        return connect(self, address)

    return only_to_loopback
