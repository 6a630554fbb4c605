"""neptune-query itself asks a server on loopback; see `neptune_stub/server.py`."""

import os
import socket
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from tests.readers.neptune_stub.fixtures import reader, running_stub, stub, token
from tests.readers.neptune_stub.runs import START, Point, StubRun, logged
from tests.readers.neptune_stub.server import ENTRIES, LOGIN, SERIES, Fault, Stub, serving

from samestep.errors import MissingPackage, NoSuchRun, NotAllowed, NotReadable, Unreachable
from samestep.model import Metric, Run, Source
from samestep.progress import listening
from samestep.readers.neptune import opened
from samestep.readers.neptune.server.calls import answer_of
from samestep.settings import Project

__all__ = ["running_stub", "stub"]

PROJECT = "lab/nets"
STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RESNET = StubRun(
    "resnet50-0",
    {
        "sys/name": "resnet50",
        "sys/creation_time": STARTED,
        "sys/ping_time": datetime(2026, 1, 3, tzinfo=UTC),
        "sys/state": "Active",
        "sys/failed": False,
        "sys/tags": {"vision", "baseline"},
        "sys/group_tags": {"sweep 1"},
        "sys/hostname": "node7",
        "parameters/lr": 0.1,
        "parameters/seed": 3,
        "parameters/amp": True,
        "parameters/optimizer/name": "sgd",
        "test/acc": 0.75,
    },
    {
        "train/loss": logged(4.0, float("nan"), 3.0, float("inf")),
        "val/acc": logged(0.125, 0.25, pace=2),
        "train/epoch": logged(1.0, 1.0, 2.0, 2.0),
        "monitoring/cpu": logged(99.0),
        "broken": logged(float("nan")),
    },
)
# In the tests a warning is an error, also those of neptune-query about its own retries.
pytestmark = pytest.mark.filterwarnings("ignore:Neptune API")


def points(metric: Metric) -> str:
    """Return steps and values as text, in which NaN is equal to itself."""
    return str(list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True)))


def curves(run: Run) -> dict[str, str]:
    return {name: points(metric) for name, metric in run.history.metrics.items()}


def test_five_hundred_runs_are_listed_in_a_few_requests(stub: Stub):
    stub.projects[PROJECT] = [
        StubRun(
            f"resnet50-{number}",
            {"sys/name": f"resnet50/seed{number}", "parameters/seed": number},
            {"loss": logged(1.0, float(number))},
        )
        for number in range(500)
    ]
    heads = reader(stub.address).list().runs

    assert [head.full_name for head in heads] == [f"resnet50/seed{number}" for number in range(500)]
    glances = [head.glance for head in heads if head.glance]
    assert [glance.newest for glance in glances] == [{"loss": float(n)} for n in range(500)]
    assert [glance.seed for glance in glances] == [str(number) for number in range(500)]
    assert sorted(set(stub.asked)) == [
        "leaderboard/attributes/definitions/query",
        "proto/leaderboard/attributes/query",
        "proto/leaderboard/entries/search",
    ]
    assert len(stub.asked) < 10


def test_a_listing_tells_of_a_run_what_the_server_keeps_of_it(stub: Stub):
    stub.projects[PROJECT] = [RESNET]
    [head] = reader(stub.address).list().runs

    assert (str(head.ref), head.full_name) == ("neptune:lab/nets#resnet50-0", "resnet50")
    assert head.started == STARTED
    glance = head.glance
    assert glance is not None
    assert (glance.state, glance.seed, glance.group) == ("running", "3", "sweep 1")
    assert glance.metrics == 4
    assert glance.tags == ("baseline", "vision")
    assert glance.written == datetime(2026, 1, 3, tzinfo=UTC)
    assert glance.newest == {
        "train/loss": float("inf"),
        "val/acc": 0.25,
        "train/epoch": 2.0,
        "monitoring/cpu": 99.0,
    }
    assert glance.config == {
        "parameters": {"lr": 0.1, "seed": 3, "amp": True, "optimizer": {"name": "sgd"}}
    }


def test_a_run_has_every_point_that_was_logged(stub: Stub):
    stub.projects[PROJECT] = [RESNET]
    run = reader(stub.address).read("resnet50-0")

    assert curves(run) == {
        "train/loss": "[(0.0, 4.0), (1.0, nan), (2.0, 3.0), (3.0, inf)]",
        "val/acc": "[(0.0, 0.125), (2.0, 0.25)]",
        "train/epoch": "[(0.0, 1.0), (1.0, 1.0), (2.0, 2.0), (3.0, 2.0)]",
        "monitoring/cpu": "[(nan, 99.0)]",
        "broken": "[(0.0, nan)]",
    }
    metrics = run.history.metrics
    assert metrics["val/acc"].rows.tolist() == metrics["train/loss"].rows.tolist()[::2]
    times = metrics["val/acc"].times
    assert times is not None
    assert times.tolist() == [START / 1000, START / 1000 + 2]
    assert (run.history.append_only, run.history.read.losses) == (False, ())
    assert (run.state, run.seed, run.environment) == ("running", "3", {"host": "node7"})
    assert {name: final.value for name, final in run.finals.items()} == {"test/acc": 0.75}


def test_a_long_history_is_read_whole_and_metrics_in_several_requests(stub: Stub):
    many = {f"metric{number:02}": logged(1.0) for number in range(44)}
    long = logged(*(number / 8 for number in range(5_000)))
    stub.projects[PROJECT] = [StubRun("wide", {}, {**many, "long": long})]
    told: list[tuple[str, int, int | None]] = []

    def hear(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    with listening(hear):
        run = reader(stub.address).read("wide")

    assert run.history.metrics["long"].values.tolist() == [number / 8 for number in range(5_000)]
    assert len(run.history.metrics) == 45
    assert told[-3:] == [("metrics of wide", done, 45) for done in (0, 20, 40)]


def test_only_what_is_wanted_and_the_counters_are_fetched(stub: Stub):
    stub.projects[PROJECT] = [RESNET]
    run = reader(stub.address).read_wanted("resnet50-0", lambda name: name == "val/acc")

    assert sorted(run.history.metrics) == ["train/epoch", "val/acc"]
    assert run.history.unread == {"train/loss", "monitoring/cpu", "broken"}


def test_a_read_takes_one_look_at_the_names_and_none_after_a_listing(stub: Stub):
    stub.projects[PROJECT] = [RESNET, StubRun("other", {"sys/name": "resnet50"})]
    found = reader(stub.address)
    assert found.read("resnet50-0").full_name == "resnet50 resnet50-0"
    alone = len(stub.asked)
    stub.asked.clear()
    found.read("other")

    assert (alone, len(stub.asked)) == (5, 3)


def test_previews_are_left_out_and_counted(stub: Stub):
    series = [*logged(1.0, 2.0), Point(2.0, 9.0, START, is_preview=True)]
    stub.projects[PROJECT] = [StubRun("resnet50-0", {}, {"loss": series})]
    run = reader(stub.address).read("resnet50-0")

    assert curves(run) == {"loss": "[(0.0, 1.0), (1.0, 2.0)]"}
    assert run.history.read.losses == (
        "1 preview point is left out: a preview is not the value of its step.",
    )


def test_a_run_without_points_and_a_project_without_runs(stub: Stub):
    stub.projects[PROJECT] = [StubRun("silent", {}, {"loss": []}), StubRun("mute")]
    stub.projects["lab/nothing"] = []
    silent = reader(stub.address).read("silent").history

    assert (silent.metrics, silent.read.losses) == ({}, ("1 metric has no point on the server.",))
    assert reader(stub.address).read("mute").history.read.losses == ()
    assert reader(stub.address, "neptune:lab/nothing").list().runs == ()


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ({"sys/failed": True, "sys/state": "Active"}, "failed"),
        ({"sys/failed": False, "sys/state": "running"}, "running"),
        ({"sys/failed": False, "sys/state": "Inactive"}, "unknown"),
        ({"sys/failed": False, "sys/state": "idle"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_state_is_what_neptune_knows_for_sure(
    stub: Stub, attributes: Mapping[str, str | bool], state: str
):
    stub.projects[PROJECT] = [StubRun("resnet50-0", attributes, {"loss": logged(1.0)})]

    assert reader(stub.address).read("resnet50-0").state == state


def test_a_run_that_is_not_there_is_refused_with_those_that_are(stub: Stub):
    stub.projects[PROJECT] = [RESNET]

    with pytest.raises(NoSuchRun, match="Known runs: 'resnet50-0'"):
        reader(stub.address).read("resnet50-1")


def test_a_run_that_is_deleted_while_it_is_read_is_said_to_be(stub: Stub):
    stub.projects[PROJECT] = [RESNET]
    found = reader(stub.address)
    found.list()
    stub.projects[PROJECT] = []

    with pytest.raises(NotReadable, match="it was deleted while it was being read"):
        found.read("resnet50-0")


def test_a_project_that_is_not_there_is_refused(stub: Stub):
    stub.projects[PROJECT] = [RESNET]

    with pytest.raises(NotAllowed, match=r"no such project, or the token .* has no access"):
        reader(stub.address, "neptune:lab/others").list()


@pytest.mark.parametrize("path", [LOGIN, ENTRIES, SERIES])
def test_a_token_that_is_refused_is_named_and_not_shown(path: str):
    with serving() as own:
        own.projects[PROJECT] = [RESNET]
        own.faults[path] = Fault(401)
        with pytest.raises(NotAllowed) as refused:
            reader(own.address).read("resnet50-0")

    assert "refuses the token in NEPTUNE_API_TOKEN" in str(refused.value)
    assert token(own.address) not in str(refused.value)
    assert "secret-in-token" not in str(refused.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(500), r"gives no answer \(HTTP status 500\)"),
        (Fault(429), r"gives no answer \(HTTP status 429\)"),
    ],
)
def test_a_server_that_fails_is_given_up_within_the_deadline(fault: Fault, said: str):
    with serving() as own:
        own.projects[PROJECT] = [RESNET]
        own.faults[ENTRIES] = fault
        began = time.monotonic()
        with pytest.raises(Unreachable, match=said):
            reader(own.address, deadline="1").list()

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        (ENTRIES, Fault(404), "status 404"),
        (ENTRIES, Fault(200, b"\xff\xfe\x00"), "DecodeError"),
        (LOGIN, Fault(200, b"{}"), "status 200"),
        (LOGIN, Fault(200, b"<html>"), "status 200"),
    ],
)
def test_a_server_that_is_no_neptune_is_said_to_be_none(path: str, fault: Fault, said: str):
    with serving() as own:
        own.projects[PROJECT] = [RESNET]
        own.faults[path] = fault
        with pytest.raises(NotReadable, match=rf"as a Neptune of version 3 does \({said}\)"):
            reader(own.address).list()


def test_a_server_that_does_not_answer_is_given_up_at_the_deadline():
    with serving() as own:
        own.silent = True
        began = time.monotonic()
        with pytest.raises(Unreachable, match="SAMESTEP_DEADLINE sets how long"):
            reader(own.address, deadline="1").list()

        assert time.monotonic() - began < 5


def test_a_call_that_goes_on_for_ever_is_left_to_itself():
    never = Event()
    with pytest.raises(Unreachable, match=r"no answer within 0\.1 seconds"):
        answer_of(lambda: never.wait(5), "neptune:lab/nets", "http://127.0.0.1:1", 0.1)
    never.set()


def test_a_server_that_is_not_there_is_given_up_at_once():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(Unreachable, match=rf"http://127\.0\.0\.1:{port}.*Connection refused"):
        reader(f"http://127.0.0.1:{port}").list()

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("host", ["https://app.neptune.ai", "https://scale.neptune.ai:443/"])
def test_the_hosted_service_is_not_asked_and_said_to_be_closed(host: str):
    with pytest.raises(Unreachable) as refused:
        reader(host).list()

    assert "closed in March 2026" in str(refused.value)
    assert "neptune:./export" in str(refused.value)
    assert "neptune:./.neptune" in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({}, "NEPTUNE_API_TOKEN is not set"),
        ({"NEPTUNE_API_TOKEN": "no token"}, "NEPTUNE_API_TOKEN is no token of Neptune"),
        ({"NEPTUNE_API_TOKEN": "W10="}, "it names no server"),
        ({"NEPTUNE_API_TOKEN": token("ftp://host")}, "it names no server"),
        ({"NEPTUNE_API_TOKEN": token("http://host:port")}, "it names no server"),
    ],
)
def test_a_token_that_is_missing_or_none_is_refused(environment: Mapping[str, str], why: str):
    found = opened(Source("neptune", PROJECT), Project(Path(), environment=environment))

    with pytest.raises(NotAllowed, match=why):
        found.list()


def test_the_environment_is_as_it_was_after_a_call(stub: Stub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NEPTUNE_QUERY_RETRY_SOFT_TIMEOUT", "77")
    stub.projects[PROJECT] = [RESNET]
    seen: list[str | None] = []
    names = ("NEPTUNE_QUERY_RETRY_SOFT_TIMEOUT", "NEPTUNE_HTTP_REQUEST_TIMEOUT_SECONDS")
    stub.before[ENTRIES] = lambda: seen.extend(map(os.environ.get, names))
    reader(stub.address, deadline="3").list()

    assert seen == ["3", "3"]
    assert [os.environ.get(name) for name in names] == ["77", None]


def test_without_neptune_query_the_package_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "neptune_query", None)

    with pytest.raises(MissingPackage, match=r"'neptune-query' .*samestep\[neptune\]"):
        opened(Source("neptune", PROJECT), Project(Path()))
