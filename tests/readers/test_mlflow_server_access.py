import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.readers.mlflow_server.asking import reader
from tests.readers.mlflow_server.certificates import of_server, self_signed
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve
from tests.readers.mlflow_server.stub import Answer, Call, Stub, serving

from samestep.errors import BadArgument, BadReference, MissingPackage, NotAllowed, Unreachable
from samestep.model import RunRef, Source
from samestep.readers.mlflow.server import opened_server
from samestep.settings import Project

VIT = HeldRun("a1" * 16, "vit-s16", {"loss": curve(3)})
RUNS = Runs([VIT])
SECRET = "hunter2"  # noqa: S105 # none of anybody's
NAMES = """
import sys
from samestep.errors import SamestepError
from samestep.model import Source
from samestep.readers.mlflow.server import opened_server
from samestep.settings import Project

for source in sys.argv[1:]:
    try:
        listing = opened_server(Source.parse(source), Project.here()).list()
        print([head.full_name for head in listing.runs])
    except SamestepError as refusal:
        print(type(refusal).__name__, refusal)
"""


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def sent(stub: Stub, header: str = "Authorization") -> set[str | None]:
    """Return the values of a header in all requests."""
    return {call.headers.get(header) for call in stub.calls}


def refusing(_call: Call) -> Answer:
    return Answer(b"no", 401, "text/plain")


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({}, None),
        ({"MLFLOW_TRACKING_TOKEN": SECRET}, f"Bearer {SECRET}"),
        (
            {
                "MLFLOW_TRACKING_USERNAME": "ada",
                "MLFLOW_TRACKING_PASSWORD": SECRET,
                "MLFLOW_TRACKING_TOKEN": "unused",
            },
            basic("ada", SECRET),
        ),
        ({"MLFLOW_TRACKING_USERNAME": "ada"}, None),
    ],
)
def test_mlflows_own_variables_sign_in(environment: dict[str, str], header: str | None):
    with serving(RUNS) as stub:
        reader(stub.url, **environment).list()

        assert sent(stub) == {header}


def test_a_login_that_is_missing_is_told_from_one_that_is_refused():
    with serving(refusing) as stub:
        with pytest.raises(NotAllowed, match=r"it asks for a login \(HTTP 401\)"):
            reader(stub.url).list()
        with pytest.raises(NotAllowed, match=r"it refuses the login it was given \(HTTP 401\)"):
            reader(stub.url, MLFLOW_TRACKING_TOKEN=SECRET).list()


def test_the_file_in_which_mlflow_keeps_a_login_signs_in(tmp_path: Path):
    kept = tmp_path / ".mlflow/credentials"
    kept.parent.mkdir()
    kept.write_text(
        f"[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = {SECRET}%\n"
    )
    with serving(RUNS) as stub:
        reader(stub.url, HOME=str(tmp_path)).list()

        assert sent(stub) == {basic("ada", f"{SECRET}%")}


def test_a_login_in_the_address_works_and_is_shown_nowhere():
    with serving(RUNS) as stub, serving(refusing) as closed:
        url, other = (one.url.replace("://", f"://ada:{SECRET}%40@") for one in (stub, closed))
        opened = reader(url)
        run = opened.read(VIT.id)
        with pytest.raises(NotAllowed) as refused:
            reader(other).list()

        assert sent(stub) == {basic("ada", f"{SECRET}@")}
        assert str(run.ref) == f"mlflow:{stub.url.replace('://', '://[redacted]@')}#{VIT.id}"
        shown = [str(refused.value), repr(opened.list()), repr(run), repr(vars(opened))]
        assert [text for text in shown if SECRET in text] == []

        again = RunRef.parse(str(run.ref))
        assert reader(again.source.location).read(again.id).ref == run.ref
        assert sent(stub) == {basic("ada", f"{SECRET}@")}


def test_a_redacted_login_that_was_never_named_is_refused():
    with pytest.raises(NotAllowed, match=r"its login is redacted, and it was not named with one"):
        reader("http://[redacted]@tracker.example.org:5000")


def test_the_login_of_the_configured_address_holds_for_it_without_one():
    with serving(RUNS) as stub:
        configured = stub.url.replace("://", f"://ada:{SECRET}@")
        reader(stub.url, MLFLOW_TRACKING_URI=configured).list()

        assert sent(stub) == {basic("ada", SECRET)}


def test_a_login_for_the_configured_server_is_sent_to_no_other():
    environment = {
        "MLFLOW_TRACKING_URI": "https://tracker.example.org",
        "MLFLOW_TRACKING_TOKEN": SECRET,
        "MLFLOW_TRACKING_USERNAME": "ada",
        "MLFLOW_TRACKING_PASSWORD": SECRET,
        "MLFLOW_TRACKING_AUTH": "kubernetes",
    }
    with serving(refusing) as stub:
        with pytest.raises(NotAllowed, match=r"the server of MLFLOW_TRACKING_URI alone, and this"):
            reader(stub.url, **environment).list()

        assert sent(stub) == {None}


def test_a_workspace_and_a_path_before_the_interface_are_kept():
    with serving(RUNS) as stub:
        opened = reader(f"{stub.url}/team/mlflow/", MLFLOW_WORKSPACE=" vision ")
        opened.list()

        assert str(opened.source) == f"mlflow:{stub.url}/team/mlflow"
        assert sent(stub, "X-MLFLOW-WORKSPACE") == {"vision"}
        assert stub.calls[0].path == "/team/mlflow/api/2.0/mlflow/experiments/search"


def test_a_token_that_no_header_holds_is_refused_without_repeating_it():
    with serving(RUNS) as stub, pytest.raises(BadArgument) as refused:
        reader(stub.url, MLFLOW_TRACKING_TOKEN=f"{SECRET}\n").list()

    assert "MLFLOW_TRACKING_TOKEN='[redacted]'" in str(refused.value)


@pytest.mark.parametrize(
    "location",
    [
        "http://",
        "http://host:port",
        "https://user:hunter2@host/?token=hunter2",
        "http://two words",
        "databricks-uc",
        "databricks://",
    ],
)
def test_what_is_no_address_is_refused(location: str):
    with pytest.raises(BadReference, match=r"source=") as refused:
        reader(location)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("written", ["soon", "0", "-1", "nan"])
def test_a_limit_that_is_no_time_is_refused(written: str):
    with pytest.raises(BadArgument, match=f"MLFLOW_HTTP_REQUEST_TIMEOUT='{written}'"):
        reader("http://127.0.0.1:5000", MLFLOW_HTTP_REQUEST_TIMEOUT=written)


def test_a_certificate_that_nobody_vouches_for_is_refused_until_a_setting_trusts_it(
    tmp_path: Path,
):
    file = self_signed(tmp_path / "server.pem")
    with serving(RUNS, of_server(file)) as stub:
        with pytest.raises(Unreachable) as refused:
            reader(stub.url).list()
        trusted = reader(stub.url, MLFLOW_TRACKING_SERVER_CERT_PATH=str(file)).list()
        insecure = reader(stub.url, MLFLOW_TRACKING_INSECURE_TLS="true").list()

    assert "its certificate does not verify (self-signed certificate)" in str(refused.value)
    assert "MLFLOW_TRACKING_SERVER_CERT_PATH names the file" in str(refused.value)
    assert [head.full_name for head in (*trusted.runs, *insecure.runs)] == ["vit-s16", "vit-s16"]


def test_a_server_that_wants_a_certificate_of_its_client_gets_it(tmp_path: Path):
    server, client = self_signed(tmp_path / "server.pem"), self_signed(tmp_path / "client.pem")
    trusting = {"MLFLOW_TRACKING_SERVER_CERT_PATH": str(server)}
    with serving(RUNS, of_server(server, client)) as stub:
        with pytest.raises(NotAllowed, match="MLFLOW_TRACKING_CLIENT_CERT_PATH names"):
            reader(stub.url, **trusting).list()
        listing = reader(stub.url, **trusting, MLFLOW_TRACKING_CLIENT_CERT_PATH=str(client)).list()

    assert [head.full_name for head in listing.runs] == ["vit-s16"]


@pytest.mark.parametrize(
    "variable", ["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH"]
)
def test_a_certificate_that_is_not_there_is_refused(variable: str):
    with pytest.raises(BadArgument, match=rf"{variable}='/nowhere\.pem'.*No such file"):
        reader("https://127.0.0.1:1", **{variable: "/nowhere.pem"}).list()


@pytest.mark.parametrize(
    ("location", "environment"),
    [
        ("databricks", {"DATABRICKS_HOST": "{url}/", "DATABRICKS_TOKEN": SECRET}),
        ("databricks", {}),
        ("databricks", {"DATABRICKS_CONFIG_PROFILE": "lab"}),
        ("databricks://lab", {"DATABRICKS_HOST": "https://elsewhere", "DATABRICKS_TOKEN": "-"}),
    ],
)
def test_databricks_signs_in_with_the_token_of_its_environment_or_profile(
    tmp_path: Path, location: str, environment: dict[str, str]
):
    with serving(RUNS) as stub:
        both = "".join(f"[{name}]\nhost = {stub.url}\ntoken = {SECRET}\n" for name in PROFILES)
        (tmp_path / ".databrickscfg").write_text(both)
        filled = {name: value.format(url=stub.url) for name, value in environment.items()}
        opened = reader(location, HOME=str(tmp_path), **filled)

        assert [head.full_name for head in opened.list().runs] == ["vit-s16"]
        assert str(opened.source) == f"mlflow:{location}"
        assert sent(stub) == {f"Bearer {SECRET}"}


PROFILES = ("DEFAULT", "lab")


def test_databricks_own_sdk_signs_in_where_there_is_no_token(tmp_path: Path):
    with serving(RUNS) as stub:
        profile = f"[lab]\nhost = {stub.url}\nusername = ada\npassword = {SECRET}\n"
        (tmp_path / ".databrickscfg").write_text(profile)
        ran = in_a_process(tmp_path, "mlflow:databricks://lab", "mlflow:databricks://elsewhere")

        asked = [call for call in stub.calls if "/mlflow/" in call.path]
        assert {call.headers.get("Authorization") for call in asked} == {basic("ada", SECRET)}
    signed, unknown = ran.stdout.splitlines()
    assert signed == "['vit-s16']"
    assert unknown.startswith("NotAllowed mlflow:databricks://elsewhere cannot be read: Databricks")
    assert "Set DATABRICKS_HOST and DATABRICKS_TOKEN" in unknown


def test_a_plugin_of_mlflows_signs_in(tmp_path: Path):
    (tmp_path / "notary.py").write_text(PLUGIN)
    about = tmp_path / "notary-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: notary\nVersion: 1\n")
    (about / "entry_points.txt").write_text(
        "[mlflow.request_auth_provider]\nnotary = notary:Provider\n"
    )
    with serving(RUNS) as stub:
        ran = in_a_process(tmp_path, f"mlflow:{stub.url}", MLFLOW_TRACKING_AUTH="notary")

        assert sent(stub) == {f"Seal {SECRET} of /api/2.0/mlflow/experiments/search"} | {
            f"Seal {SECRET} of /api/2.0/mlflow/runs/search"
        }
    assert ran.stdout == "['vit-s16']\n"


PLUGIN = f"""
from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider


class Provider(RequestAuthProvider):
    def get_name(self):
        return "notary"

    def get_auth(self):
        def seal(request):
            request.headers["Authorization"] = "Seal {SECRET} of " + request.path_url
            return request

        return seal
"""


@pytest.mark.parametrize(
    ("location", "environment", "module", "command"),
    [
        ("http://127.0.0.1:1", {"MLFLOW_TRACKING_AUTH": "kubernetes"}, "requests", "mlflow"),
        ("databricks", {"HOME": "/nowhere"}, "databricks.sdk.core", "mlflow"),
    ],
)
def test_a_package_that_signs_in_and_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch,
    location: str,
    environment: dict[str, str],
    module: str,
    command: str,
):
    monkeypatch.setitem(sys.modules, module, None)  # what Python itself keeps of a missing one

    with pytest.raises(MissingPackage, match=rf"pip install 'samestep\[{command}\]'"):
        reader(location, **environment).list()


def in_a_process(
    directory: Path, *sources: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """List sources in a process of its own, whose home and packages are in a directory."""
    return subprocess.run(
        [sys.executable, "-c", NAMES, *sources],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "PYTHONPATH": str(directory),
            "MLFLOW_DISABLE_TELEMETRY": "true",
            **environment,
        },
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_read_from_the_process_own_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", SECRET)
    with serving(RUNS) as stub:
        opened_server(Source("mlflow", stub.url), Project(Path())).list()

        assert sent(stub) == {None}
