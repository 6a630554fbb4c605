"""Where a name is looked for: on this machine, then on servers, and what cannot be asked is said."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from samestep import MemoryRun, Project, forget, list_runs, remember
from samestep.errors import NoSuchRun, NoTrackerFound, NotReadable, Unreachable
from samestep.resolve import Lookup

CLOSED = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:1", "SAMESTEP_DEADLINE": "2"}
"""A server at a port where nothing listens."""


@pytest.fixture(autouse=True)
def _nothing_named_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samestep.resolve.sources._named", {})


def table(directory: Path) -> Path:
    directory.mkdir(parents=True)
    (directory / "metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    return directory


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("create table notes(text text)")


def test_a_run_of_this_machine_waits_for_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_socket: socket.socket, address: object) -> None:
        pytest.fail(f"it connects to {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refused)
    table(tmp_path / "results/wide")
    lookup = Lookup(Project(tmp_path, environment=CLOSED))

    assert str(lookup.one_run("wide").ref) == "files:results#wide"
    assert [str(run.ref) for run in lookup.side("group:w*").runs] == ["files:results#wide"]


def test_a_name_nobody_here_has_is_asked_of_the_server_that_is_set(tmp_path: Path) -> None:
    alone = Project(tmp_path, environment=CLOSED)
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1"):
        Lookup(alone).side("narrow")

    table(tmp_path / "results/wide")
    with pytest.raises(NoSuchRun, match="'wide'") as refused:
        Lookup(alone).side("narrow")
    assert "mlflow:http://127.0.0.1:1 (which cannot be read: " in str(refused.value)


def test_a_source_that_cannot_be_read_is_listed_so_beside_those_that_can(tmp_path: Path) -> None:
    table(tmp_path / "results/wide")
    foreign_database(tmp_path / "mlflow.db")

    listed = list_runs(project=Project(tmp_path, environment=CLOSED))

    assert [item.full_name for item in listed.items] == ["wide"]
    assert [one.run for one in listed.unreadable] == [
        "mlflow:sqlite:///mlflow.db",
        "mlflow:http://127.0.0.1:1",
    ]
    assert all(one.why for one in listed.unreadable)


def test_a_name_nobody_has_is_refused_with_what_could_not_be_looked_through(
    tmp_path: Path,
) -> None:
    table(tmp_path / "results/wide")
    foreign_database(tmp_path / "mlflow.db")
    lookup = Lookup(Project(tmp_path))

    with pytest.raises(NoSuchRun, match="'wide'") as refused:
        lookup.side("narrow")

    assert "mlflow:sqlite:///mlflow.db (which cannot be read: " in str(refused.value)
    assert lookup.one_run("wide").full_name == "wide"


def test_a_group_says_which_sources_could_not_be_looked_through(tmp_path: Path) -> None:
    table(tmp_path / "results/wide")
    foreign_database(tmp_path / "mlflow.db")

    side = Lookup(Project(tmp_path)).side("group:w*")

    assert [run.full_name for run in side.runs] == ["wide"]
    assert [one.where for one in side.unreadable] == ["mlflow:sqlite:///mlflow.db"]


def test_the_only_source_there_is_says_itself_why_it_cannot_be_read(tmp_path: Path) -> None:
    foreign_database(tmp_path / "mlflow.db")

    with pytest.raises(NotReadable, match=r"mlflow\.db"):
        list_runs(project=Project(tmp_path))
    with pytest.raises(NotReadable, match=r"mlflow\.db"):
        Lookup(Project(tmp_path)).side("wide")


def test_where_there_is_no_source_at_all_the_user_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NoTrackerFound):
        Lookup(Project(tmp_path)).side("wide")


def test_a_source_named_before_is_looked_through_where_there_is_no_other(tmp_path: Path) -> None:
    elsewhere = table(tmp_path / "elsewhere/wide").parent
    project = Project(tmp_path / "elsewhere/wide/..")
    list_runs(f"files:{elsewhere}", project=project)
    empty = tmp_path / "empty"
    empty.mkdir()

    assert Lookup(Project(empty)).one_run("wide").full_name == "wide"


def test_runs_in_memory_are_on_this_machine(tmp_path: Path) -> None:
    remember("here", [MemoryRun("wide", [{"step": 1, "loss": 1.0}])])
    found = Lookup(Project(tmp_path, environment=CLOSED)).one_run("wide")
    forget("here")

    assert str(found.ref) == "memory:here#wide"
