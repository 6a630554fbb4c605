"""Sources behind a network: what names them, what they lack, and what is never said of them."""

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from samestep import Project
from samestep.readers.detect.code import Code, Mention
from samestep.readers.detect.found import Found
from samestep.readers.detect.remote import NOT_ASKED, configured, remote
from samestep.readers.detect.statements import Said

KEY = {"WANDB_API_KEY": "hunter2"}
PLACE = {"WANDB_ENTITY": "vision", "WANDB_PROJECT": "resnets"}
TOKEN = base64.b64encode(json.dumps({"api_url": "https://neptune.lab.example"}).encode()).decode()
HOSTED = base64.b64encode(json.dumps({"api_url": "https://app.neptune.ai"}).encode()).decode()


def found(environment: Mapping[str, str], *said: Said, stored: tuple[str, ...] = ()) -> list[Found]:
    code = Code(tuple(Mention(f"train.py:{one.line}", one) for one in said))
    return remote(Project(Path("/nowhere"), environment=environment), code, stored)


def test_a_project_whose_key_and_name_are_set_can_be_asked_and_is_not() -> None:
    [one] = found({**KEY, **PLACE})

    assert (str(one.source), one.runs, one.why_not) == ("wandb:vision/resnets", None, None)
    assert one.evidence == (
        "WANDB_API_KEY is set",
        "WANDB_ENTITY is set",
        "WANDB_PROJECT is set",
        NOT_ASKED,
    )


@pytest.mark.parametrize(
    ("environment", "source", "missing"),
    [
        (KEY, "wandb:entity/project", "WANDB_ENTITY and WANDB_PROJECT are not set"),
        (PLACE, "wandb:vision/resnets", "WANDB_API_KEY is not set"),
        (
            {"MLFLOW_TRACKING_URI": "databricks"},
            "mlflow:databricks",
            "DATABRICKS_HOST is not set",
        ),
        ({"NEPTUNE_API_TOKEN": TOKEN}, "neptune:workspace/project", "NEPTUNE_PROJECT is not set"),
        ({"NEPTUNE_PROJECT": "lab/nets"}, "neptune:lab/nets", "NEPTUNE_API_TOKEN is not set"),
    ],
)
def test_what_is_missing_is_named_by_its_setting(
    environment: Mapping[str, str], source: str, missing: str
) -> None:
    [one] = found(environment)

    assert str(one.source) == source
    assert (one.why_not or "").startswith(missing)
    assert NOT_ASKED not in one.evidence


def test_the_package_that_is_missing_comes_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "neptune_query", None)

    [one] = found({"NEPTUNE_API_TOKEN": TOKEN, "NEPTUNE_PROJECT": "lab/nets"})
    assert "pip install 'samestep[neptune]'" in (one.why_not or "")


def test_a_login_kept_in_netrc_is_a_key(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine api.wandb.ai login user password hunter2\n")

    [one] = found({"HOME": str(tmp_path), **PLACE})
    assert one.why_not is None
    assert one.evidence[0] == "a login for api.wandb.ai is kept in netrc"


def test_a_login_for_another_server_is_no_key(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine api.wandb.ai login user password hunter2\n")
    own = {"WANDB_BASE_URL": "https://wandb.lab.example:8443"}

    [one] = found({"HOME": str(tmp_path), **PLACE, **own})
    assert (one.why_not or "").startswith("WANDB_API_KEY is not set")


def test_code_says_what_the_environment_leaves_out() -> None:
    said = Said(3, "wandb", "names project 'resnets'", project="resnets")

    assert [str(one.source) for one in found({**KEY, "WANDB_ENTITY": "vision"}, said)] == [
        "wandb:vision/resnets"
    ]
    assert [str(one.source) for one in found({**KEY, **PLACE}, said)] == ["wandb:vision/resnets"]


def test_a_name_that_no_reference_could_be_written_with_is_left_out() -> None:
    said = Said(3, "wandb", "names project", project="a#b\n", entity="vision")

    assert [str(one.source) for one in found(KEY, said)] == ["wandb:entity/project"]


def test_a_tracker_that_only_code_names_says_what_to_set() -> None:
    imports = [Said(line, "mlflow", "imports mlflow") for line in range(1, 6)]

    [one] = found({}, *imports)
    assert one.evidence == (
        "train.py:1 imports mlflow",
        "train.py:2 imports mlflow",
        "train.py:3 imports mlflow",
        "and 2 more lines of code",
    )
    assert "MLFLOW_TRACKING_URI" in (one.why_not or "")


def test_code_alone_adds_nothing_to_runs_that_lie_here() -> None:
    said = [Said(1, "wandb", "imports wandb"), Said(2, "mlflow", "imports mlflow")]

    assert found({}, *said, stored=("wandb", "mlflow")) == []
    assert [one.source.tracker for one in found({}, *said, stored=("wandb",))] == ["mlflow"]


def test_a_token_of_the_service_that_closed_says_so() -> None:
    place = {"NEPTUNE_PROJECT": "lab/nets"}
    [hosted] = found({"NEPTUNE_API_TOKEN": HOSTED, **place})
    [own] = found({"NEPTUNE_API_TOKEN": TOKEN, **place})

    assert "closed in March 2026" in (hosted.why_not or "")
    assert own.why_not is None


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("http://me:hunter2@host:5000", "mlflow:http://host:5000"),
        (
            "https://host/team@lab/mlflow/?token=hunter2#hunter2",
            "mlflow:https://host/team@lab/mlflow",
        ),
        ("databricks://profile", "mlflow:databricks://profile"),
        ("databricks", "mlflow:databricks"),
    ],
)
def test_a_tracking_server_is_named_without_its_credentials(address: str, source: str) -> None:
    [one] = found({"MLFLOW_TRACKING_URI": address})

    assert str(one.source) == source
    assert "hunter2" not in str(one)


def test_an_address_that_no_server_can_have_is_refused() -> None:
    [one] = found({"MLFLOW_TRACKING_URI": "http://me:hunter2@:5000"})

    assert "mlflow:http" in (one.why_not or "")
    assert "hunter2" not in str(one)


def test_an_address_that_code_sets_is_named_with_its_line() -> None:
    said = Said(7, "mlflow", "sets the tracking URI", address="http://me:hunter2@host:5000")

    [one] = found({}, said)
    assert (str(one.source), one.evidence[0]) == (
        "mlflow:http://host:5000",
        "train.py:7 sets the tracking URI",
    )


def test_only_what_the_environment_names_in_full_is_configured() -> None:
    def sources(environment: Mapping[str, str]) -> list[str]:
        return [str(one) for one in configured(Project(Path("/nowhere"), environment=environment))]

    assert sources({}) == []
    assert sources(KEY) == []
    assert sources({**KEY, **PLACE, "MLFLOW_TRACKING_URI": "http://127.0.0.1:1"}) == [
        "wandb:vision/resnets",
        "mlflow:http://127.0.0.1:1",
    ]
