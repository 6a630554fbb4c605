"""Runs that Sacred and trackio keep.

Sacred needs a setuptools older than this project's and trackio a whole web server: their files are
written by hand, in the form that Sacred 0.8.7 and trackio 0.43 wrote when they were tried.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of
from samestep.model import Source
from samestep.readers.files import FilesReader

METRICS = {
    "train.loss": {
        "steps": [0, 10],
        "timestamps": ["2026-11-20T18:16:31.500000", "2026-11-20T18:16:32.500000"],
        "values": [1.0, 0.5],
    },
    "val.acc": {
        "steps": [0, 10],
        "timestamps": ["2026-11-20T18:16:31.600000", "2026-11-20T18:16:32.600000"],
        "values": [float("nan"), {"dtype": "float64", "py/object": "numpy.float64", "value": 0.25}],
    },
}
RUN: dict[str, object] = {
    "artifacts": [],
    "command": "main",
    "experiment": {
        "base_dir": "/work",
        "name": "demo",
        "repositories": [{"commit": "2bed444", "dirty": False, "url": "git@host:demo.git"}],
    },
    "heartbeat": "2026-11-20T18:16:33",
    "result": 0.5,
    "status": "COMPLETED",
}
SCHEMA = """
CREATE TABLE metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    step INTEGER NOT NULL,
    metrics TEXT NOT NULL
);
CREATE TABLE configs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    run_name TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE(run_id)
);
"""
WITHOUT_IDS = """
CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL,
    step INTEGER NOT NULL,
    metrics TEXT NOT NULL
);
"""
AT = "2026-11-20T18:15:40+00:00"


def sacred(directory: Path, status: str = "COMPLETED") -> Path:
    directory.mkdir(parents=True)
    (directory / "metrics.json").write_text(json.dumps(METRICS, indent=2, sort_keys=True))
    (directory / "run.json").write_text(json.dumps({**RUN, "status": status}, indent=2))
    (directory / "config.json").write_text('{"lr": 0.1, "seed": 7}')
    return directory


def trackio(path: Path, runs: list[tuple[str, str, list[float]]]) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(SCHEMA)
    for seed, (run_id, name, losses) in enumerate(runs):
        for step, loss in enumerate(losses):
            figures = json.dumps({"loss": loss, "sample": {"_type": "trackio.image", "width": 3}})
            database.execute(
                "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)",
                (run_id, AT, name, step * 10, figures.encode()),
            )
        config = json.dumps({"seed": seed, "_Created": AT, "_Username": "me", "_Group": None})
        database.execute(
            "INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?,?,?,?)",
            (run_id, name, config, AT),
        )
    database.commit()
    return database


def reader(directory: Path) -> FilesReader:
    return FilesReader(Source("files", "runs"), directory)


def ids(directory: Path) -> list[str]:
    return [head.ref.id for head in reader(directory).list().runs]


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def holds(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def test_a_directory_of_sacred_is_a_run_with_its_config(tmp_path: Path):
    sacred(tmp_path / "sacred" / "1")
    run = reader(tmp_path).read("sacred/1")
    loss, accuracy = (run.history.metrics[name] for name in ("train.loss", "val.acc"))

    assert ids(tmp_path) == ["sacred/1"]
    assert (loss.steps.tolist(), loss.values.tolist()) == ([0.0, 10.0], [1.0, 0.5])
    assert [str(value) for value in accuracy.values] == ["nan", "0.25"]
    assert (loss.rows.tolist(), accuracy.rows.tolist()) == ([0, 2], [1, 3])
    assert loss.times is not None
    assert loss.times.tolist() == [1795198591.5, 1795198592.5]
    assert (run.seed, run.state, run.finals["result"].value) == ("7", "finished", 0.5)
    assert run.config["experiment"] == {
        "name": "demo",
        "repositories": [{"commit": "2bed444", "dirty": False, "url": "git@host:demo.git"}],
    }


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("COMPLETED", "finished"),
        ("FAILED", "failed"),
        ("INTERRUPTED", "failed"),
        ("RUNNING", "unknown"),
    ],
)
def test_sacred_says_how_a_run_ended(tmp_path: Path, status: str, state: str):
    sacred(tmp_path / "1", status)

    assert reader(tmp_path).read("1").state == state


def test_values_of_sacred_that_are_no_numbers_are_counted(tmp_path: Path):
    lists = {"a": {"steps": [0, 1], "timestamps": ["x", "y"], "values": [1.0, "much"]}}
    (tmp_path / "metrics.json").write_text(json.dumps(lists))
    log = read(tmp_path / "metrics.json")

    assert log.metrics["a"].values.tolist() == [1.0]
    assert log.metrics["a"].times is None
    assert log.losses == ("1 values that are no number with a step were skipped",)


def test_a_metrics_file_of_sacred_cut_short_is_said_beside_what_is_left(tmp_path: Path):
    path = sacred(tmp_path / "1") / "metrics.json"
    path.write_text(path.read_text()[:150])
    run = reader(tmp_path).read("1")

    assert run.history.metrics == {}
    assert [loss[:39] for loss in run.history.read.losses] == [
        "1/metrics.json could not be read: it is"
    ]


def test_a_metrics_file_of_sacred_without_points_is_refused(tmp_path: Path):
    (tmp_path / "metrics.json").write_text('{"a": {"steps": [], "timestamps": [], "values": []}}')

    with pytest.raises(NotReadable, match="no metric"):
        read(tmp_path / "metrics.json")
    assert format_of("metrics.json", b"{}") is None


def test_a_project_of_trackio_holds_a_run_of_each_name(tmp_path: Path):
    runs = [("x1", "resnet50-seed0", [2.5, 2.0]), ("x2", "resnet50-seed1", [2.6, 2.1, 1.9])]
    trackio(tmp_path / "demo.db", runs).close()
    run = reader(tmp_path).read("demo.db?run_name=resnet50-seed1")

    assert ids(tmp_path) == [
        "demo.db?run_name=resnet50-seed0",
        "demo.db?run_name=resnet50-seed1",
    ]
    assert run.history.metrics["loss"].steps.tolist() == [0.0, 10.0, 20.0]
    assert run.history.metrics["loss"].values.tolist() == [2.6, 2.1, 1.9]
    assert run.history.metrics["loss"].times is not None
    assert run.history.metrics["loss"].times.tolist() == [1795198540.0] * 3
    assert list(run.history.metrics) == ["loss"]
    assert (run.seed, run.config) == ("1", {"seed": 1})


def test_two_runs_of_trackio_with_one_name_are_told_apart_by_their_ids(tmp_path: Path):
    trackio(tmp_path / "demo.db", [("x1", "a/b", [2.5]), ("x2", "a/b", [2.6])]).close()

    assert ids(tmp_path) == [
        "demo.db?run_name=a%2Fb&run_id=x1",
        "demo.db?run_name=a%2Fb&run_id=x2",
    ]
    for head in reader(tmp_path).list().runs:
        assert reader(tmp_path).read(head.ref.id).head == head


def test_one_run_of_trackio_is_named_after_its_directory(tmp_path: Path):
    trackio(tmp_path / "demo.db", [("x1", "a", [2.5])]).close()

    assert ids(tmp_path) == ["."]


def test_a_database_without_ids_is_read_by_the_names(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        database.executescript(WITHOUT_IDS)
        for name in ("a", "b"):
            database.execute(
                "INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,0,?)",
                (AT, name, '{"loss": "Infinity"}'),
            )
        database.commit()
    log = read(tmp_path / "old.db")

    assert list(log.runs) == ["run_name=a", "run_name=b"]
    assert log.runs["run_name=a"].metrics["loss"].values.tolist() == [float("inf")]


def test_a_database_at_rest_is_left_as_it_was(tmp_path: Path):
    trackio(tmp_path / "demo.db", [("x1", "a", [2.5]), ("x2", "b", [2.6])]).close()
    before = holds(tmp_path)

    assert len(ids(tmp_path)) == 2
    assert reader(tmp_path).read("demo.db?run_name=a").seed == "0"
    assert holds(tmp_path) == before
    assert list(before) == ["demo.db"]


def test_what_a_writer_has_not_merged_yet_is_read_and_left_as_it_was(tmp_path: Path):
    with closing(trackio(tmp_path / "demo.db", [("x1", "a", [2.5]), ("x2", "b", [2.6])])) as writer:
        before = holds(tmp_path)

        assert list(before) == ["demo.db", "demo.db-shm", "demo.db-wal"]
        assert len(ids(tmp_path)) == 2
        assert reader(tmp_path).read("demo.db?run_name=b").seed == "1"
        assert holds(tmp_path) == before

        writer.execute(
            "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)",
            ("x2", AT, "b", 10, '{"loss": 2.0}'),
        )
        writer.commit()
        metrics = reader(tmp_path).read("demo.db?run_name=b").history.metrics

        assert metrics["loss"].values.tolist() == [2.6, 2.0]


def test_a_row_of_trackio_that_is_no_json_is_counted(tmp_path: Path):
    with closing(trackio(tmp_path / "demo.db", [("x1", "a", [2.5, 2.0])])) as database:
        database.execute("UPDATE metrics SET metrics = '{\"loss' WHERE step = 10")
        database.commit()
    log = read(tmp_path / "demo.db")

    assert log.metrics["loss"].values.tolist() == [2.5]
    assert log.losses == ("1 rows that are no JSON were skipped",)


def test_a_database_cut_short_is_listed_as_unreadable(tmp_path: Path):
    path = tmp_path / "runs" / "demo.db"
    path.parent.mkdir()
    trackio(path, [("x1", "a", [float(step) for step in range(500)])]).close()
    path.write_bytes(path.read_bytes()[:12_288])
    (one,) = reader(tmp_path).list().unreadable

    assert (one.where, one.why[:26]) == ("files:runs#runs", "it is no whole database (d")


def test_other_databases_are_no_logs(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
        database.execute("CREATE TABLE metrics (key TEXT, value FLOAT, run_uuid TEXT)")
    with closing(sqlite3.connect(tmp_path / "empty.db")) as database:
        database.executescript(SCHEMA)
    (tmp_path / "nothing.db").write_bytes(b"")
    listing = reader(tmp_path).list()

    assert listing.runs == ()
    assert [one.why for one in listing.unreadable] == ["it holds no run"]
