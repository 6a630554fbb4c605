import socket
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.readers.wandb_stub.certificate import self_signed
from tests.readers.wandb_stub.fixtures import KEY, SOURCE, home, project, reader, running_stub, stub
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import Fault, Stub, serving

from samestep.errors import (
    BadArgument,
    BadReference,
    MissingPackage,
    NoSuchRun,
    NotAllowed,
    NotReadable,
    Unreachable,
)
from samestep.model import Source
from samestep.progress import listening
from samestep.readers.base import Reader
from samestep.readers.wandb.online import opened_online
from samestep.settings import Project

__all__ = ["home", "running_stub", "stub"]

RESNET = StubRun("abc123", "resnet50", rows=[logged(0, loss=2.5), logged(1, loss=2.25)])
RUN = "wandb:vision/imagenet#abc123"


@pytest.fixture(autouse=True)
def _one_run(stub: Stub) -> None:
    stub.projects["vision/imagenet"] = [RESNET]


@contextmanager
def within(seconds: float) -> Generator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_said_with_how_to_set_another(stub: Stub, home: Path, status: int):
    stub.fail("Runs", Fault(status, b'{"errors":[{"message":"permission denied"}]}'))

    with pytest.raises(NotAllowed) as refused:
        reader(stub, home).list()
    assert str(refused.value) == (
        f"{SOURCE} cannot be read: {stub.address} refuses the key (permission denied). Set "
        "WANDB_API_KEY to a key of that server, or run `wandb login`. The key's owner must be able "
        "to see the project."
    )
    assert stub.operations == ["Runs"]


def test_a_denial_among_the_errors_of_an_answer_is_one(stub: Stub, home: Path):
    denied = b'{"errors":[{"message":"permission denied to view it"}],"data":{"project":null}}'
    stub.fail("Runs", Fault(200, denied))

    with pytest.raises(NotAllowed, match="permission denied to view it"):
        reader(stub, home).list()


def test_without_a_key_nothing_is_asked(stub: Stub, home: Path):
    with pytest.raises(NotAllowed, match=r"no key for .* is set\. Set WANDB_API_KEY .*wandb login"):
        reader(stub, home, WANDB_API_KEY="").list()
    assert stub.operations == []


def test_what_is_no_key_is_refused_without_showing_it(stub: Stub, home: Path):
    with pytest.raises(NotAllowed, match="40") as refused:
        reader(stub, home, WANDB_API_KEY="hunter2").list()
    assert "hunter2" not in str(refused.value)


def test_a_key_reaches_its_server_and_no_message(stub: Stub, home: Path):
    stub.fail("Runs", Fault(400, f"no such key: {KEY}".encode()))
    opened = reader(stub, home)

    with pytest.raises(Unreachable) as refused:
        opened.list()
    assert KEY not in f"{refused.value} {opened!r} {vars(opened)}"
    assert "[redacted]" in str(refused.value)
    assert len(stub.keys) == 1


def test_credentials_in_an_address_are_in_no_message(stub: Stub, home: Path):
    address = stub.address.replace("://", "://me:hunter2@")
    stub.fail("Runs", Fault(400, f"cannot serve {address}/graphql".encode()))

    with pytest.raises(
        Unreachable, match=f"{stub.address} fails with cannot serve http://127"
    ) as no:
        reader(stub, home, WANDB_BASE_URL=address).list()
    assert "hunter2" not in str(no.value)


def test_a_key_of_netrc_is_used_where_the_environment_has_none(stub: Stub, home: Path):
    netrc = home / ".netrc"
    netrc.write_text(f"machine {stub.address.removeprefix('http://')} login user password {KEY}\n")
    netrc.chmod(0o600)
    try:
        assert reader(stub, home, WANDB_API_KEY="").list().runs
    finally:
        netrc.unlink()
    with reader_of_another_server(home) as (other, opened), pytest.raises(NotAllowed):
        opened.list()
    assert other.asked == []


@contextmanager
def reader_of_another_server(home: Path) -> Generator[tuple[Stub, Reader]]:
    with serving() as other:
        yield other, reader(other, home, WANDB_API_KEY="")


def test_a_failure_that_passes_is_waited_out(stub: Stub, home: Path):
    stub.fail("Run", Fault(500), Fault(502, b"<html>Bad Gateway</html>"))
    run = reader(stub, home).read("abc123")

    assert len(run.history.metrics["loss"].values) == 2
    assert run.history.read.losses == ()


def test_a_server_that_only_fails_is_refused_in_seconds(stub: Stub, home: Path):
    stub.fail("Runs", *[Fault(503, b"<html>Service Unavailable</html>")] * 9)

    with within(5), pytest.raises(Unreachable, match=r"fails with HTTP 503\. WANDB_BASE_URL names"):
        reader(stub, home).list()


def test_a_rate_limit_is_waited_out_told_and_no_loss(stub: Stub, home: Path):
    stub.fail("HistoryPage", Fault(429, headers={"Retry-After": "1"}))
    told: list[tuple[str, int]] = []
    with listening(lambda what, done, _total: told.append((what, done))):
        run = reader(stub, home).read("abc123")

    assert len(run.history.metrics["loss"].values) == 2
    assert run.history.read.losses == ()
    assert ("requests repeated, as W&B limits their rate", 1) in told


def test_a_rate_limit_beyond_the_deadline_is_refused(stub: Stub, home: Path):
    stub.fail("Runs", *[Fault(429, headers={"Retry-After": "60"})] * 9)

    with (
        within(5),
        pytest.raises(Unreachable, match=r"limits the rate .* after 0\.4 seconds\. SAME"),
    ):
        reader(stub, home, SAMESTEP_DEADLINE="0.4").list()


@pytest.mark.parametrize("operation", ["Runs", "RunParquetHistory", "HistoryPage"])
def test_a_server_that_hangs_is_refused_at_the_deadline(stub: Stub, home: Path, operation: str):
    with serving() as hanging:
        hanging.projects["vision/imagenet"] = [RESNET]
        hanging.before[operation] = hanging.hang
        opened = reader(hanging, home, SAMESTEP_DEADLINE="0.4")

        with within(5), pytest.raises(Unreachable) as refused:
            opened.read("abc123")
    assert "did not answer within 0.4 seconds. SAMESTEP_DEADLINE (seconds, 30" in str(refused.value)
    assert reader(stub, home).list().runs


def test_at_the_deadline_it_is_said_why_the_client_tried_again(home: Path):
    with serving() as failing:
        failing.fail("Run", Fault(503))
        failing.before["Run"] = lambda: failing.asked[1:] and failing.hang()

        with pytest.raises(Unreachable, match=r"within 1\.3 seconds; tried again after: HTTP 503"):
            reader(failing, home, SAMESTEP_DEADLINE="1.3").read("abc123")


def test_a_listing_too_heavy_for_the_deadline_is_asked_for_in_smaller_pages(home: Path):
    with serving() as slow:
        slow.projects["vision/imagenet"] = [StubRun(f"run{number}") for number in range(30)]
        slow.before["Runs"] = lambda: slow.hang() if slow.asked[-1][1]["perPage"] > 25 else None

        assert len(reader(slow, home, SAMESTEP_DEADLINE="0.4").list().runs) == 30
    assert [variables["perPage"] for _, variables in slow.asked] == [250, 25, 25]


def test_where_no_server_is_named_the_clients_own_is_said(stub: Stub, home: Path):
    with pytest.raises(NotAllowed, match=r"no key for https://\S+ is set"):
        reader(stub, home, WANDB_BASE_URL="", WANDB_API_KEY="").list()


def test_an_export_that_cannot_be_fetched_is_refused(stub: Stub, home: Path):
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=RESNET.rows, exported=1)]
    stub.fail("/export/abc123", Fault(403, b"<Error>expired</Error>"))

    with pytest.raises(Unreachable, match=r"abc123 .* an export of its history cannot be fetched"):
        reader(stub, home).read("abc123")


def test_a_port_that_nobody_listens_on_is_refused_in_seconds(stub: Stub, home: Path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"

    with within(5), pytest.raises(Unreachable, match="connection refused") as refused:
        reader(stub, home, WANDB_BASE_URL=address).list()
    assert f"{address} fails with" in str(refused.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(home: Path, tmp_path: Path):
    with serving(self_signed(tmp_path)) as secure:
        secure.projects["vision/imagenet"] = [RESNET]

        with pytest.raises(Unreachable, match=r"certificate of .* SSL_CERT_FILE"):
            reader(secure, home).list()
        assert secure.operations == []


@pytest.mark.parametrize(
    "fault",
    [Fault(404, b"<html><h1>Not Found</h1></html>"), Fault(200, b"<html><h1>Hello</h1></html>")],
    ids=["404", "200"],
)
def test_what_is_no_wandb_server_is_said_to_be_none(stub: Stub, home: Path, fault: Fault):
    stub.fail("Runs", fault)

    with pytest.raises(NotReadable, match=r"what answers at .* is no W&B server"):
        reader(stub, home).list()


def test_a_project_that_the_server_does_not_find_is_refused_with_those_it_has(
    stub: Stub, home: Path
):
    stub.fail("Runs", Fault(404, b'{"errors":[{"message":"project not found"}]}'))

    with pytest.raises(NotReadable, match=r"has no project .* are wandb:vision/imagenet\."):
        reader(stub, home).list()


def test_a_run_that_is_not_there_is_refused_with_those_that_are(stub: Stub, home: Path):
    with pytest.raises(NoSuchRun, match=r"No run 'abc124' in wandb:.*Known runs: 'abc123'\."):
        reader(stub, home).read("abc124")

    stub.fail("Run", Fault(404, b'{"errors":[{"message":"run not found"}]}'))
    with pytest.raises(NoSuchRun, match="Known runs: 'abc123'"):
        reader(stub, home).read("abc125")


@pytest.mark.parametrize("operation", ["RunParquetHistory", "HistoryPage"])
def test_a_run_deleted_while_it_is_read_is_refused_as_such(stub: Stub, home: Path, operation: str):
    stub.before[operation] = lambda: stub.projects.update({"vision/imagenet": []})

    with pytest.raises(NotReadable, match=f"{RUN} cannot be read: it was deleted while it was"):
        reader(stub, home).read("abc123")


def test_a_wanted_run_deleted_while_it_is_read_is_refused_as_such(stub: Stub, home: Path):
    rows = [logged(n, loss=1.0, lr=0.1, norm=1.0, time=0.5) for n in range(9)]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows)]
    stub.before["RunSampledHistory"] = lambda: stub.projects.update({"vision/imagenet": []})

    with pytest.raises(NotReadable, match="it was deleted while it was read"):
        reader(stub, home).read_wanted("abc123", lambda name: name == "lr")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"data":null}',
        b'{"data":{"project":null}}',
        b'{"data":7}',
        b'{"data":{"project":7}}',
    ],
)
def test_an_answer_without_a_project_is_a_project_that_is_not_there(
    stub: Stub, home: Path, body: bytes
):
    stub.fail("Runs", Fault(200, body))

    with pytest.raises(NotReadable, match="has no project 'imagenet'"):
        reader(stub, home).list()


def test_a_node_of_another_shape_breaks_nothing(stub: Stub, home: Path):
    node = b'{"name":"abc123","config":"{","tags":7,"user":[],"historyKeys":{"keys":[1]}}'
    stub.fail("Runs", Fault(200, b'{"data":{"project":{"runs":{"edges":[{"node":%s}]}}}}' % node))

    assert [head.full_name for head in reader(stub, home).list().runs] == ["abc123"]


@pytest.mark.parametrize("location", ["vision/imagenet/abc123", "vision /imagenet", "vision/"])
def test_a_location_that_names_no_project_is_refused(stub: Stub, home: Path, location: str):
    with pytest.raises(BadReference, match="takes wandb:<entity>/<project> or wandb:<directory>"):
        opened_online(Source("wandb", location), project(stub, home))


@pytest.mark.parametrize(
    ("name", "value"), [("WANDB_BASE_URL", "api.wandb.ai"), ("SAMESTEP_DEADLINE", "soon")]
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(
    stub: Stub, home: Path, name: str, value: str
):
    with pytest.raises(BadArgument, match=f"{name}='{value}' cannot be used"):
        reader(stub, home, **{name: value})


def test_without_the_client_it_is_said_how_to_get_it(
    stub: Stub, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(MissingPackage, match=r"pip install 'samestep\[wandb\]'"):
        reader(stub, home)


def test_a_client_too_old_is_refused_with_the_version_it_takes(
    stub: Stub, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "wandb-0.17.9.dist-info").mkdir()
    (tmp_path / "wandb-0.17.9.dist-info/METADATA").write_text(
        "Metadata-Version: 2.1\nName: wandb\nVersion: 0.17.9\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    with pytest.raises(NotReadable, match=r"version 0\.17\.9, .* takes 0\.30 or newer"):
        reader(stub, home)


def test_without_a_key_the_client_is_not_even_started(tmp_path: Path):
    named = {"WANDB_BASE_URL": "http://127.0.0.1:1", "HOME": str(tmp_path)}
    opened = opened_online(Source.parse(SOURCE), Project(tmp_path, environment=named))
    began = time.monotonic()

    with pytest.raises(NotAllowed, match=r"no key for http://127\.0\.0\.1:1 is set"):
        opened.list()
    assert time.monotonic() - began < 1
    assert list(tmp_path.iterdir()) == []
