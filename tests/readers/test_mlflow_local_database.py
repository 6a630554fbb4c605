import hashlib
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.record.mlflow_stores import recorded

from samestep.errors import NotReadable
from samestep.formats.mlflow_database import connection, copies
from samestep.model import Lineage, Source
from samestep.progress import listening
from samestep.readers.base import Reader
from samestep.readers.mlflow import opened
from samestep.settings import Project

LOGGED = (3.0, 0.75)
"""What the real client logged of the run `killed`."""
COMMIT = "8855254d201ebd6e6b7dd5f7a5ef8b46b1775c29"
LATER = (
    "insert into metrics (run_uuid, key, timestamp, value, step, is_nan) "
    "select run_uuid, key, timestamp + 1000, 0.5, 4, 0 from latest_metrics "
    "where run_uuid = (select run_uuid from runs where name = 'killed')"
)
LOGS_LATER = f"database.execute({LATER!r})"
CUT_OFF = """
database.execute("pragma cache_size = 5")
database.execute("begin")
database.execute("update metrics set value = 99")
for number in range(3000):
    database.execute("insert into params values (?, zeroblob(300), 'run')", (str(number),))
"""
"""A transaction too large for the cache, so that half of it stands in the file already."""
KEPT = (
    "A process that writes mlflow.db lets nobody read: it was read as it was before, "
    "and what is being written is not in this answer."
)


@dataclass(frozen=True)
class Copied:
    """A copy of a database that the real client wrote."""

    path: Path

    def points(self, deadline: str = "5") -> list[tuple[float, float]]:
        """Return the steps and values of the loss of the run `killed`."""
        reader = self.reader(deadline)
        [head] = [head for head in reader.list().runs if head.full_name == "killed"]
        loss = reader.read(head.ref.id).history.metrics["loss"]
        return list(zip(loss.steps.tolist(), loss.values.tolist(), strict=True))

    def reader(self, deadline: str) -> Reader:
        """Open the database with so many seconds for a call."""
        project = Project(self.path.parent, environment={"SAMESTEP_DEADLINE": deadline})
        return opened(Source("mlflow", self.path.name), project)

    def beside(self) -> dict[str, tuple[int, str]]:
        """Return every file of its directory, when it was changed and what is in it."""
        return {
            path.name: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in self.path.parent.iterdir()
        }


@pytest.fixture
def copied(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Copied:
    shutil.copy(recorded(tmp_path_factory) / "mlflow.db", tmp_path)
    return Copied(tmp_path / "mlflow.db")


@pytest.fixture
def in_wal_mode(copied: Copied) -> Copied:
    with writing(copied.path, "pragma journal_mode = wal"):
        pass
    return copied


@contextmanager
def writing(path: Path, *statements: str) -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as database:
        for statement in statements:
            database.execute(statement)
        yield database


@contextmanager
def in_another_process(path: Path, script: str) -> Generator[None]:
    """Hold a database open in another process that has run some statements."""
    code = f"""
import sqlite3, sys
database = sqlite3.connect({str(path)!r}, isolation_level=None)
{script}
print("done", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        yield
        process.communicate()


def killed_after(path: Path, script: str) -> None:
    """Run statements in a process that is killed when it has come to their end."""
    code = f"""
import os, sqlite3
database = sqlite3.connect({str(path)!r}, isolation_level=None)
{script}
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9


def test_what_a_writer_has_not_committed_is_not_read(copied: Copied) -> None:
    with writing(copied.path, "begin immediate", LATER) as database:
        during = copied.points()
        database.execute("commit")

    assert during == [LOGGED]
    assert copied.points() == [LOGGED, (4.0, 0.5)]


def test_a_writer_that_has_the_database_to_itself_is_waited_for(copied: Copied) -> None:
    with writing(copied.path, "begin exclusive") as database:
        release = threading.Timer(0.3, database.execute, ["commit"])
        release.start()
        found = copied.points()
        release.join()

    assert found == [LOGGED]


@pytest.mark.parametrize("script", [CUT_OFF, "database.execute('begin exclusive')"])
def test_of_a_database_that_a_process_keeps_to_itself_what_stood_there_before_is_read(
    copied: Copied, script: str
) -> None:
    with in_another_process(copied.path, script):
        before = copied.beside()
        reader = copied.reader("0.3")
        listing = reader.list()
        [head] = [head for head in listing.runs if head.full_name == "killed"]
        history = reader.read(head.ref.id).history
        assert copied.beside() == before

    assert history.metrics["loss"].values.tolist() == [LOGGED[1]]
    assert history.read.losses == (KEPT,)
    assert KEPT in listing.left_out


def test_a_database_kept_by_its_writer_is_waited_for_two_seconds_at_most(copied: Copied) -> None:
    began = time.monotonic()
    with writing(copied.path, "begin exclusive"):
        assert copied.reader("30").list().runs
    assert time.monotonic() - began < 5


def test_a_huge_database_kept_by_its_writer_is_refused(
    copied: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "LARGEST", 1000)

    with (
        writing(copied.path, "begin exclusive"),
        pytest.raises(NotReadable, match=r"lets nobody read, and it is too large to be read in a"),
    ):
        copied.points(deadline="0.3")


def test_waiting_for_a_writer_is_told_and_can_be_cancelled(copied: Copied) -> None:
    def cancel(what: str, _done: int, _total: int | None) -> None:
        raise InterruptedError(what)

    with (
        writing(copied.path, "begin exclusive"),
        listening(cancel),
        pytest.raises(InterruptedError, match=r"seconds waited for .* writes mlflow\.db"),
    ):
        copied.points(deadline="30")


def test_a_database_in_wal_mode_that_nobody_writes_is_read(in_wal_mode: Copied) -> None:
    before = in_wal_mode.beside()

    assert before.keys() == {"mlflow.db"}
    assert in_wal_mode.points() == [LOGGED]
    assert in_wal_mode.beside() == before


@pytest.mark.parametrize(
    ("script", "later"),
    [(LOGS_LATER, [(4.0, 0.5)]), ("database.execute('select name from runs').fetchall()", [])],
    ids=["that writes", "that waits"],
)
def test_a_database_in_wal_mode_is_read_with_its_log_beside_a_process(
    in_wal_mode: Copied, script: str, later: list[tuple[float, float]]
) -> None:
    with in_another_process(in_wal_mode.path, script):
        before = in_wal_mode.beside()
        found = in_wal_mode.points()
        assert in_wal_mode.beside() == before

    assert before.keys() == {"mlflow.db", "mlflow.db-shm", "mlflow.db-wal"}
    assert found == [LOGGED, *later]


@pytest.mark.parametrize("left", [{"-wal", "-shm"}, {"-wal"}], ids=["killed", "copied"])
def test_what_a_killed_writer_left_in_its_log_is_read(in_wal_mode: Copied, left: set[str]) -> None:
    killed_after(in_wal_mode.path, LOGS_LATER)
    if "-shm" not in left:
        in_wal_mode.path.with_name("mlflow.db-shm").unlink()
    before = in_wal_mode.beside()

    assert before.keys() == {"mlflow.db", *(f"mlflow.db{suffix}" for suffix in left)}
    assert in_wal_mode.points() == [LOGGED, (4.0, 0.5)]
    assert in_wal_mode.beside() == before


def test_a_write_that_was_cut_off_is_undone_in_a_copy(copied: Copied) -> None:
    killed_after(copied.path, CUT_OFF)
    before = copied.beside()

    assert before.keys() == {"mlflow.db", "mlflow.db-journal"}
    assert copied.points() == [LOGGED]
    assert copied.beside() == before


def test_a_write_that_was_cut_off_in_a_huge_database_is_said(
    copied: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(copied.path, CUT_OFF)
    monkeypatch.setattr(copies, "LARGEST", 1000)

    with pytest.raises(NotReadable, match="its last write was cut off, and it is too large"):
        copied.points()


def test_a_database_that_is_migrated_while_it_is_read_is_refused(copied: Copied) -> None:
    with (
        pytest.raises(NotReadable, match="it changed its shape while it was read"),
        connection.opened(copied.path, 1.0),
        writing(copied.path) as database,
    ):
        database.execute("alter table runs add column shape bigint")


def test_a_writer_that_comes_when_nobody_was_expected_is_noticed(in_wal_mode: Copied) -> None:
    with (
        pytest.raises(NotReadable, match="it changed its shape while it was read"),
        connection.opened(in_wal_mode.path, 1.0),
        writing(in_wal_mode.path) as database,
    ):
        database.execute("delete from params")


def test_a_run_that_was_deleted_is_refused_with_the_way_back(copied: Copied) -> None:
    with writing(copied.path) as database:
        [[run_id]] = database.execute("select run_uuid from runs where name = 'deleted'")
    reader = opened(Source("mlflow", "mlflow.db"), Project(copied.path.parent))

    with pytest.raises(NotReadable, match=f"it was deleted in MLflow. .*--run-id {run_id}"):
        reader.read(run_id)


def test_a_database_of_the_first_version_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    reader = opened(Source("mlflow", "first.db"), Project(recorded(tmp_path_factory)))
    [head] = reader.list().runs
    run = reader.read(head.ref.id)
    loss = run.history.metrics["loss"]

    assert (head.full_name, head.glance) == ("first", None)
    assert head.started == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (loss.steps.tolist(), loss.values.tolist()) == ([0.0, 0.0], [0.5, 0.25])
    assert loss.times is not None
    assert loss.times.tolist() == [1_700_000_000.0, 1_700_000_001.0]  # it wrote seconds
    assert (run.seed, run.state, run.tags) == ("7", "finished", ("experiment=mnist",))
    assert run.environment == {"program": "train.py", "user": "ada"}
    assert run.lineage == (Lineage("code", "train.py", COMMIT, "tag mlflow.source.git.commit"),)
