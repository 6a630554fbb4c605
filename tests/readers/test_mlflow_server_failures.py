import re
import socket
import ssl
import threading
import time

import httpx2
import pytest
from tests.readers.mlflow_server.asking import reader
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve, sometimes, unknown
from tests.readers.mlflow_server.stub import HTML, Answer, Call, Drop, Silence, Stub, serving

from samestep.errors import NoSuchRun, NotAllowed, NotReadable, SamestepError, Unreachable
from samestep.model import Run
from samestep.progress import listening
from samestep.readers.mlflow.server.connection import Connection, Request
from samestep.readers.mlflow.server.refusals import Refusals, Reply
from samestep.readers.mlflow.server.repeats import pause_after

VIT = HeldRun("a1" * 16, "vit-s16", {"loss": curve(3), "accuracy": curve(3)})
RESNET = HeldRun("b2" * 16, "resnet50", {"loss": curve(3)})
RUNS = Runs([VIT, RESNET])
SECONDS = 3.0  # within which a refusal is there, however busy the machine
AGAIN = {"retry-after": "0"}


class NotWanted(Exception):
    """What a listener raises when the answer is no longer wanted."""


def refusal(stub: Stub, **environment: str) -> SamestepError:
    """Return what listing a server's runs is refused with, and see that it takes no longer."""
    began = time.monotonic()
    with pytest.raises(SamestepError) as refused:
        reader(stub.url, **environment).list()
    assert time.monotonic() - began < SECONDS
    return refused.value


def test_nothing_is_asked_before_something_is_read():
    with serving(RUNS) as stub:
        opened = reader(stub.url)

        assert stub.calls == []
        assert str(opened.source) == f"mlflow:{stub.url}"


def test_a_server_that_is_not_there_is_refused_at_once():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        said = refusal(Stub(url, []))

    assert isinstance(said, Unreachable)
    assert str(said) == (
        f"mlflow:{url} cannot be read: nothing listens at {url[7:]} (connection refused). "
        "Start the server (`mlflow server`), or check the address."
    )


def test_a_server_that_hangs_is_refused_at_the_deadline_and_not_asked_again_at_once():
    def silent(_call: Call) -> Answer:
        raise Silence

    with serving(silent) as stub:
        opened = reader(stub.url, SAMESTEP_DEADLINE="0.2")
        began = time.monotonic()
        for _ in range(5):
            with pytest.raises(Unreachable, match=r"within 0\.2 s\. SAMESTEP_DEADLINE sets"):
                opened.read(VIT.id)

        assert time.monotonic() - began < SECONDS
        assert len(stub.calls) == 1


def test_an_answer_that_drips_in_is_refused_at_the_deadline():
    dripping = Answer(b" ", missing=10**6, drips=True)
    with serving(lambda _call: dripping) as stub:
        said = refusal(stub, SAMESTEP_DEADLINE="0.2")

    assert isinstance(said, Unreachable)
    assert "did not answer within 0.2 s" in str(said)


def test_mlflows_own_limit_for_one_request_holds_too():
    def silent(_call: Call) -> Answer:
        raise Silence

    with serving(silent) as stub:
        said = refusal(stub, MLFLOW_HTTP_REQUEST_TIMEOUT="0.1")

    assert "did not answer within 0.1 s" in str(said)


def test_what_a_server_can_do_next_time_is_asked_again_and_said():
    busy = Answer(status=503, headers=AGAIN)
    troubles = [Drop(), Answer(status=429, headers={"retry-after": "0.05"}), busy]
    with serving(sometimes(RUNS, troubles)) as stub:
        run = reader(stub.url).read(VIT.id)

        assert stub.endpoints[:4] == ["runs/get"] * 4
    assert run.history.metrics["loss"].values.tolist() == [1.0, 0.5, 1 / 3]
    [said] = run.history.read.losses
    assert said == (
        "the server had to be asked again (HTTP 429 once, HTTP 503 once, broke off once), "
        "after 0.3 s of waiting"
    )


def test_an_answer_cut_short_is_asked_for_again():
    with serving(sometimes(RUNS, [Answer(b'{"run": {', missing=100)])) as stub:
        run = reader(stub.url).read(VIT.id)

    assert run.full_name == "vit-s16"
    assert run.history.read.losses == (
        "the server had to be asked again (broke off once), after 0.2 s of waiting",
    )


def test_a_pause_is_the_servers_word_else_twice_the_last_and_has_an_end():
    def busy(**headers: str) -> Reply:
        return Reply(503, httpx2.Headers(headers), b"")

    broke_off = httpx2.RemoteProtocolError("Server disconnected")
    refused = httpx2.ReadError("an alert")
    refused.__cause__ = ssl.SSLError(1, "TLSV13_ALERT_CERTIFICATE_REQUIRED")
    long_ago = "Wed, 21 Oct 2015 07:28:00 GMT"

    assert [pause_after(busy(), attempt) for attempt in (1, 2, 3, 4)] == [0.25, 0.5, 1.0, None]
    assert [pause_after(broke_off, attempt) for attempt in (1, 4)] == [0.25, None]
    assert pause_after(busy(**{"Retry-After": "7"}), 1) == 7.0
    assert pause_after(busy(**{"Retry-After": long_ago}), 1) == 0.0
    assert pause_after(busy(**{"Retry-After": "soon"}), 1) == 0.25
    assert pause_after(Reply(404, {}, b""), 1) is None
    assert pause_after(httpx2.ConnectError("refused"), 1) is None
    assert pause_after(httpx2.ReadTimeout("late"), 1) is None
    assert pause_after(refused, 1) is None


def test_a_server_that_stays_in_error_is_unreachable_with_its_own_words():
    error = {"error_code": "INTERNAL_ERROR", "message": "database is locked"}
    with serving(lambda _call: Answer(error, 500, headers=AGAIN)) as stub:
        said = refusal(stub)

        assert len(stub.calls) == 4
    assert isinstance(said, Unreachable)
    assert "it answers with an error (HTTP 500: database is locked)" in str(said)


def test_a_wait_beyond_the_deadline_is_refused_at_once():
    with serving(lambda _call: Answer(status=429, headers={"retry-after": "60"})) as stub:
        said = refusal(stub)

    assert isinstance(said, Unreachable)
    assert "HTTP 429 and wants to be asked again in 60 s, when a call may take 10 s" in str(said)


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_that_is_wanted_names_the_settings_that_sign_in(status: int):
    with serving(lambda _call: Answer(b"no", status, "text/plain")) as stub:
        said = refusal(stub)

        assert len(stub.calls) == 1
    assert isinstance(said, NotAllowed)
    assert f"HTTP {status}" in str(said)
    assert "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN" in str(
        said
    )


def test_a_name_that_the_server_does_not_go_by_is_said_as_such():
    body = b"Invalid Host header - possible DNS rebinding attack detected"
    with serving(lambda _call: Answer(body, 403, "text/plain")) as stub:
        said = refusal(stub)

    assert isinstance(said, NotAllowed)
    host = stub.url.removeprefix("http://")
    assert f"it does not go by the name {host} (HTTP 403: Invalid Host header)" in str(said)
    assert f"--allowed-hosts {host}" in str(said)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(b"<h1>Welcome</h1>", 200, HTML), "HTTP 200, text/html"),
        (Answer(b"<h1>Not Found</h1>", 404, HTML), "HTTP 404, text/html"),
        (Answer([1, 2]), "HTTP 200, application/json"),
        (Answer({"detail": "Not Found"}, 404), "HTTP 404, application/json"),
        (Answer(b"[" * 10_000), "HTTP 200, application/json"),
        (
            Answer(b"", 302, headers={"location": "https://sso.example.org/login?state=secret"}),
            "HTTP 302, a redirect to https://sso.example.org/login",
        ),
    ],
)
def test_what_is_no_mlflow_server_is_said_to_be_none(answer: Answer, what: str):
    with serving(lambda _call: answer) as stub:
        said = refusal(stub)

        assert len(stub.calls) == 1
    assert type(said) is NotReadable
    assert f"what answers there is no MLflow server ({what})" in str(said)


def test_an_answer_without_an_end_is_given_up():
    endless = Answer(b'"' + b"x" * 200_000, missing=10**9)
    with serving(lambda _call: endless) as stub:
        refusals = Refusals("mlflow:http://host", "host", "")
        connection = Connection(
            lambda: httpx2.Client(base_url=stub.url), refusals, 5.0, most=100_000
        )
        with pytest.raises(NotReadable, match="answers one request with more than"):
            connection.ask(Request("GET", "/", {}), [])


def test_pages_that_lead_in_a_circle_are_given_up():
    def circling(call: Call) -> Answer:
        if call.endpoint != "runs/search":
            return RUNS(call)
        return Answer({"runs": [], "next_page_token": "the same"})

    with serving(circling) as stub:
        said = refusal(stub)

        assert stub.endpoints.count("runs/search") == 2
    assert "the pages of /api/2.0/mlflow/runs/search have no end" in str(said)


def test_an_unknown_run_names_those_that_exist_the_nearest_first():
    with serving(RUNS) as stub:
        for asked in ("resnet", "b2" * 15):
            with pytest.raises(NoSuchRun, match=rf"Known runs: '{RESNET.id} \(resnet50\)'"):
                reader(stub.url).read(asked)


def test_an_id_that_no_run_can_have_is_unknown():
    def rejecting(call: Call) -> Answer:
        said = {"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid run ID: '../x'"}
        return Answer(said, 400) if call.endpoint == "runs/get" else RUNS(call)

    with serving(rejecting) as stub, pytest.raises(NoSuchRun, match=r"No run '../x' in mlflow:"):
        reader(stub.url).read("../x")


def test_a_request_that_is_rejected_is_said_in_the_servers_words():
    said = {"error_code": "INVALID_PARAMETER_VALUE", "message": "max_results must be 7"}
    with serving(lambda _call: Answer(said, 400)) as stub:
        words = str(refusal(stub))

    assert "it refuses the request (HTTP 400: max_results must be 7)" in words


def test_a_deleted_run_is_refused_as_such_and_not_listed():
    gone = HeldRun("c3" * 16, "old", lifecycle="deleted")
    with serving(Runs([VIT, gone])) as stub:
        opened = reader(stub.url)
        with pytest.raises(NotReadable, match=r"deleted on the server. `mlflow runs restore"):
            opened.read(gone.id)

        assert [head.full_name for head in opened.list().runs] == ["vit-s16"]


def test_a_run_deleted_while_it_is_read_is_said():
    def deleting(call: Call) -> Answer:
        is_late = call.endpoint == "metrics/get-history" and call.asked["metric_key"] == "accuracy"
        return unknown(VIT.id) if is_late else RUNS(call)

    with serving(deleting) as stub, pytest.raises(NotReadable) as refused:
        reader(stub.url).read(VIT.id)

    assert str(refused.value) == (
        f"mlflow:{stub.url}#{VIT.id} cannot be read: it was deleted on the server while it was "
        "being read. list_runs names the runs that are there."
    )


def test_one_run_that_is_forbidden_takes_no_other_down():
    def forbidding(call: Call) -> Answer:
        said = {"error_code": "PERMISSION_DENIED", "message": "Permission denied"}
        return Answer(said, 403) if RESNET.id in call.asked.values() else RUNS(call)

    with serving(forbidding) as stub:
        resnet, vit = reader(stub.url).read_several([RESNET.id, VIT.id], lambda _metric: True)

    assert isinstance(resnet, NotAllowed)
    assert "it forbids this (HTTP 403: Permission denied)" in str(resnet)
    assert isinstance(vit, Run)


def test_an_entry_without_an_id_is_counted_among_the_unreadable():
    def damaged(call: Call) -> Answer:
        if call.endpoint != "runs/search":
            return RUNS(call)
        strays: list[object] = [{"info": {}}, "nonsense"]
        return Answer({"runs": [*RUNS(call).body["runs"], *strays]})

    with serving(damaged) as stub:
        listing = reader(stub.url).list()

    assert [head.full_name for head in listing.runs] == ["vit-s16", "resnet50"]
    [lost] = listing.unreadable
    assert lost.why == "2 of the runs that the server lists have no id"


def test_a_read_stops_when_nobody_waits_for_it_even_while_the_server_hangs():
    asked = threading.Event()

    def silent(_call: Call) -> Answer:
        asked.set()
        raise Silence

    def wants_no_more(_what: str, _done: int, _total: int | None) -> None:
        if asked.is_set():
            raise NotWanted

    with serving(silent) as stub:
        began = time.monotonic()
        with listening(wants_no_more), pytest.raises(NotWanted):
            reader(stub.url).list()

        assert time.monotonic() - began < SECONDS


def test_every_request_is_told():
    told: list[tuple[str, int]] = []
    with serving(RUNS) as stub, listening(lambda what, done, _total: told.append((what, done))):
        reader(stub.url).list()

    each_once = list(dict.fromkeys(told))  # while an answer is long in coming, it is told again
    assert each_once == [(f"requests to {stub.url[7:]}", number) for number in (1, 2)]


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "unknown"), r"no host is known by the name 'tracker:5000'"),
        (ssl.SSLError(1, "wrong version"), r"does not speak TLS .* Name it with http://"),
        (ConnectionRefusedError(111, "refused"), r"nothing listens at tracker:5000"),
        (OSError(101, "Network is unreachable"), r"broke off without an answer \(All attempts"),
    ],
)
def test_a_connection_that_fails_says_why(cause: OSError, words: str):
    error = httpx2.ConnectError("All attempts failed")
    error.__cause__ = cause
    said = Refusals("mlflow:http://tracker:5000", "tracker:5000", "").unanswered(error, 30.0)

    assert isinstance(said, Unreachable)
    assert re.search(words, str(said))


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "xn--\u0000"])
def test_a_name_that_no_host_can_have_is_refused(host: str):
    said = refusal(Stub(f"http://{host}:5000", []))

    assert isinstance(said, NotReadable)
